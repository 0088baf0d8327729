"""What a column of a file can fill: the fields of a register, and the headings under which they are known."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.kernel.register import SPINE, Register
from plumbline.organisation import own_fields as own
from plumbline.organisation.models import Organisation

LANGUAGES = ("en", "de")
NOT_TYPED = {"author", "created_at", "closed_at"}  # the door writes them
OTHER_WORDS = {  # how lists that others made name what every record has
    "number": ("no", "nr", "nummer", "number", "id", "key", "schlüssel", "lfd nr", "kennung", "reference"),
    "title": (
        "title", "titel", "name", "subject", "betreff", "bezeichnung", "summary", "headline", "kurzbeschreibung",
        "task", "aufgabe", "maßnahme", "what", "was", "what is to be done", "was ist zu tun", "to do",
    ),
    "description": ("description", "beschreibung", "details", "text"),
    "owner": ("owner", "responsible", "verantwortlich", "verantwortlicher", "zuständig", "assignee", "wer"),
    "due": (
        "due", "due date", "due by", "deadline", "target date", "fällig", "fällig am", "fällig bis", "termin", "frist",
        "until", "by when", "bis wann", "zu erledigen bis", "erledigen bis", "bis",
    ),
    "state": ("state", "status", "zustand"),
    "site": ("site", "location", "standort", "werk", "plant"),
    "process": ("process", "prozess"),
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """One field that can be filled."""

    name: str
    label: str
    field: Any = None  # of the model; None for an own field
    own: Any = None
    needed: bool = False  # when a record is made

    @property
    def pointing(self) -> bool:
        return isinstance(self.field, models.ForeignKey)


def fields(register: Register, organisation: Organisation) -> dict[str, Wanted]:
    """By name, in the order of the form: number first, then what the register declares, then what everything has."""
    required = [
        field.name
        for field in register.model._meta.concrete_fields
        if field.editable and not (field.blank or field.null or field.has_default()) and not field.primary_key
    ]
    spine = [name for name in SPINE if name not in NOT_TYPED]
    within = [register.within] if register.within else []
    names = dict.fromkeys(
        ["number", "title", *within, *register.fields(), *required, *spine, "language", "confidential"]
    )
    found = {
        name: Wanted(
            name,
            register.label(name),
            register.field(name),
            needed=name in required and name not in ("number", "owner", "state", "language"),
        )
        for name in names
        if name not in ("home", "own_event", "record_ptr")
    }
    own_ones = own.named(organisation, register.kind)
    return found | {
        name: Wanted(name, str(field), own=field, needed=field.required) for name, field in own_ones.items()
    }


def known_as(wanted: dict[str, Wanted]) -> dict[str, str]:
    """Heading, made plain → the field it names: by label in every language, by code, by the words of others."""
    found: dict[str, str] = {}
    for name, one in wanted.items():
        for other in OTHER_WORDS.get(name, ()):
            found.setdefault(plain(other), name)
        if one.own is not None:
            found[plain(one.own.label)] = found[plain(one.own.code)] = name
    for language in LANGUAGES:
        with override(language):
            for name, one in wanted.items():
                if one.field is not None:
                    found[plain(capfirst(str(one.field.verbose_name)))] = name
                else:
                    found[plain(one.label)] = name
    return found | {plain(name): name for name in wanted}


def plain(heading: str) -> str:
    """A heading without case, accents and signs."""
    text = unicodedata.normalize("NFKD", heading.replace("ß", "ss").casefold())
    letters = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", letters.replace("_", " ")))


def heading_row(rows: list[tuple[int, list[str]]], known: dict[str, str]) -> int:
    """The row with the headings: the first of those that name the most fields; a list may have lines above."""
    best, most = rows[0][0], 0
    for line, cells in rows[:15]:
        hits = len({known[plain(cell)] for cell in cells if plain(cell) in known})
        if hits > most:
            best, most = line, hits
    if most == 0 and len(filled(rows[0][1])) == 1:
        best = next((line for line, cells in rows if len(filled(cells)) > 1), best)
    return best


def filled(cells: Iterable[str]) -> list[str]:
    return [cell for cell in cells if cell.strip()]


def proposed(
    headings: list[str], known: dict[str, str], before: dict[str, str], wanted: dict[str, Wanted]
) -> list[str]:
    """The field each column fills, "" for none: as it was mapped before, by its heading, or by one like it."""
    from rapidfuzz import fuzz, process

    taken: set[str] = set()
    found = [""] * len(headings)

    def sureness(place: int) -> int:
        """Of two columns for one field the better word has it: “Title” rather than “What”."""
        key = plain(headings[place])
        words = [plain(word) for word in OTHER_WORDS.get(known.get(key, ""), ())]
        if key in words and key not in before:
            return words.index(key)
        return -1 if key in known or key in before else 99

    for place in sorted(range(len(headings)), key=sureness):
        key = plain(headings[place])
        name = before.get(key, known.get(key, ""))
        if not name and len(key) > 3 and key not in before:
            like = process.extractOne(key, list(known), scorer=fuzz.ratio, score_cutoff=88)
            name = known[like[0]] if like else ""
        if name in taken or name not in wanted:
            name = ""
        taken |= {name} - {""}
        found[place] = name
    return found


def not_mapped(wanted: dict[str, Wanted], mapping: list[str], changing: bool) -> list[str]:
    """The labels of what a new record needs and no column fills."""
    if changing and "number" in mapping:
        return []
    return [one.label for one in wanted.values() if one.needed and one.name not in mapping]


def choices(wanted: dict[str, Wanted]) -> list[tuple[str, str]]:
    """What can be chosen for a column."""
    needed = _("needed")
    return [(one.name, f"{one.label} ({needed})" if one.needed else one.label) for one in wanted.values()]
