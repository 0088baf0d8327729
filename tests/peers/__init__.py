"""What tests meet: a real PostgreSQL, copies of a migrated database, a real server, a real browser."""
