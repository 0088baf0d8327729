"""What the records say about each requirement of an edition: coverage, applicability, verdicts."""
