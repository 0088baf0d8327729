"""Signing in beyond a password: a second factor, passkeys, identity providers, and what an organisation asks for."""
