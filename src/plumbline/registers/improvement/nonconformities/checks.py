"""Which requirements nonconformities can answer (ids of the catalogue)."""

ANSWERS = (
    "10.2.1-a1",
    "10.2.1-a2",
    "10.2.1-b1",
    "10.2.1-b2",
    "10.2.1-b3",
    "10.2.1-c",
    "10.2.1-d",
    "10.2.2-a",
    "10.2.2-b",
)
