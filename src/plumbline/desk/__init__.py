"""Pages across registers: my work, the road, the standard, the library, search, people, notices, settings."""
