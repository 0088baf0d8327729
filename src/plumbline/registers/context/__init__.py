"""Registers, by chapter of the standard."""
