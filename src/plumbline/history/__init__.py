"""A history that proves itself: identifiers, one encoder, a Merkle tree and signed heads, usable without Django."""
