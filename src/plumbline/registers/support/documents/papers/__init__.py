"""On paper: numbered copies that are called back when a new revision is in force, and sheets of labels to scan."""
