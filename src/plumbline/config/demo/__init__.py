"""Two companies that do not exist, their people, documents and a half-done audit: what the demonstration shows."""

PASSWORD = "plumbline-demo"  # noqa: S105 (meant to be known: the accounts sleep unless the server is bound to loopback)
