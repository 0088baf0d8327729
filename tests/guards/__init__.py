"""The architecture, tested. A guard's message says what to do; exceptions.toml has the exceptions and why."""
