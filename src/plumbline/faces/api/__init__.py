"""The API (RFC 9110, RFC 9457): every register under /api/, read from its declaration, through the same door."""
