"""Who gets a document, who read it and how that is told, and what reaches people at once: an instruction for a time."""
