"""Cells that point to people, places and records: found by name, e-mail or number, among what the person may see."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from plumbline.kernel.forms import choices
from plumbline.kernel.models import Record
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person


class Pointers:
    """The rows that one field can point to; records are asked for by their numbers, the rest is read once."""

    def __init__(self, model: Any, actor: Actor) -> None:
        self.model, self.actor = model, actor
        self.found: dict[str, list[Any]] = {}
        self.rows: dict[Any, Any] = {}
        self.asked: set[str] = set()
        if not issubclass(model, Record):
            for row in choices(model, actor):
                self._know(row, row.name if hasattr(row, "name") else str(row), getattr(row, "email", ""))

    def _know(self, row: Any, *words: str) -> None:
        self.rows[row.pk] = row
        for word in {word.strip().casefold() for word in words} - {""}:
            self.found.setdefault(word, []).append(row)

    def learn(self, cells: Iterable[str]) -> None:
        """Ask for the records that these cells may mean."""
        if not issubclass(self.model, Record):
            return
        wanted = {word for cell in cells for word in (cell.strip(), *cell.split()[:1]) if word} - self.asked
        self.asked |= wanted
        numbers = [word for word in wanted if len(word) <= 40]
        for row in choices(self.model, self.actor).filter(kind=self.model._meta.model_name, number__in=numbers):
            self._know(row, row.number)

    def find(self, cell: str) -> Any:
        """The row a cell means; raises ValueError with the words for it."""
        word = cell.strip().casefold()
        first = cell.split()[0].casefold() if issubclass(self.model, Record) and cell.split() else word
        rows = self.found.get(word) or self.found.get(first) or []
        if len(rows) > 1:
            if self.model is Person:
                raise ValueError(
                    _("There are several people called “%(name)s”: write the e-mail.") % {"name": cell[:60]}
                )
            raise ValueError(_("There are several of this name: “%(name)s”.") % {"name": cell[:60]})
        if not rows:
            what = str(self.model._meta.verbose_name)
            raise ValueError(_("No %(what)s “%(name)s” was found.") % {"what": what, "name": cell[:60]})
        return rows[0]

    def row(self, key: Any) -> Any:
        """The row of a key that was found before, if it may still be chosen."""
        key = self.model._meta.pk.to_python(key)
        if key not in self.rows and (row := choices(self.model, self.actor).filter(pk=key).first()) is not None:
            self.rows[key] = row
        return self.rows.get(key)
