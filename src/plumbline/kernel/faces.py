"""What other readings of a register (exports, saved views, labels) add to its pages; the kernel does not know them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from django.views import View

PLACES = ("list.head", "list.actions", "list.chips", "list.empty", "list.foot", "record.actions", "record.side")
Page = Callable[[str, type[View], str], URLPattern]  # route under the register's address, view, name


class Face:
    """One more reading of every register; added by its application when it is ready, asked by the pages."""

    picks = ""  # the name of the boxes that choose lines of a list, if it does something with many records

    def pages(self, register: Any, page: Page) -> Iterable[URLPattern]:
        """Addresses beside the register's own; they come before those of a record."""
        return ()

    def shown(self, place: str, context: dict[str, Any]) -> str:
        """Safe HTML for one of the PLACES of a page, from what the page shows; nothing by default."""
        return ""

    def asked(self, register: Any, actor: Any, query: Any) -> Any:
        """What a list is asked, where this face puts something in the place of what the address says."""
        return query

    def columns(self, register: Any, actor: Any, query: Any) -> tuple[str, ...] | None:
        """The columns of a list, if this face has its own idea of them."""
        return None

    def wrote(self, rows: Sequence[Any], new: bool) -> None:
        """What the door has just written, in the same transaction: records, a part, a file that was disposed of."""

    def narrowed(self, records: QuerySet, text: str, common: bool) -> QuerySet | None:
        """Only the records with the words somebody typed, if this face finds words; `common`: very many have them."""
        return None

    def counted(self, records: QuerySet, text: str, most: int) -> int | None:
        """How many of the records have the words, counted up to `most`, if this face finds words."""
        return None


_faces: list[Face] = []


def add(face: Face) -> None:
    """Add a reading; twice the same is once."""
    if all(type(one) is not type(face) for one in _faces):
        _faces.append(face)


def faces() -> list[Face]:
    return list(_faces)


def columns(register: Any, actor: Any, query: Any) -> tuple[str, ...]:
    """The columns a list shows: those a face chose, else the declared ones."""
    return next((found for face in _faces if (found := face.columns(register, actor, query))), register.columns)


def asked(register: Any, actor: Any, query: Any) -> Any:
    """What a list is asked, after every face had its say."""
    for face in _faces:
        query = face.asked(register, actor, query)
    return query


def picks(actor: Any) -> str:
    """The name of the boxes that choose lines of a list; none for who changes nothing."""
    return "" if actor.reads_only else next((face.picks for face in _faces if face.picks), "")


def wrote(rows: Sequence[Any], new: bool = False) -> None:
    """Tell every face what was written."""
    for face in _faces:
        face.wrote(rows, new)


def narrowed(records: QuerySet, text: str, common: bool = False) -> QuerySet:
    """The records of a list with the words of its search box."""
    found = (face.narrowed(records, text.strip(), common) for face in _faces)
    return next((one for one in found if one is not None), records)


def counted(records: QuerySet, text: str, most: int) -> int:
    """How many records of a list have the words of its search box, counted up to `most`."""
    found = (face.counted(records, text.strip(), most) for face in _faces)
    told = next((one for one in found if one is not None), None)
    return records.order_by().values("pk")[:most].count() if told is None else told
