"""The library: what is in force on a day and where, found by everybody; the master list; the words of the content."""
