"""Actions (6.1.2, 10.2.1): who does what by when, wherever it was decided: a gap, a nonconformity, a risk, a review."""
