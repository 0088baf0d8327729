"""From gaps to tasks: who closes which by when; a nonconformity only where somebody decides so."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.kernel import actions
from plumbline.kernel.models import Link, Record
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor

from .models import Audit, Finding

CLOSES = "is closed by"
HOURS: dict[str, int | Decimal] = {
    "h": 1,
    "hour": 1,
    "hours": 1,
    "std": 1,
    "stunde": 1,
    "stunden": 1,
    "day": 8,
    "days": 8,
    "d": 8,
    "tag": 8,
    "tage": 8,
    "tagen": 8,
    "week": 40,
    "weeks": 40,
    "w": 40,
    "woche": 40,
    "wochen": 40,
    "minutes": Decimal("0.0167"),
    "min": Decimal("0.0167"),
}
HALF = re.compile(r"\b(half an?|ein[en]*\s+halbe[nrs]?|halbe[nrs]?)\b", re.I)
AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-zäöü]+)", re.I)


@dataclass
class Gap:
    """A finding of the audit and what it led to."""

    finding: Finding
    actions: list[Record]
    nonconformities: list[Record]

    @property
    def planned(self) -> bool:
        return any(action.due for action in self.actions)


def of(audit: Audit) -> list[Gap]:
    """The findings that count, in the order of the standard, each with its actions; two queries."""
    findings = list(audit.findings.filter(state__in=("open", "closed")).select_related("answer", "answer__by", "owner"))
    led = led_to(finding.uid for finding in findings)
    gaps = [
        Gap(
            finding,
            [target for target in led.get(finding.uid, ()) if target.kind == "action"],
            [target for target in led.get(finding.uid, ()) if target.kind == "nonconformity"],
        )
        for finding in findings
    ]
    return sorted(gaps, key=lambda gap: (clause_key(gap.finding.clause), gap.finding.number))


def led_to(findings: Iterable[Any]) -> dict[Any, list[Record]]:
    """Finding → the records it led to."""
    found: dict[Any, list[Record]] = {}
    links = Link.objects.filter(record__in=list(findings), ended=False, target__kind__in=("action", "nonconformity"))
    for link in links.select_related("target", "target__owner").order_by("target__number"):
        if link.target.state != "cancelled":
            found.setdefault(link.record_id, []).append(link.target)
    return found


def details(records: Iterable[Record]) -> dict[Any, Any]:
    """The actions among these records with what only actions have: effort, and whether stage 1 waits for them."""
    uids = [record.uid for record in records if record.kind == "action"]
    return register_of("action").model.objects.select_related("owner").in_bulk(uids) if uids else {}


def clause_key(clause: str) -> list[int]:
    """So that 8.2 comes before 8.10."""
    return [int(part) for part in re.findall(r"\d+", clause.split(",")[0])]


def close_by(
    audit: Audit, numbers: Iterable[str], by: Actor, *, title: str = "", action: str = "", **fields: Any
) -> Record:
    """One action closes these gaps: a new one, or the one of that number."""
    findings = chosen(audit, numbers)
    with writing(by.organisation.uid, by.stamp()):
        if action:
            target = Record.objects.visible_to(by).filter(kind="action", number__iexact=action.strip()).first()
            if target is None:
                raise ValidationError({"action": _("There is no action “%(number)s”.") % {"number": action}})
        else:
            text = "\n".join(
                f"{finding.number} ({finding.clause}): {finding.text or finding.title}" for finding in findings
            )
            target = actions.create(
                register_of("action"), by=by, sort="gap", title=title or findings[0].title, description=text, **fields
            )
        there = set(
            Link.objects.filter(record__in=findings, target=target, ended=False).values_list("record_id", flat=True)
        )
        for finding in findings:
            if finding.uid not in there:
                actions.create(Link, by=by, record=finding, target=target, why=CLOSES)
    return target


def open_nonconformity(audit: Audit, number: str, by: Actor) -> Record:
    """Somebody decides that this finding is worth a nonconformity with its causes."""
    finding = chosen(audit, [number])[0]
    with writing(by.organisation.uid, by.stamp()):
        with override(by.organisation.language):
            text = finding.text or _("Found at the audit %(number)s.") % {"number": audit.number}
        made = actions.create(
            register_of("nonconformity"),
            by=by,
            title=finding.title,
            description=text,
            source="audit",
            place=finding.area,
            process=finding.process,
        )
        actions.create(Link, by=by, record=finding, target=made, why="leads to")
    return made


def merge(audit: Audit, numbers: Iterable[str], by: Actor) -> Finding:
    """The first of these findings takes over the others; every number stays."""
    findings = chosen(audit, numbers)
    if len(findings) < 2:
        raise ValidationError(_("Choose two or more gaps to merge."))
    with writing(by.organisation.uid, by.stamp()):
        for other in findings[1:]:
            actions.act(other, "merge", by=by, merged_into=Finding.objects.get(pk=findings[0].pk))
    return findings[0]


def chosen(audit: Audit, numbers: Iterable[str]) -> list[Finding]:
    numbers = list(dict.fromkeys(numbers))
    found = list(audit.findings.filter(number__in=numbers, state="open").order_by("uid"))
    if not found or len(found) < len(numbers):
        raise ValidationError(_("Choose at least one open gap."))
    return found


def hours(effort: str) -> Decimal | None:
    """Hours of work in “4 h”, “half a day” or “2,5 Tage” (a day has eight, a week forty); None if none are named."""
    text = HALF.sub("0.5 ", effort)
    found = [(amount, HOURS.get(unit.lower())) for amount, unit in AMOUNT.findall(text)]
    known = [Decimal(amount.replace(",", ".")) * per for amount, per in found if per]
    total = sum(known, Decimal(0)).quantize(Decimal("0.1"))
    return (total.quantize(Decimal(1)) if total == total.to_integral_value() else total) if known else None


def without_date(gap: Gap) -> bool:
    """Whether nobody closes this gap by a date; an action always has an owner."""
    return gap.finding.state == "open" and not gap.planned


def latest(gaps: Iterable[Gap]) -> date | None:
    return max((action.due for gap in gaps for action in gap.actions if action.due), default=None)
