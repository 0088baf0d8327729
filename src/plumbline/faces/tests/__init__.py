"""Tests of what the faces share: the clock."""
