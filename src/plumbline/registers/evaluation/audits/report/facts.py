"""What a report of an audit says, as plain facts: the renderers know nothing else, and ask no database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

RESULTS = ("met", "partly", "not_met", "not_audited", "not_applicable")
CHAPTERS = (4, 5, 6, 7, 8, 9, 10)


@dataclass(frozen=True)
class Counts:
    """How many questions (or requirements) of one chapter came out how."""

    met: int = 0
    partly: int = 0
    not_met: int = 0
    not_audited: int = 0
    not_applicable: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in RESULTS))

    @property
    def judged(self) -> int:
        return self.met + self.partly + self.not_met

    @property
    def total(self) -> int:
        return self.judged + self.not_audited + self.not_applicable


@dataclass(frozen=True)
class Member:
    """One of the audit team, and in which role."""

    name: str
    role: str


@dataclass(frozen=True)
class Slot:
    """One row of the timetable; times as they were planned, "09:00"."""

    day: date
    start: str
    end: str
    what: str
    who: str = ""


@dataclass(frozen=True)
class Area:
    """An area and how far it is: not_started, started, audited or not_audited."""

    name: str
    state: str
    answered: int
    total: int


@dataclass(frozen=True)
class Photo:
    """A picture taken on the spot, as it was uploaded."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Gap:
    """A question whose answer was partly or not met, with what was seen."""

    number: str
    clause: str
    title: str
    question: str
    result: str
    seen: str
    requirements: tuple[str, ...] = ()
    area: str = ""
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class DocumentToMake:
    """A document that the standard wants in writing and that is not there yet."""

    title: str
    clause: str
    why: str


@dataclass(frozen=True)
class PlanStep:
    """One task of the plan and the gaps that it closes; effort in hours of work."""

    order: int
    number: str
    what: str
    who: str = ""
    due: date | None = None
    effort: Decimal | None = None
    blocks_stage_1: bool = False
    gaps: tuple[str, ...] = ()
    starts: date | None = None


@dataclass(frozen=True)
class Unaudited:
    """An area that was left out, why, and who agreed on behalf of the organisation."""

    area: str
    reason: str
    agreed_by: str


@dataclass(frozen=True)
class Answer:
    """One line of the checklist, as it stands."""

    clause: str
    question: str
    result: str
    area: str = ""
    notes: str = ""
    interviewee: str = ""
    requirements: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    answered_by: str = ""


@dataclass(frozen=True)
class AuditReport:
    """The report of one audit; `counted` says what `summary` counts: questions or requirements."""

    organisation: str
    number: str
    title: str
    kind: str
    edition: str
    starts_on: date
    ends_on: date
    objectives: str = ""
    scope: str = ""
    criteria: str = ""
    team: tuple[Member, ...] = ()
    timetable: tuple[Slot, ...] = ()
    areas: tuple[Area, ...] = ()
    summary: dict[int, Counts] = field(default_factory=dict)
    counted: str = "questions"
    strengths: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    documents_to_make: tuple[DocumentToMake, ...] = ()
    plan: tuple[PlanStep, ...] = ()
    unaudited: tuple[Unaudited, ...] = ()
    answers: tuple[Answer, ...] = ()
    signed_by: str = ""
    signed_at: datetime | None = None
    meaning: str = ""
    verification_code: str = ""
    log_size: int = 0
    address: str = ""
    draft: bool = True
    language: str = "en"
