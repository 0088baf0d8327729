"""Editions shipped as data: structure in one file, words in one file per language, keyed by the requirement's id."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

CHAPTERS = ("4", "5", "6", "7", "8", "9", "10")
SHIPPED = ("iso9001:2015", "iso9001:2026")
NEEDED = {"id", "clause", "title", "requirement", "question", "basis"}
BASES = {"shall", "note", "practice", "house"}
LONGEST = 20_000  # characters of one text


@dataclass(frozen=True)
class Change:
    """One row of what a newer edition changes, with how sure we are, and whether it may decide a gate."""

    id: str
    clauses: tuple[str, ...]
    certainty: str
    may_gate: bool
    words: dict[str, dict[str, str]] = field(hash=False)

    def __getattr__(self, name: str) -> str:
        if name in {"change", "kind"}:
            return _in_language(self.words)[name]
        if name == "sure":  # in English as the row has it
            return _in_language(self.words).get("certainty", self.certainty)
        raise AttributeError(name)


@dataclass(frozen=True)
class Requirement:
    """One requirement of one edition; its title, text, evidence, question and checks are in the reader's language."""

    edition: str
    id: str
    clause: str
    basis: str  # shall, note, practice, house: only a shall can turn a requirement red
    documented_information: str  # none, maintain, retain, maintain and retain
    decidable: str  # FULL by rule, PART supports a person, HUMAN
    where: str  # the area in which it is asked
    words: dict[str, dict[str, str]] = field(hash=False)  # compared: two organisations may load one code in other words

    def __getattr__(self, name: str) -> str:
        if name == "evidence":
            return spelled(_in_language(self.words).get(name, ""))
        if name == "advice_check":
            return advised(_in_language(self.words).get(name, ""))
        if name in {"title", "requirement", "necessary_check", "question"}:
            return _in_language(self.words).get(name, "")
        raise AttributeError(name)

    def said(self, name: str, language: str) -> str:
        return self.words.get(language, self.words.get("en", {})).get(name, "")

    @property
    def chapter(self) -> str:
        return self.clause.split(".")[0]


def advised(advice: str) -> str:
    """The advice with its marks in words: [practice] is good practice, [house] a rule of our own."""
    return advice.replace("[practice]", f"{_('good practice')}:").replace("[house]", f"{_('house rule')}:")


def spelled(evidence: str) -> str:
    """The evidence with its letters spelled out: R records, D documents, I interview, O observation."""
    words = {"R": _("records"), "D": _("documents"), "I": _("interview"), "O": _("observation")}
    return re.sub(r"(^|; |, |/)([RDIO])(?=[:;,/]|$)", lambda match: match[1] + words[match[2]], evidence)


@dataclass(frozen=True)
class Question:
    """One plain question: the requirements it covers, and the areas where it is answered."""

    id: str  # the id of its first requirement: stable
    requirements: tuple[Requirement, ...]

    @property
    def text(self) -> str:
        return self.requirements[0].question

    @property
    def areas(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(requirement.where for requirement in self.requirements))

    @property
    def clauses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(requirement.clause for requirement in self.requirements))


@dataclass(frozen=True)
class Edition:
    """One edition of one standard."""

    code: str
    name: str
    requirements: tuple[Requirement, ...]
    changes: tuple[Change, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Requirement]:
        return {requirement.id: requirement for requirement in self.requirements}

    @cached_property
    def codes(self) -> frozenset[str]:
        """Its own code and those its requirements come from, by which records speak to them."""
        return frozenset({self.code, *(requirement.edition for requirement in self.requirements)})

    @cached_property
    def _texts(self) -> dict[tuple[str, str], list[str]]:
        return {}

    def texts(self, name: str) -> list[str]:
        """That text of every requirement, in the reader's language."""
        asked = (get_language() or "en", name)
        if asked not in self._texts:
            self._texts[asked] = [getattr(requirement, name) for requirement in self.requirements]
        return self._texts[asked]

    def get(self, id: str) -> Requirement | None:
        return self._by_id.get(id)

    def clauses(self) -> dict[str, list[Requirement]]:
        """Requirements by clause, in the order of the standard."""
        found: dict[str, list[Requirement]] = {}
        for requirement in self.requirements:
            found.setdefault(requirement.clause, []).append(requirement)
        return found

    def under(self, place: str) -> list[Requirement]:
        """The requirement of that id, or all of that clause and the clauses below it."""
        if one := self.get(place):
            return [one]
        return [r for r in self.requirements if r.clause == place or r.clause.startswith(f"{place}.")]

    def questions(self) -> list[Question]:
        """Some seventy plain questions that together cover every requirement."""
        grouped: dict[str, list[Requirement]] = {}
        for requirement in self.requirements:
            grouped.setdefault(requirement.said("question", "en") or requirement.question, []).append(requirement)
        return [Question(rows[0].id, tuple(rows)) for rows in grouped.values()]

    def changes_at(self, clause: str) -> list[Change]:
        return [change for change in self.changes if clause in change.clauses]


