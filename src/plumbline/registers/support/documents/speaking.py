"""The requirements a document speaks to: proposed by the reader, confirmed or rejected by a person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from plumbline.kernel import actions
from plumbline.kernel.models import RequirementLink
from plumbline.organisation.actor import Actor
from plumbline.reading import Match
from plumbline.standards.catalogue import Requirement
from plumbline.standards.models import find_edition

from .models import Document
from .recognising import Run

State = RequirementLink.State
SURE, LIKELY = Decimal("0.75"), Decimal("0.50")
WORDS = {"sure": _("sure"), "likely": _("likely"), "maybe": _("maybe")}
TONES = {"sure": "good", "likely": "active", "maybe": "neutral"}


@dataclass(frozen=True)
class Spoken:
    """A link with what the requirement is about, and how sure the reader was."""

    link: RequirementLink
    requirement: Requirement | None
    sure: str

    @property
    def clause(self) -> str:
        return self.requirement.clause if self.requirement else self.link.requirement

    @property
    def title(self) -> str:
        return self.requirement.title if self.requirement else ""

    @property
    def word(self) -> str:
        return str(WORDS[self.sure])

    @property
    def tone(self) -> str:
        return TONES[self.sure]


def propose(document: Document, matches: Iterable[Match], run: Run) -> None:
    """Add what is new and renew what is still proposed; what a person confirmed or rejected stays as it is."""
    state = State.CONFIRMED if run.confirm and run.into is None else State.PROPOSED
    here = {(link.edition, link.requirement): link for link in RequirementLink.objects.filter(record_id=document.pk)}
    for match in matches:
        requirement = run.edition.get(match.id)
        if requirement is None:
            continue
        sure = Decimal(str(match.confidence)).quantize(Decimal("0.01"))
        found: dict[str, Any] = {"passage": match.passage, "confidence": sure, "state": state}
        link = here.get((requirement.edition, match.id))
        if link is None:
            found |= {"edition": requirement.edition, "requirement": match.id}
            actions.create(RequirementLink, by=run.actor, record=document, **found)
        elif link.state == State.PROPOSED:
            actions.edit(link, by=run.actor, **found)


def told(document: Document) -> list[dict[str, Any]]:
    """The requirements of a document as the command line tells them, the surest first; rejected ones left out."""
    links = RequirementLink.objects.filter(record_id=document.pk).exclude(state=State.REJECTED)
    rows = links.order_by("-confidence", "requirement").values_list("requirement", "confidence", "passage")
    return [{"id": one, "confidence": float(sure or 1), "passage": passage} for one, sure, passage in rows]


def judge(link: RequirementLink, state: str, by: Actor) -> RequirementLink:
    """Confirm, reject, or take either back."""
    return actions.edit(link, by=by, state=State(state))


def spoken(links: Iterable[RequirementLink]) -> list[Spoken]:
    """The links as they are shown, the surest first."""
    made, editions = [], cache(find_edition)
    for link in links:
        edition = editions(link.organisation_id, link.edition)
        requirement = edition.get(link.requirement) if edition else None
        made.append(Spoken(link, requirement, confidence(link.confidence)))
    return sorted(made, key=lambda one: (-(one.link.confidence or 1), one.link.requirement))


def confidence(value: Decimal | None) -> str:
    """The reader's figure in a word; what a person linked by hand is sure."""
    if value is None or value >= SURE:
        return "sure"
    return "likely" if value >= LIKELY else "maybe"


def counted(shown: Iterable[Spoken]) -> list[tuple[str, str, int]]:
    """(word, tone, how many) of those still proposed, the surest first."""
    found = Counter(one.sure for one in shown if one.link.state == State.PROPOSED)
    return [(str(word), TONES[code], found[code]) for code, word in WORDS.items() if found[code]]
