"""What history says of the parts of documents and of their revisions: who, what, where and until when."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plumbline.kernel.models import RequirementLink
from plumbline.organisation.roles import Role

from ..models import Step
from ..reading import GONE

LONGEST = 160  # letters of one line


def told(table: str, row: dict) -> str:
    """The row as it was left, its people and places by name; empty for what the kernel tells itself."""
    tells = TELLS.get(table)
    return " · ".join(piece for piece in tells(row) if piece)[:LONGEST] if tells and row else ""


def _day(text: str | None) -> str:
    day = parse_date(text or "")
    return date_format(day, "DATE_FORMAT") if day else ""


def _role(code: str) -> str:
    return str(Role(code).label) if code in Role.values else code


def _step(row: dict) -> Iterator[str]:
    does, who = Step.Does(row["does"]).label, row["person"] or _role(row["role"])
    yield _("%(does)s: %(who)s") % {"does": does, "who": who}
    if row["decision"]:
        decision = str(Step.Decision(row["decision"]).label)
        yield f"{decision}: {row['note']}" if row["note"] else decision
        return
    yield _("step %(place)s") % {"place": row["place"]}
    yield _("due %(day)s") % {"day": _day(row["due"])} if row["due"] else ""
    yield _("deputy: %(who)s") % {"who": row["deputy"]} if row["deputy"] else ""


def _reading(row: dict) -> Iterator[str]:
    yield row["person"]
    if row["ended_because"]:
        yield _("not asked any more: %(why)s") % {"why": _why(row["ended_because"])}
    elif row["read_at"]:
        yield _("read and understood")
        yield _("signed on a list on %(day)s") % {"day": _day(row["read_on"])} if row["read_on"] else ""
    else:
        yield _("is to read it by %(day)s") % {"day": _day(row["due"])} if row["due"] else _("is to read it")
    if row.get("trained_on"):
        yield _("trained on %(day)s") % {"day": _day(row["trained_on"])}


def _why(because: str) -> str:
    fixed = {
        "taken back": _("taken back"),
        "withdrawn": _("withdrawn"),
        "superseded": _("superseded"),
        GONE: _("not on the list any more"),
    }
    return fixed.get(because, because)


def _validity(row: dict) -> Iterator[str]:
    place = " · ".join(one for one in (row["site"], row["process"], row["order"]) if one) or _("everywhere")
    yield _("in force: %(place)s") % {"place": place}
    if row["until_on"] and row["until_on"] <= row["from_on"]:
        yield _("on no day: taken back, or another came in its place")
        return
    yield _("from %(day)s") % {"day": _day(row["from_on"])}
    if row["until_on"]:
        last = parse_date(row["until_on"])
        yield _("to %(day)s") % {"day": date_format(last - timedelta(days=1), "DATE_FORMAT")} if last else ""


def _recipient(row: dict) -> Iterator[str]:
    who = row["person"] or row["department"] or row["process"] or row["site"] or _role(row["role"] or Role.MEMBER)
    yield _("distribution list: %(who)s") % {"who": who}
    if row["ended"]:
        yield _("taken off")
    else:
        yield _("confirms reading") if row["reads"] else _("for information")


def _paper(row: dict) -> Iterator[str]:
    yield _("paper copy no. %(no)s") % {"no": row["no"]}
    yield row["place"]
    yield row["holder"] or ""
    yield _("back on %(day)s") % {"day": _day(row["back_on"])} if row["back_on"] else ""


def _remark(row: dict) -> Iterator[str]:
    yield row["text"][: LONGEST - 40]
    yield pgettext("remark", "resolved") if row["resolved_at"] else ""


def _requirement(row: dict) -> Iterator[str]:
    yield row["requirement"]
    yield str(RequirementLink.State(row["state"]).label)


def _link(row: dict) -> Iterator[str]:
    yield row["target"]
    yield _("taken back") if row["ended"] else ""


TELLS: dict[str, Callable[[dict], Iterator[str]]] = {
    "step": _step,
    "reading": _reading,
    "validity": _validity,
    "recipient": _recipient,
    "papercopy": _paper,
    "remark": _remark,
    "requirementlink": _requirement,
    "link": _link,
}
