"""What search adds to every register: it hears of what is written, and narrows and counts lists by words."""

from collections.abc import Sequence

from plumbline.kernel.faces import Face
from plumbline.ledger.models import Evidence

from . import asking, writing


class SearchFace(Face):
    finder = asking

    def wrote(self, rows: Sequence[Evidence], new: bool) -> None:
        writing.wrote(rows, new)
