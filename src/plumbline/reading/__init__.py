"""What a company already has, as found: files out of folders and archives, text out of files, proposals out of text."""

from plumbline.reading.catalogue import Catalogue, Requirement
from plumbline.reading.proposals import Match, Proposal, propose
from plumbline.reading.reader import read
from plumbline.reading.readings import Reading
from plumbline.reading.refusals import REASONS, REMARKS, Refused, Remark
from plumbline.reading.walking import Found, walk

__all__ = [
    "REASONS",
    "REMARKS",
    "Catalogue",
    "Found",
    "Match",
    "Proposal",
    "Reading",
    "Refused",
    "Remark",
    "Requirement",
    "propose",
    "read",
    "walk",
]
