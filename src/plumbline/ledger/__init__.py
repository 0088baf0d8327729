"""The ledger: every change of evidence is an event in a log that cannot be rewritten quietly."""
