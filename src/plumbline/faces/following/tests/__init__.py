"""Tests of following: who hears of what, once, and what nobody hears."""