def _in_language(words: dict[str, dict[str, str]]) -> dict[str, str]:
    language = (get_language() or "en").split("-")[0]
    return words.get(language) or words.get("en") or next(iter(words.values()))


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("plumbline.standards") / "editions" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _words(stem: str) -> dict[str, dict[str, dict[str, str]]]:
    """id → language → column → text."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for file in sorted((files("plumbline.standards") / "editions").iterdir(), key=lambda file: file.name):
        if match := re.fullmatch(rf"{re.escape(stem)}\.(\w\w)\.csv", file.name):
            for row in _rows(file.name):
                found.setdefault(row["id"], {})[match[1]] = {key: value for key, value in row.items() if key != "id"}
    return found


@lru_cache(maxsize=1)
def _iso9001_2015() -> Edition:
    words = _words("iso9001_2015")
    rows = tuple(
        Requirement(
            "iso9001:2015",
            row["id"],
            row["clause"],
            row["basis"],
            row["documented_information"],
            row["decidable"],
            row["where"],
            words[row["id"]],
        )
        for row in _rows("iso9001_2015.csv")
    )
    return Edition("iso9001:2015", "ISO 9001:2015", rows)


@lru_cache(maxsize=1)
def _iso9001_2026() -> Edition:
    """The 2015 rows with what the edition of September 2026 changes beside them."""
    words = _words("iso9001_2026_delta")
    changes = tuple(
        Change(
            row["id"],
            tuple(re.findall(r"\d+(?:\.\d+)+", row["clause_2026"])) or (row["clause_2026"],),
            row["certainty"],
            row["may_gate"] == "yes",
            words[row["id"]],
        )
        for row in _rows("iso9001_2026_delta.csv")
    )
    return Edition("iso9001:2026", "ISO 9001:2026", _iso9001_2015().requirements, changes)


def shipped() -> list[Edition]:
    return [_iso9001_2015(), _iso9001_2026()]


def edition_of(code: str) -> Edition | None:
    """A shipped edition by its code; “2015” is short for “iso9001:2015”."""
    wanted = f"iso9001:{code}" if code.isdigit() else code
    return next((edition for edition in shipped() if edition.code == wanted), None)


class Unreadable(ValueError):
    """The file is not an edition; the text says which line and why."""


def read_edition(code: str, name: str, lines: Iterable[str], language: str = "en") -> Edition:
    """An edition from a CSV file of the same form as ours; raises Unreadable."""
    try:
        return _edition(code, name, lines, language)
    except csv.Error as error:
        raise Unreadable(str(error)) from error


def _edition(code: str, name: str, lines: Iterable[str], language: str) -> Edition:
    rows: list[Requirement] = []
    reader = csv.DictReader(lines)
    aliases = {"requirement_paraphrase": "requirement", "plain_question": "question"}
    columns = {aliases.get(column or "", column or "") for column in reader.fieldnames or ()}
    if missing := NEEDED - columns:
        raise Unreadable(_("line 1: columns missing: %(names)s") % {"names": ", ".join(sorted(missing))})
    seen: set[str] = set()
    for number, raw in enumerate(reader, start=2):
        row: dict[str, Any] = {aliases.get(key, key): (value or "").strip() for key, value in raw.items() if key}
        _check(number, row, seen)
        row["question"] = row["question"] or row["requirement"]
        seen.add(row["id"])
        texts = {
            key: row.get(key, "")
            for key in ("title", "requirement", "evidence", "necessary_check", "advice_check", "question")
        }
        rows.append(
            Requirement(
                code,
                row["id"],
                row["clause"],
                row["basis"],
                row.get("documented_information") or "none",
                row.get("decidable") or "HUMAN",
                row.get("where") or "quality",
                {language: texts},
            )
        )
    if not rows:
        raise Unreadable(_("the file has no requirement"))
    return Edition(code, name, tuple(rows))


def _check(number: int, row: dict[str, Any], seen: set[str]) -> None:
    if any(len(value) > LONGEST for value in row.values()):
        said = _("line %(number)d: a text has over %(most)d characters")
        raise Unreadable(said % {"number": number, "most": LONGEST})
    fits = re.fullmatch(r"[\w.\- ]{1,40}", row["clause"])  # it stands in addresses
    named = re.fullmatch(r"[^\s/]{1,30}", row["id"]) and row["id"] not in seen
    if not named or not fits or row["basis"] not in BASES or not row["title"] or not row["requirement"]:
        raise Unreadable(
            _(
                "line %(number)d: it needs an id of its own (at most 30 characters, without blanks), a clause, "
                "a title, a requirement, and a basis of %(bases)s"
            )
            % {"number": number, "bases": ", ".join(sorted(BASES))}
        )
