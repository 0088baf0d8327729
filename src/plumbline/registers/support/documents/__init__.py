"""Documented information (7.5): what people need to read to do the work right, and what was written down as evidence.
Each document has a number, somebody who answers for it, and revisions; it comes in as found, a person confirms it."""
