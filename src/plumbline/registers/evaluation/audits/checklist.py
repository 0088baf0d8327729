"""The checklist as one auditor sees it: an area's questions, what is expected, what speaks to them, what was saved."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from plumbline.kernel import policy
from plumbline.kernel.models import Attachment, Record, RequirementLink
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.standards.catalogue import Edition, Question, Requirement
from plumbline.ui.marks import shape_html

from .answering import met_here
from .models import Answer, Area, Audit, Result
from .results import AreaState, area_states, edition_for, not_applicable

TONES = {
    "met": "good",
    "conforms": "good",
    "partly": "waiting",
    "opportunity": "active",
    "minor": "waiting",
    "not_met": "bad",
    "major": "bad",
    "not_audited": "muted",
    "not_applicable": "neutral",
}
OWN_KINDS = ("audit", "finding")


@dataclass
class Entry:
    """One place to answer: a question, or one of its requirements."""

    question: str
    requirement: Requirement | None
    answer: Answer | None
    options: list[dict[str, Any]]
    files: list[Attachment] = field(default_factory=list)
    not_applicable: str = ""

    @property
    def key(self) -> str:
        return f"{self.question}_{self.requirement.id if self.requirement else ''}".replace(".", "-")


@dataclass
class Card:
    """One question, with everything an auditor wants beside it."""

    number: int
    question: Question
    entry: Entry
    parts: int
    opened: list[Entry]
    expected: list[str]
    documents: list[tuple[Record, list[RequirementLink]]]
    result: str


def board(audit: Audit, actor: Actor, code: str = "", opening: str = "") -> dict[str, Any]:
    """What the page shows: all areas at a glance, and the cards of one of them; `opening` is opened."""
    edition = edition_for(audit)
    excluded = not_applicable(actor.organisation, edition)
    states = area_states(audit, edition, excluded)
    shown = next((state for state in states if state.area.code == code), states[0] if states else None)
    may = policy.may_write_part(actor, register_of(audit), Answer, audit)
    if may and shown:
        may = met_here(audit, shown.area, actor)
    return {
        "states": states,
        "shown": shown,
        "after": next((state for state in states[states.index(shown) + 1 :]), None) if shown else None,
        "may_answer": may,
        "may_plan": policy.may_write_part(actor, register_of(audit), Area, audit),
        "edition": edition,
        "cards": cards(audit, actor, shown, edition, excluded, opening) if shown else [],
        "total": sum(state.total for state in states),
        "answered": sum(state.answered for state in states),
        "gaps": sum(state.gaps for state in states),
        "says": script_words(),
        "findings": register_of("finding"),
    }


def cards(
    audit: Audit, actor: Actor, state: AreaState, edition: Edition, excluded: dict[str, str], opening: str
) -> list[Card]:
    """One card a question, in a fixed number of queries; requirements are shown where one was answered or is opened."""
    answers = [answer.uid for found in state.answers.values() for answer in found.values()]
    files: dict[Any, list[Attachment]] = {}
    kept = Attachment.objects.filter(record_id=audit.uid, about__in=answers, cancelled_reason="")
    for part in kept.select_related("file"):
        files.setdefault(part.about, []).append(part)
    links = speaking(actor, edition, (each.id for question in state.asked for each in question.requirements))

    def entry(question: Question, requirement: Requirement | None) -> Entry:
        answer = state.answers.get(question.id, {}).get(requirement.id if requirement else "")
        return Entry(
            question.id,
            requirement,
            answer,
            options(audit, answer),
            files.get(answer and answer.uid, []),
            excluded.get(requirement.id, "") if requirement else "",
        )

    def is_open(question: Question) -> bool:
        return question.id == opening or any(state.answers.get(question.id, {}).keys() - {""})

    return [
        Card(
            number,
            question,
            entry(question, None),
            len(question.requirements),
            [entry(question, each) for each in question.requirements] if is_open(question) else [],
            expected(question.requirements),
            _by_record(question, links),
            state.results[question.id],
        )
        for number, question in enumerate(state.asked, start=1)
    ]


def options(audit: Audit, answer: Answer | None) -> list[dict[str, Any]]:
    """The results to choose from; none is chosen until somebody chose it."""
    chosen = answer.result if answer else ""
    return [
        {
            "code": result.value,
            "word": Result(result).label,
            "shape": shape_html(TONES[result]),
            "tone": TONES[result],
            "key": key,
            "chosen": result == chosen,
        }
        for key, result in enumerate(audit.results, start=1)
    ]


def expected(requirements: Iterable[Requirement]) -> list[str]:
    """What an auditor expects to see, each piece once."""
    pieces = (piece.strip() for requirement in requirements for piece in requirement.evidence.split(";"))
    return list(dict.fromkeys(filter(None, pieces)))


def speaking(actor: Actor, edition: Edition, ids: Iterable[str]) -> dict[str, list[RequirementLink]]:
    """Requirement id → the links of visible records that speak to it, without rejected ones and our own kinds."""
    wanted = {"edition__in": edition.codes, "requirement__in": set(ids)}
    links = RequirementLink.objects.filter(organisation=actor.organisation, **wanted)
    links = links.filter(record__in=Record.objects.visible_to(actor).open().exclude(kind__in=OWN_KINDS)).exclude(
        state="rejected"
    )
    found: dict[str, list[RequirementLink]] = {}
    for link in links.select_related("record").order_by("record__number", "requirement"):
        found.setdefault(link.requirement, []).append(link)
    return found


def _by_record(
    question: Question, links: dict[str, list[RequirementLink]]
) -> list[tuple[Record, list[RequirementLink]]]:
    found: dict[Any, tuple[Record, list[RequirementLink]]] = {}
    for requirement in question.requirements:
        for link in links.get(requirement.id, ()):
            found.setdefault(link.record_id, (link.record, []))[1].append(link)
    trust = lambda link: (link.state != "confirmed", -(link.confidence or 0), link.record.number)  # noqa: E731
    return sorted(found.values(), key=lambda pair: min(map(trust, pair[1])))  # confirmed, then surest, stands first


def told(audit: Audit, actor: Actor, code: str) -> dict[str, Any]:
    """The areas and the answers of one of them, for a page that is open: what others saved appears in it."""
    states = area_states(audit)
    shown = next((state for state in states if state.area.code == code), None)
    rows = [answer for found in shown.answers.values() for answer in found.values()] if shown else []
    return {
        "areas": [
            {"code": s.area.code} | {name: getattr(s, name) for name in ("answered", "total", "gaps", "tone", "word")}
            for s in states
        ],
        "results": shown.results if shown else {},
        "answers": {f"{row.question}_{row.requirement}".replace(".", "-"): plain(row) for row in rows},
    }


def plain(answer: Any) -> dict[str, Any]:
    """One answer, with the number of its finding as `results` reads it, as the script of the page wants it."""
    return {
        "result": answer.result,
        "notes": answer.notes,
        "interviewee": answer.interviewee,
        "seen": answer.seen,
        "strength": "1" if answer.strength else "0",
        "by": ", ".join(answer.authors),
        "finding": answer.finding or "",
    }


def script_words() -> dict[str, str]:
    """The sentences the page's script says."""
    return {
        "saving": _("Saving …"),
        "saved": _("Saved {time}"),
        "retrying": _("Not saved yet: no connection. Trying again …"),
        "refused": _("Not saved: {why}"),
        "signed_out": _("You have been signed out. Sign in again in another tab; your text stays here."),
        "meanwhile": _("{who} wrote here meanwhile:"),
        "theirs": _("Take theirs"),
        "mine": _("Keep mine"),
        "both": _("Keep both"),
        "empty": _("(nothing)"),
        "sending": _("Sending {name} …"),
        "sent": _("{name} is kept"),
        "gaps": _("{n} gaps"),
        "gap": _("1 gap"),
        "restored": _("Restored from this device"),
        "of": _("{answered} of {total}"),
        "finding": _("Gap {number}"),
    }
