"""One page of a register's list: filters in the address, search, a sort by the spine, keyset paging."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _

from plumbline.ledger.keyset import keys_after, mark_of, marked, ordered
from plumbline.organisation import own_fields as own
from plumbline.organisation import ranges as told
from plumbline.organisation.actor import Actor, AskedBy, people_here
from plumbline.organisation.models import Person, here

from . import faces, ranges
from .models import Record, seen_by
from .register import Register

PAGE = 50
CAP = 10_001
CAP_OF_WORDS = 1_001  # counted among the records with certain words: each has to be looked up
SORTS = {"number": "uid", "created_at": "uid", "title": "title", "state": "state", "owner": "owner_id", "due": "due"}
MARK = "_after"
USUAL = {"state", "open"}  # what is narrowed by often enough that the question is put together once
UNTOLD = ("organisation", "home", "own_event", "last_event")  # what only the tables need


class Counted(Func):
    """How many rows a subquery has, in the statement that fetches the page."""

    template = "(SELECT COUNT(*) FROM %(expressions)s counted)"
    output_field = models.IntegerField()


@dataclass
class Page:
    """The rows of one page, and how to go on."""

    rows: list
    after: str | None
    total: int
    sort: str
    chosen: dict[str, str]
    text: str
    names: tuple[str, ...]  # the columns
    own: dict[str, own.OwnField]  # the organisation's own fields, by the name they have in lists and forms
    cap: int = CAP  # where counting stopped

    @property
    def more_than_counted(self) -> bool:
        return self.total >= self.cap


def chosen(register: Register, query: QueryDict, fields: dict[str, own.OwnField]) -> dict[str, str]:
    """The filters that are set; of fields that no index knows only a few at once."""
    ends = {name: one.name for name, (one, _end) in told.ends(ranges.of(register, fields), fields).items()}
    asked = [name for name in (*fields, *ranges.wheres(register), *ends) if query.get(name)]
    free = {name: ends.get(name, name) for name in asked if ends.get(name) != "due"}
    few = list(dict.fromkeys(free.values()))[: own.FILTERS]
    indexed = [*register.filters, "due_before", "due_from", "due_to", "open"]
    indexed += [name for name, field in free.items() if field in few]
    return {name: str(query[name]) for name in indexed if query.get(name)}


def narrowed(register: Register, actor: Actor, query: QueryDict) -> QuerySet:
    """The records the filters and the search text leave, of those the actor may see; asked of the spine alone."""
    return faces.finder().narrow(filtered(register, actor, query), query.get("q", ""))


def filtered(register: Register, actor: Actor, query: QueryDict) -> QuerySet:
    """The records the filters leave, whatever words they have."""
    spine: QuerySet = Record.objects.visible_to(actor).filter(kind=register.kind)
    fields = own.named(actor.organisation, register.kind)
    ends = told.ends(ranges.of(register, fields), fields)
    for name, value in chosen(register, query, fields).items():
        if name in ends:
            one, end = ends[name]
            within = one.condition(end, value, actor.organisation.zone)
            spine = spine.none() if within is None else spine.filter(within, **_home(register, actor, one.field))
        elif name in fields:
            spine = spine.filter(fields[name].condition(value, actor))
        else:
            spine = _filter(spine, register, actor, name, value)
    return spine


def whole(register: Register, actor: Actor, spine: QuerySet) -> QuerySet:
    """The records of that spine as their own kind, with their owners."""
    return register.records(actor).filter(pk__in=spine.values("pk"))


def _filter(spine: QuerySet, register: Register, actor: Actor, name: str, value: str) -> QuerySet:
    if name == "open":
        return spine.filter(closed_at=None)
    if name == "due_before":
        day = actor.organisation.today() if value == "today" else told.day(value)
        return spine.filter(closed_at=None, due__lt=day) if day else spine.none()
    if name == "owner" and value == "me":
        return spine.filter(owner=actor.person)
    if name == "owner" and value == "nobody":  # whoever owned it has left
        gone = Person.objects.filter(organisation=actor.organisation).exclude(here(actor.organisation.today()))
        return spine.filter(closed_at=None, owner__in=gone)
    if name in ranges.wheres(register):
        return spine.filter(**{f"{name}__in": told.places(Record, name, actor.organisation, value)})
    field: Any = register.field(name)
    own = _home(register, actor, field)
    place = name if field.model is Record else f"{register.kind}__{name}"
    try:
        wanted = UUID(value) if isinstance(field, models.ForeignKey) else field.to_python(value)
        return spine.filter(**own, **{f"{place}__in": [wanted]})  # a bare truth SQLite finds in no index
    except (ValueError, ValidationError):
        return spine.none()


def _home(register: Register, actor: Actor, field: Any) -> dict[str, Any]:
    """The organisation named in the table of the kind too, where its column is asked."""
    return {f"{register.kind}__home": actor.organisation} if getattr(field, "model", None) is register.model else {}


def page(register: Register, actor: Actor, query: QueryDict, size: int = PAGE, whole: bool = False) -> Page:
    """At most `size` rows after the mark; the count stops at 10,001, of those with certain words at 1,001."""
    sort, column, backwards = order(query)
    text, fields = query.get("q", ""), own.named(actor.organisation, register.kind)
    asked, begins = chosen(register, query, fields), marked(Record, column, query.get(MARK))
    names = () if whole else faces.columns(register, actor, query)
    total, form = 0, (register, names, size, column, backwards)
    if not text and asked.keys() <= USUAL and all(isinstance(one, str | UUID) for one in begins):
        rows = list(_usual(actor, *begins, form=(form, tuple(asked.items()))))
    else:
        spine = filtered(register, actor, query)
        total, spine = faces.finder().counted(spine, text, CAP_OF_WORDS) if text else (0, spine)
        rows = list(_shown(actor, spine, begins, *form, words=bool(text)))
    total = total if text else rows[0].in_all if rows else 0
    mark = mark_of(rows[size - 1], column) if len(rows) > size else None
    return Page(rows[:size], mark, total, sort, asked, text, names, fields, CAP_OF_WORDS if text else CAP)


@AskedBy
def _usual(actor: Actor, *begins: Any, form: tuple) -> QuerySet:
    (register, *more), asked = form
    spine: QuerySet = Record.objects.visible_to(actor).filter(kind=register.kind)
    for name, value in asked:
        spine = _filter(spine, register, actor, name, value)
    return _shown(actor, spine, begins, register, *more)


def _shown(
    actor: Actor, spine: QuerySet, begins: tuple, register: Register, names: tuple, size: int, column: str,
    backwards: bool, words: bool = False,
) -> QuerySet:  # fmt: skip
    """The spine gives the keys of the page from one index; only those rows are then joined to their kind, and read
    as far as a line is drawn from them, or a program is told."""
    keys: Any = keys_after(spine, column, backwards, begins, size + 1)
    if words:  # as a subquery the planner would ask the full-text index once a row
        keys = [row["pk"] for row in keys]
    shown: QuerySet = register.model.objects.defer(*UNTOLD) if not names else (
        register.model.objects.select_related(*pointers(register, names)).only(*drawn(names))
    )  # fmt: skip
    if not words:
        shown = shown.annotate(in_all=Counted(Subquery(spine.order_by().values("pk")[:CAP])))
    return ordered(shown.filter(pk__in=keys), column, backwards)[: size + 1]  # by their keys: else it is read whole


def order(query: QueryDict) -> tuple[str, str, bool]:
    """How a list is sorted: as the address says it, the column of the spine, and whether backwards."""
    asked = query.get("order", "")
    sort = asked if asked.lstrip("-") in SORTS else "-number"
    return sort, SORTS[sort.lstrip("-")], sort.startswith("-")


def pointers(register: Register, names: Iterable[str]) -> list[str]:
    """The columns of the list that point to another row, and the owner."""
    declared = [name for name in names if not name.startswith(own.PREFIX)]
    named = [name for name in declared if isinstance(register.field(name), models.ForeignKey)]
    return list(dict.fromkeys(["owner", *named]))


def drawn(names: Iterable[str]) -> list[str]:
    """The fields a line of the list is drawn from, its mark included; a row has five times as many."""
    named = ["extra" if name.startswith(own.PREFIX) else name for name in names if name != "owner"]
    return list(dict.fromkeys(["uid", "number", "title", "state", "due", "closed_at", "owner__name", *named]))


def filter_choices(register: Register, actor: Actor) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(name, label, choices) for every filter of the register."""
    found = []
    for name in register.filters:
        field = register.field(name)
        if name == "state":
            options = [(code, str(state.label)) for code, state in register.workflow.states.items()]
        elif isinstance(field, models.ForeignKey) and field.related_model is Person:
            people = [(str(uid), person) for uid, person in people_here(actor.organisation)]
            options = [("me", ""), ("nobody", ""), *people]
        elif isinstance(field, models.ForeignKey):
            rows = field.related_model._base_manager.filter(organisation=actor.organisation)
            if issubclass(field.related_model, Record):
                rows = rows.filter(seen_by(actor), kind=field.related_model._meta.model_name)
            options = [(str(row.pk), str(row)) for row in rows]
        elif isinstance(field, models.BooleanField):
            options = [("True", _("yes")), ("False", _("no"))]
        else:
            options = list(register.options(name, actor.organisation).items())
        found.append((name, register.label(name), options))
    return found + [
        (name, field.label, options)
        for name, field in own.named(actor.organisation, register.kind).items()
        if (options := field.options())
    ]
