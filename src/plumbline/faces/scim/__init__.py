"""A company's directory keeps the people and their roles (SCIM 2.0); stands on the tokens of the API (ADR 0019)."""
