"""Plumbline: a quality management system whose records prove themselves."""
