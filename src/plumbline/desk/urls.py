"""Addresses of the pages across registers."""

outside: list = []
inside: list = []
