"""Which requirements documents can answer (ids of the catalogue)."""

ANSWERS = (
    "7.5.1-a", "7.5.1-b", "7.5.2-a", "7.5.2-b", "7.5.2-c", "7.5.3.1-a", "7.5.3.1-b",
    "7.5.3.2-a", "7.5.3.2-b", "7.5.3.2-c", "7.5.3.2-d", "7.5.3.2-1", "7.5.3.2-2",
)  # fmt: skip
