"""Tests of written content, of inert HTML and of Word in and out."""
