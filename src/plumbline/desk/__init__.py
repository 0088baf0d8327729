"""Pages across registers: my work, the road, the clauses, the library's import, settings."""
