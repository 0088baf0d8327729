"""What the register pages show, gathered in a fixed number of queries."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404, QueryDict
from django.utils.formats import number_format
from django.utils.html import urlize
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.ledger.together import Wanted, together
from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor, AskedBy
from plumbline.organisation.models import Organisation
from plumbline.organisation.ranges import ends, inputs
from plumbline.ui.marks import badge_html, date_html, due_html, person_html, when_html
from plumbline.ui.rows import Column, Row
from plumbline.ui.units import Counted

from . import faces, lists, policy, ranges, timeline
from .models import Attachment, Comment, Draft, FormerNumber, Link, Record, RequirementLink, Signature, seen_by
from .register import Register, register_of
from .signing import BadSignature

NOT_SHOWN = {"password", "code", "passkey", "nothing shown", "paused"}  # why a signer was not proven
IN_HEAD = {"title", "owner", "due", "confidential"}
CELL = 120  # characters of a long text in a list
SHOWN_PARTS = {
    "comments": Wanted(Comment, ("by__name",)),
    "attachments": Wanted(Attachment, ("file__size", "file__disposed_at"), {"cancelled_reason": ""}),
    "signatures": Wanted(Signature, ("by__name",)),
    "speaks_to": Wanted(RequirementLink, only={"state": "confirmed"}),
}


@AskedBy
def _numbered(actor: Actor, number: str, form: Register) -> models.QuerySet:
    beside = {name: told for face in faces.faces() for name, told in face.beside(actor).items()}
    records = form.records(actor).select_related(*_pointers(form)).annotate(**beside)
    return records.filter(kind=form.kind, number=number)[:1]


@AskedBy
def _links(actor: Actor, record: UUID, form: None) -> models.QuerySet:
    ends = ("record", "target")
    told = [f"{end}__{name}" for end in ends for name in ("kind", "number", "title", "state")]
    found = Link.objects.filter(seen_by(actor, "record__"), seen_by(actor, "target__"), ended=False)
    return found.filter(Q(record_id=record) | Q(target_id=record)).select_related(*ends).only("why", *told)


def find(register: Register, actor: Actor | None, number: str) -> Record:
    """The record of that number, or of that former number, among those the actor may see."""
    if actor is None:
        raise Http404
    record: Any = next(_numbered(actor, number, form=register), None)
    if record is None:
        former = FormerNumber.objects.filter(organisation=actor.organisation, kind=register.kind, number=number)
        now = former.values_list("record__number", flat=True).first()
        record = now and next(_numbered(actor, now, form=register), None)
    if record is None:
        raise Http404
    record.organisation = record.home = actor.organisation  # the same one, so that nobody asks again
    return record


def _pointers(register: Register) -> list[str]:
    shown = {*register.fields(), "owner", "author", "process", "site"}
    return [
        field.name
        for field in register.model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.name in shown and not field.primary_key
    ]


def list_context(register: Register, actor: Actor, page: lists.Page, asked: QueryDict) -> dict[str, Any]:
    query = asked.copy()
    query.pop(lists.MARK, None)
    choices = lists.filter_choices(register, actor)
    fresh = not page.rows and not page.chosen and not page.text and lists.MARK not in asked
    more = inputs(ranges.of(register, page.own), page.own, page.chosen, ranges.wheres(register))
    carried = [(name, query[name]) for name in query if name not in {"q", *more.names, *(one[0] for one in choices)}]
    return {
        "page": page,
        "filters": [(*one, page.chosen.get(one[0], "")) for one in choices],
        "more": more,
        "carried": carried,
        "asked": asked,
        "pick": faces.picks(actor),
        "query": query.urlencode(),
        "mark": lists.MARK,
        "columns": columns(register, page, query),
        "rows": rows(register, actor, page),
        "counted": counted(page),
        "next_url": f"?{query.urlencode()}&{lists.MARK}={page.after}" if page.after else "",
        "chips": chips(register, page, query, choices),
        "may_create": policy.may_create(actor, register),
        "empty": fresh,
        "today": actor.organisation.today(),
    }


def counted(page: lists.Page) -> str:
    """How many the list has, in words."""
    if page.more_than_counted:
        return _("more than %(count)s records") % {"count": Counted(page.cap - 1)}
    return ngettext("%(count)s record", "%(count)s records", page.total) % {"count": Counted(page.total)}


def label(register: Register, page: lists.Page, name: str) -> str:
    """What a column or a filter is called."""
    return page.own[name].label if name in page.own else register.label(name)


def columns(register: Register, page: lists.Page, query: QueryDict) -> list[Column]:
    """The headings of the list, each sortable one with the address that sorts by it."""
    made = []
    for name in page.names:
        kind = name if name in {"number", "title", "state", "owner", "due"} else "text"
        if name not in lists.SORTS:
            made.append(Column(label(register, page, name), kind))
            continue
        turned = query.copy()
        turned["order"] = f"-{name}" if page.sort == name else name
        direction = {name: "ascending", f"-{name}": "descending"}.get(page.sort, "")
        made.append(Column(register.label(name), kind, f"?{turned.urlencode()}", direction))
    return made


def rows(register: Register, actor: Actor, page: lists.Page) -> list[Row]:
    """One line a record: the address once, then the cells by their kind."""
    slug, home = actor.organisation.slug, actor.organisation
    own_cells = own.cells([page.own[name] for name in page.names if name in page.own], page.rows)
    cells = [own_cells.get(name) or _cell_of(register, name, home) for name in page.names]
    return [
        Row(
            f"/{slug}/{register.slug}/{record.number}/",
            [cell(record) for cell in cells],
            str(record.uid),
            muted=record.closed_at is not None,
        )
        for record in page.rows
    ]


def _cell_of(register: Register, name: str, organisation: Organisation) -> Callable[[Record], str]:
    if name == "state":
        badges = {code: badge_html(str(one.label), one.tone) for code, one in register.workflow.states.items()}
        return lambda record: badges[record.state]
    if name == "due":
        today = organisation.today()
        return lambda record: due_html(record.due, today, record.closed_at is not None)
    if name == "owner":
        return lambda record: person_html(record.owner.name)
    field = register.field(name)
    if field.choices:
        words = register.options(name, organisation)
        return lambda record: words.get(getattr(record, name), "")
    if isinstance(field, models.DateTimeField):
        return lambda record: when_html(getattr(record, name), relative=False)
    if isinstance(field, models.DateField):
        return lambda record: date_html(getattr(record, name))
    if isinstance(field, models.BooleanField):
        return lambda record: _("yes") if getattr(record, name) else ""
    if isinstance(field, models.TextField):
        return lambda record: Truncator(getattr(record, name) or "").chars(CELL)
    said = f"get_{name}_display"
    return lambda record: (
        "" if (value := getattr(record, name)) is None else str(getattr(record, said, lambda: value)())
    )


def chips(register: Register, page: lists.Page, query: QueryDict, filters: list) -> list[tuple[str, str, str]]:
    """(label, value, address without it) of every filter that is set."""
    choices = {name: dict(options) for name, _label, options in filters}
    spans = ends(ranges.of(register, page.own), page.own)
    made: list[tuple[str, str, str]] = []
    for name, value in page.chosen.items():
        without = query.copy()
        without.pop(name)
        if name in spans:
            one, end = spans[name]
            words = _("%(field)s from") if end == "from" else _("%(field)s to")
            made.append((words % {"field": one.label}, one.shown(value), f"?{without.urlencode()}"))
            continue
        only = {("open", value): _("open ones"), ("due_before", "today"): _("overdue ones")}.get((name, value))
        title = _("Only") if only else _("Due before") if name == "due_before" else label(register, page, name)
        shown = only or (_("me") if (name, value) == ("owner", "me") else "")
        made.append((title, shown or choices.get(name, {}).get(value) or value, f"?{without.urlencode()}"))
    return made


def record_context(register: Register, actor: Actor, record: Record) -> dict[str, Any]:
    """Sections, moves with their answers, files, comments, links, history; a table without a row is not asked."""
    lines = timeline.of(record)
    present = timeline.tables(lines)
    wanted = {**SHOWN_PARTS, **register.shown_parts}
    may = [name for name, one in wanted.items() if one.by != "record" or one.model._meta.model_name in (present or ())]
    there = list(wanted) if present is None else may
    rows: dict[str, list] = {name: [] for name in wanted}
    rows |= dict(zip(there, together(record.uid, [wanted[name] for name in there]), strict=True))
    vars(record).update({name: rows[name] for name in register.shown_parts})  # what it would ask for, it has
    made = [] if actor.reads_only else register.workflow.moves_from(record.state)
    moves = [(move, policy.may_move(actor, move, record)) for move in made if move.who != ("clock",)]
    links = list(_links(actor, record.uid))
    return {
        "sections": sections(register, record) + own.section(record),
        "state": register.state_of(record),
        "moves": sorted(moves, key=lambda pair: (not pair[0].primary, not pair[1].allowed)),
        "off": [pair for pair in moves if not pair[1]],
        "may_edit": policy.may_edit(actor, register, record),
        "may_attach": policy.may_write_part(actor, register, Attachment, record),
        "leads_to": [link for link in links if link.record_id == record.uid],
        "comes_from": [link for link in links if link.target_id == record.uid],
        **rows,
        "raises": [register_of(kind) for kind in register.raises],
        "told": timeline.told(lines),
        "today": actor.organisation.today(),
    }


def sections(register: Register, record: Record) -> list[tuple[str, list[tuple[str, Any, str]]]]:
    """(heading, [(label, value, kind of value)]) of what is filled; an empty section is left out."""
    found = []
    for heading, names in register.sections.items():
        rows = [(register.label(name), *shown(record, name)) for name in names if name not in IN_HEAD]
        rows = [row for row in rows if row[1] not in (None, "")]
        if rows:
            found.append((str(heading), rows))
    return found


def shown(record: Record, name: str) -> tuple[Any, str]:
    """The value of a field as a page shows it, and what kind of value it is."""
    field: Any = record._meta.get_field(name)
    value = getattr(record, name)
    if said := getattr(record, f"get_{name}_display", None):  # of a choice, or where a kind says it in words
        return said(), "word"
    if name == "language":
        return dict(settings.LANGUAGES).get(value, value), "word"
    if isinstance(field, models.BooleanField):
        return (_("yes") if value else ""), "word"
    if isinstance(field, models.DateField):
        return value, "due" if name == "due" else "date"
    if isinstance(field, models.TextField):
        return mark_safe(urlize(value, nofollow=True, autoescape=True)), "text"
    if isinstance(value, Decimal):
        return number_format(value.normalize().__format__("f")), "word"
    return value, "word"


def draft_initial(draft: Draft) -> dict[str, Any]:
    return {name: values[0] if len(values) == 1 else values for name, values in draft.typed.items()}


def tell_form(form: forms.BaseForm, error: Exception) -> None:
    """Put what the door said beside the field it speaks of, or at the top."""
    if isinstance(error, BadSignature):
        words = {
            "password": _("That is not your password. Nothing was signed."),
            "code": _("That code did not fit. Nothing was signed. A code counts once: take the next one."),
            "passkey": _("The passkey did not answer for this signature. Nothing was signed."),
            "nothing shown": _("Show once more that it is you. Nothing was signed."),
            "paused": _(
                "It was wrong five times: signing rests for 15 minutes. Nothing was signed; "
                "you stay signed in and can go on with everything else."
            ),
            "changed": _("The record changed while you were reading it. Look at it again, then sign."),
            "missing": _("This move needs your signature."),
            "somebody else": _("You are signed in as somebody else. Nothing was signed."),
        }
        beside = str(error) if str(error) in form.fields else "password"
        form.add_error(beside if str(error) in NOT_SHOWN and beside in form.fields else None, words[str(error)])
        return
    if not isinstance(error, ValidationError):
        form.add_error(None, str(error))
        return
    for name, texts in (error.message_dict if hasattr(error, "error_dict") else {None: error.messages}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
