"""What other readings of a register (exports, saved views, labels) add to its pages; the kernel does not know them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.urls import URLPattern
from django.views import View

Page = Callable[[str, type[View], str], URLPattern]  # route under the register's address, view, name


class Face:
    """One more reading of every register; added by its application when it is ready, asked by the pages."""

    finder: Any = None  # what has narrow(records, text) and counted(records, text, most), if it finds words
    picks = ""  # the name of the boxes that choose lines of a list, if it does something with many records

    def pages(self, register: Any, page: Page) -> Iterable[URLPattern]:
        """Addresses beside the register's own; they come before those of a record."""
        return ()

    def shown(self, place: str, context: dict[str, Any]) -> str:
        """Safe HTML for a place that a template names (`faces_show`), from what the page shows; nothing by default."""
        return ""

    def asked(self, register: Any, actor: Any, query: Any) -> Any:
        """What a list is asked, where this face puts something in the place of what the address says."""
        return query

    def beside(self, actor: Any) -> dict[str, Any]:
        """What is read of a record together with it, for its page: expressions by the name they get on it."""
        return {}

    def columns(self, register: Any, actor: Any, query: Any) -> tuple[str, ...] | None:
        """The columns of a list, if this face has its own idea of them."""
        return None

    def wrote(self, rows: Sequence[Any], new: bool) -> None:
        """What the door has just written, in the same transaction: records, a part, a file that was disposed of."""


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


def finder() -> Any:
    """What narrows and counts lists by the words of their search box."""
    return next(face.finder for face in _faces if face.finder)
