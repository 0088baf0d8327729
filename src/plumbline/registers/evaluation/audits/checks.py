"""Which requirements audits can answer (ids of the catalogue)."""

ANSWERS = (
    "9.2.1-1",
    "9.2.1-a1",
    "9.2.1-a2",
    "9.2.1-b",
    "9.2.2-a1",
    "9.2.2-a2",
    "9.2.2-b",
    "9.2.2-c",
    "9.2.2-d",
    "9.2.2-e",
    "9.2.2-f",
)
