"""Which requirements records can answer (ids of the catalogue)."""

ANSWERS = ("7.5.3.1-b", "7.5.3.2-b", "7.5.3.2-d", "7.5.3.2-2")
