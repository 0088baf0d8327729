"""Chapter 9: how the organisation looks at its own performance."""
