"""What the pages of a document and of a revision ask of the database beside the record itself."""
