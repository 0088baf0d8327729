"""What search adds to every register: it hears of what is written, and narrows lists by words."""

from collections.abc import Sequence

from django.db.models import QuerySet

from plumbline.kernel.faces import Face
from plumbline.ledger.models import Evidence

from . import asking, wording, writing


class SearchFace(Face):
    def wrote(self, rows: Sequence[Evidence], new: bool) -> None:
        writing.wrote(rows, new)

    def narrowed(self, records: QuerySet, text: str, common: bool) -> QuerySet:
        return asking.narrow(records, text, common)

    def counted(self, records: QuerySet, text: str, most: int) -> int:
        return asking.counted(records, wording.asked(text), most)
