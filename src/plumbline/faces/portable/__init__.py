"""A whole company out and in: one ZIP in open formats, with history and proofs, for people and another Plumbline."""
