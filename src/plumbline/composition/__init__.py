"""The content of written documents, and safe HTML of every kept file: plain Python, usable without Django."""

from plumbline.composition.asking import fields_of, images_of, references, to_text, unfilled
from plumbline.composition.cleaning import cleaned
from plumbline.composition.inert import inert
from plumbline.composition.markdown import from_markdown
from plumbline.composition.markup import to_html
from plumbline.composition.model import MEDIA_TYPE, REASONS, NotOurs, Reference
from plumbline.composition.parsing import from_html
from plumbline.composition.redline import redline
from plumbline.composition.shown import shown
from plumbline.composition.word_reading import from_word
from plumbline.composition.word_writing import Head, to_word

__all__ = [
    "MEDIA_TYPE",
    "REASONS",
    "Head",
    "NotOurs",
    "Reference",
    "cleaned",
    "fields_of",
    "from_html",
    "from_markdown",
    "from_word",
    "images_of",
    "inert",
    "redline",
    "references",
    "shown",
    "to_html",
    "to_text",
    "to_word",
    "unfilled",
]
