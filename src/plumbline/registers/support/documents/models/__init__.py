"""A document, its revisions, where and when they are in force, who reviews, approves and reads them."""

from .document import PAGES, Document, Recipient
from .force import Validity
from .kinds import DocumentKind
from .paper import PaperCopy
from .reading import Reading
from .revision import Remark, Revision, Step, Text
from .unneeded import Justification

__all__ = [
    "PAGES",
    "Document",
    "DocumentKind",
    "Justification",
    "PaperCopy",
    "Reading",
    "Recipient",
    "Remark",
    "Revision",
    "Step",
    "Text",
    "Validity",
]
