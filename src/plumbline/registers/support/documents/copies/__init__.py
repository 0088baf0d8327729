"""Copies that leave the house: a controlled PDF of any revision, stamped page by page, signed where there is a
certificate; whole chapters as one PDF; and what an address on paper says to anybody."""

from .making import NoCopy, controlled_pdf

__all__ = ["NoCopy", "controlled_pdf"]
