"""The five stages of the road, and what the records say of each: a gate is computed, not ticked."""

from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plumbline.kernel.models import Record
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation
from plumbline.registers.evaluation.audits.gate import Condition, initial_audit, stage_1_facts

from .designing.gate import design

MOST = 10_001  # counted; a list counts no further either


@dataclass(frozen=True)
class Stage:
    """One stage: what it is for, its gate, and what a later one will ask."""

    number: int
    title: str
    what: str
    conditions: list[Condition] = field(default_factory=list)
    asks: tuple[str, ...] = ()
    before: str = ""  # why it counts as done before Plumbline
    url: str = ""  # the page that lists what it asks
    weak: int = 0  # what holds nobody up, and should be looked at
    late: int = 0  # documents whose review is overdue

    @property
    def open(self) -> bool:
        return bool(self.conditions)

    @property
    def done(self) -> bool:
        return bool(self.before) or (self.open and all(condition.holds for condition in self.conditions))

    @property
    def held(self) -> int:
        return sum(condition.holds is True for condition in self.conditions)


def stages(actor: Actor) -> list[Stage]:
    """The stages as they stand today, for this organisation."""
    organisation = actor.organisation
    before = _before(organisation)
    first = Stage(
        1,
        _("Initial audit"),
        _(
            "Every area is looked at against the requirements. You get a report of what is there, "
            "the gaps, and a plan of who closes them by when."
        ),
        _as_seen(actor, stage_1_facts(organisation)),
        before=before,
    )
    return [
        first,
        _system_design(actor, first, before),
        Stage(
            3,
            _("Implementation"),
            _("What is written is done: people are told, trained, and show that they know it."),
            asks=(
                _("those a document concerns have confirmed that they read it"),
                _("competence that is required is held"),
                _("records show that the processes run"),
            ),
            before=before,
        ),
        Stage(
            4,
            _("Internal audit and management review"),
            _("Somebody who does not judge their own work looks, on evidence; top management draws the conclusions."),
            asks=(
                _("one full internal audit is reported"),
                _("one management review is held"),
                _("what they found is being acted on"),
            ),
            before=before,
        ),
        Stage(
            5,
            _("Certification audit"),
            _(
                "A certification body looks in two stages and decides. The certificate is valid "
                "for three years, with a surveillance audit every year."
            ),
            asks=(
                _("a certification body is chosen and its stage 1 is held"),
                _("its areas of concern are closed"),
                _("stage 2 is held and its nonconformities are answered"),
            ),
            before=_certified(organisation),
        ),
    ]


def _as_seen(actor: Actor, facts: list[Condition]) -> list[Condition]:
    """How far the initial audit is everybody may know; what it is, and its gaps, only who may see them."""
    audit = None if actor.sees_confidential and not actor.outside else initial_audit(actor.organisation)
    if audit is None:
        return facts
    seen = Record.objects.visible_to(actor)
    if not seen.filter(pk=audit.pk).exists():
        url = reverse("audits:list", args=[actor.organisation.slug])
        return [replace(fact, url=url, missing=[]) for fact in facts]
    gaps = {fact.key: [line.partition(" ")[0] for line in fact.missing] for fact in facts}.get("gaps", [])
    named = set(seen.filter(kind="finding", number__in=gaps).values_list("number", flat=True)) if gaps else set()
    return [
        replace(fact, missing=[line for line in fact.missing if line.partition(" ")[0] in named])
        if fact.key == "gaps"
        else fact
        for fact in facts
    ]


def _system_design(actor: Actor, first: Stage, before: str) -> Stage:
    """Open as soon as the first stage is done; what was done before Plumbline is not counted again."""
    found = design(actor) if first.done and not before else None
    return Stage(
        2,
        _("System design"),
        _("The documents your processes need are made, mended and put into force."),
        found.conditions if found else [],
        asks=(
            _("each document the standard asks for is in force, or it is said why it is not needed"),
            _("every gap in a document is mended"),
            _("what is weak is named: nobody answers for it, its review is overdue, places are left to fill in"),
        ),
        before=before,
        url=reverse("system-design", args=[actor.organisation.slug]),
        weak=len(found.weak) if found else 0,
        late=reviews_overdue(actor),
    )


def reviews_overdue(actor: Actor) -> int:
    """How many documents in use should have been looked at again, of those this person may see."""
    mine = Record.objects.visible_to(actor).filter(kind="document", state="in_use")
    return mine.filter(due__lt=actor.organisation.today())[:MOST].count()


def _before(organisation: Organisation) -> str:
    if organisation.start == Organisation.Start.NOTHING:
        return ""
    return (
        _("You said that this was done before Plumbline.") if organisation.start == Organisation.Start.CERTIFIED else ""
    )


def _certified(organisation: Organisation) -> str:
    if organisation.start != Organisation.Start.CERTIFIED or not organisation.certified_until:
        return ""
    if organisation.certified_until < organisation.today():
        return ""
    return _("Certified until %(day)s.") % {"day": date_format(organisation.certified_until)}
