"""A register is a kind of record, declared: its model, its number, its workflow and its pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from plumbline.ledger.together import Wanted
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation
from plumbline.ui.words import label_of

from .models import Attachment, Comment, File, Kind, Link, Part, Record, RequirementLink
from .workflow import Move, State, Workflow

_registers: dict[str, "Register"] = {}
EVERYBODY = ("anyone",)
KEEPERS = ("owner", "author", "quality")
SPINE = ("number", "title", "state", "owner", "author", "due", "created_at", "closed_at", "process", "site")
BY_THE_DOOR = ("state", "closed_at", "created_at", "author", "kind", "organisation")  # never by an edit
RESERVED = {"new", "export", "api", "accounts"}


class Register:
    """One kind of record: everything the pages, the door, the tests and the command line read."""

    model: type[Kind]
    slug = ""  # fixed ASCII, never translated
    prefix = ""  # NC -> NC-2026-001
    scheme = "{prefix}-{year}-{n:03}"  # an organisation may have its own
    clause = ""  # the clause of ISO 9001 it answers
    chapter = ""  # context, leadership, planning, support, operation, evaluation, improvement
    icon = "file"
    title: Any = ""  # plural, in the customer's words
    one: Any = ""  # singular
    purpose: Any = ""  # what the clause asks, in plain words; shown while the register is empty
    first_step: Any = ""  # the words on the first button
    purposes: dict[str, Any] = {}  # name of a page of its own -> what it is for
    workflow: Workflow
    columns: tuple[str, ...] = ("number", "title", "state", "owner", "due")
    filters: tuple[str, ...] = ("state", "owner")
    sections: dict[Any, tuple[str, ...]] = {}  # heading -> fields, for the page and the full form
    light: tuple[str, ...] = ()  # what the short form asks; the rest is folded
    created_by: tuple[str, ...] = EVERYBODY
    edited_by: tuple[str, ...] = KEEPERS
    by_moves: tuple[str, ...] = ()  # fields that only a move changes, never an edit
    parts: dict[type[Part], tuple[tuple[str, ...], tuple[str, ...] | None]] = {}  # part -> (who, states or None)
    shown_parts: dict[str, Wanted] = {}  # what its page shows of its parts, by the name it has there
    signed_parts: tuple[type[Part], ...] = ()
    turns: dict[str, Any] = {}  # verb of a duty that is no move -> its words
    turn_pages: dict[str, str] = {}  # verb of a duty -> the page where it is done, if that is not the record's
    raises: tuple[str, ...] = ()  # kinds that a record of this kind may lead to
    searched: tuple[str, ...] = ()  # text fields whose words are found
    small: bool = True  # shown in a firm of twelve
    within: str = ""  # the kind whose pages show it; it then stands in no menu, and search finds that one
    page_template = "kernel/record.html"

    def __init__(self) -> None:
        self.kind: str = self.model._meta.model_name or ""
        self.title = self.title or self.model._meta.verbose_name_plural
        self.one = self.one or self.model._meta.verbose_name
        if not self.slug.isascii() or self.slug in RESERVED:
            raise ValueError(f"{self.kind}: the slug “{self.slug}” is reserved or not ASCII")
        for name in [*self.columns, *self.filters, *self.fields(), *self.light, *self.searched]:
            try:
                self.model._meta.get_field(name)
            except FieldDoesNotExist as error:
                raise ValueError(f"{self.kind}: no field {name}") from error
        self.own_parts()

    def own_parts(self) -> None:
        """Every register has comments, files, links and requirements it speaks to."""
        everywhere = {Comment: (EVERYBODY, None), Attachment: (EVERYBODY, None)}
        keepers = {Link: (self.edited_by, None), RequirementLink: (self.edited_by, None)}
        self.parts = {**everywhere, **keepers, **self.parts}

    def fields(self) -> list[str]:
        return [name for names in self.sections.values() for name in names]

    def part_rights(self, part: type[Part]) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
        return self.parts.get(part, ((), ()))

    def records(self, actor: Actor) -> models.QuerySet:
        """What the actor may see, with the owner loaded."""
        return self.model.objects.visible_to(actor).select_related("owner")

    def duties(self, record: Record) -> Iterable[tuple]:
        """Whose turn it is: (person or None, role, verb, due)."""
        for move in self.workflow.moves_from(record.state):
            if move.turn in {"owner", "author"}:
                yield getattr(record, move.turn), "", move.verb, record.due
            elif move.turn:
                yield None, move.turn, move.verb, record.due

    def by_clock(self, organisation: Organisation, now: datetime) -> Iterable[tuple[Record, str, datetime]]:
        """What happens to its records by itself: (record, verb, when it should have happened)."""
        return ()

    def series(self, organisation: Organisation, values: dict[str, Any]) -> tuple[str, str]:
        """Prefix and scheme that number a new record with these values."""
        return self.prefix, organisation.settings.get("numbering", {}).get(self.kind, self.scheme)

    def strength(self, move: Move, record: Record) -> str:
        """How strong the signature of a move must be: “confirm” or “again”; data may ask for more than the table."""
        return move.strength

    def meaning(self, move: Move, record: Record, by: Actor) -> str:
        """What a signature of this move says; data may add to the words of the table."""
        return str(move.sign)

    def beside(self, record: Record) -> Iterable[Any]:
        """The uids of other records that its moves write: locked with it, in one order."""
        return ()

    def edited(self, record: Any, by: Actor, changes: dict[str, list]) -> None:
        """What else follows from an edit, in the same transaction."""

    def included(self, record: Record) -> Iterable[Record]:
        """The records that this one speaks for: who signs it signs them."""
        return ()

    def files(self, record: Any) -> Iterable[File]:
        """The files its content stands on, beside those attached to it: who signs it signs their bytes."""
        return ()

    def words(self, record: Record) -> Iterable[str]:
        """What else of a record is found by search, beyond its searched fields."""
        return ()

    def says(self, actor: Actor, uids: Iterable[Any]) -> dict[Any, str]:
        """What search shows a passage of, by uid: the searched fields, where a kind does not say more."""
        rows = self.model.objects.filter(pk__in=list(uids)).values_list("uid", *self.searched) if self.searched else ()
        return {uid: " · ".join(str(value) for value in values if value) for uid, *values in rows}

    def worked_out(self, record: Record, afresh: bool = False) -> Iterable[str]:
        """Names what else is derived from a record and is not as it should be; works it out when told to."""
        return ()

    def field(self, name: str) -> "models.Field[Any, Any]":
        """The field of that name, of the spine or of the kind."""
        return cast("models.Field[Any, Any]", self.model._meta.get_field(name))

    def options(self, name: str, organisation: Organisation, held: Any = None) -> dict[str, str]:
        """The values of a choice, by code: every one, or those offered to a record that holds one of them."""
        return {str(code): str(label) for code, label in self.field(name).flatchoices}

    def label(self, name: str) -> str:
        return label_of(self.model, name)

    def check_edited(self, changes: dict[str, list]) -> None:
        """Refuse to edit what only a move changes, past its reason and its rules; raises ValidationError."""
        if kept := [name for name in (*self.by_moves, *BY_THE_DOOR) if name in changes]:
            raise ValidationError(dict.fromkeys(kept, _("This is not edited: a move of its own changes it.")))

    def about(self, table: str, row: dict) -> str:
        """What one line of history says of a part: its words, its name, its meaning."""
        told = (
            row[name]
            for name in ("text", "name", "meaning", "requirement", "question", "note", "target")
            if row.get(name)
        )
        part = next((part for part in self.parts if part._meta.model_name == table), None)
        return Truncator(str(next(told, "") or (part._meta.verbose_name if part else ""))).chars(160)

    def state_of(self, record: Record) -> State:
        return self.workflow.states[record.state]


def register(cls: type[Register]) -> type[Register]:
    """Put the declaration in the table of contents."""
    instance = cls()
    _registers[instance.kind] = instance
    return cls


def registers() -> list[Register]:
    return list(_registers.values())


def register_of(record: Record | str) -> Register:
    return _registers[record if isinstance(record, str) else record.kind]


def by_slug(slug: str) -> Register | None:
    return next((register for register in _registers.values() if register.slug == slug), None)
