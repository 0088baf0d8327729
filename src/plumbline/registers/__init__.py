"""The registers: one folder a kind of record, grouped by chapter of the standard."""
