"""How the content of a document comes to be and is looked at: begun, written, taken from Word, shown and compared."""
