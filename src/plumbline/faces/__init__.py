"""Other readings of the same declarations: search, lists, sheets, labels, the API; each an application of its own."""
