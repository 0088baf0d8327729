"""What a company of the demonstration is made of; days count from the day the demonstration is made."""

from decimal import Decimal
from typing import Any, NamedTuple


class Person(NamedTuple):
    """Somebody of the company or from outside, by job title and department; without an address, no account."""

    name: str
    title: str
    department: str
    roles: tuple[str, ...] = ()
    email: str = ""


class Site(NamedTuple):
    """A place of work."""

    code: str
    name: str
    address: str


class Process(NamedTuple):
    """A process, who answers for it, and whether it is a core, management or support process."""

    name: str
    owner: str
    kind: str = "core"


class Correction(NamedTuple):
    """What the quality manager puts right in a document as read before she confirms it; None stays as read."""

    number: str | None = None
    sort: str | None = None
    revision_no: str | None = None
    owner: str | None = None


class Exclusion(NamedTuple):
    """A clause that cannot apply, and why."""

    clause: str
    title: str
    justification: str
    proposed_by: str


class Area(NamedTuple):
    """An area of an audit, whom the auditors meet, and the time planned; `day` counts working days from today."""

    code: str
    name: str
    auditee: str
    auditor: str
    day: int
    start: str
    end: str


class Answer(NamedTuple):
    """An answer to a plain question, which is named by the first of its requirements."""

    requirement: str
    area: str
    result: str
    interviewee: str
    notes: str


class Gap(NamedTuple):
    """Questions partly or not met, and the action to close them: days from today (None: not yet agreed), hours."""

    requirements: tuple[str, ...]
    what: str
    who: str
    due: int | None
    effort: Decimal
    blocks_stage_1: bool


class Audit(NamedTuple):
    """An audit that is under way; the strengths are the requirements whose answers are marked as one."""

    title: str
    kind: str
    objectives: str
    scope: str
    criteria: str
    lead: str
    near_because: str
    team: tuple[str, ...]
    areas: tuple[Area, ...]
    answers: tuple[Answer, ...]
    gaps: tuple[Gap, ...]
    strengths: tuple[str, ...]


class Step(NamedTuple):
    """A move of a record: who makes it, with which answers."""

    verb: str
    who: str
    answers: dict[str, Any] = {}


class Remark(NamedTuple):
    """A comment on a record."""

    who: str
    text: str


class Action(NamedTuple):
    """A task with an owner and a date; `due` counts from today, effort in hours; done when it has a result."""

    title: str
    what: str
    owner: str
    due: int
    effort: Decimal
    result: str = ""


class Filed(NamedTuple):
    """A record kept as evidence; `day`, `ended` and `valid` count from today, the texts are its files by name."""

    title: str
    category: str
    day: int
    owner: str
    concerns: str = ""
    ended: int | None = None
    place: str = ""
    files: dict[str, str] = {}
    valid: int | None = None
    moves: tuple[str, ...] = ()  # on the way to disposal, by the founder
    reason: str = ""


class Nonconformity(NamedTuple):
    """Something that went wrong in daily work and what was done about it; `day` and `due` count from today."""

    title: str
    what: str
    where: str
    lot: str
    quantity: int
    source: str
    reported_by: str
    owner: str
    day: int
    due: int
    steps: tuple[Step, ...] = ()
    actions: tuple[Action, ...] = ()
    remarks: tuple[Remark, ...] = ()
    effect: str = ""


class Listed(NamedTuple):
    """Who gets a document: a department, or everybody."""

    number: str
    department: str = ""


class Change(NamedTuple):
    """A revision that is made: of which document, by whom, how far it is; days count from today, None: the first
    of next month."""

    number: str
    by: str
    change: str
    because: str
    text: str
    until: str  # in_review, approved (waiting for its date), effective
    on: int | None = 0
    last: int | None = None  # of an alert: its last day
    title: str = ""  # of a document that begins with it
    reviewer: str = ""
    remarks: tuple[str, ...] = ()
    read: int = 0  # how many have confirmed that they read it


class External(NamedTuple):
    """A document from outside that somebody watches; `check` counts days from today."""

    number: str
    title: str
    edition: str
    origin: str
    watched_by: str
    check: int
    if_it_changes: str


class Begun(NamedTuple):
    """A document begun from a template because of a gap."""

    number: str
    blank: str
    requirement: str  # of the gap
    owner: str


class Designed(NamedTuple):
    """What is going on with a company's documents."""

    listed: tuple[Listed, ...] = ()
    changes: tuple[Change, ...] = ()
    external: tuple[External, ...] = ()
    begun: tuple[Begun, ...] = ()
    answers: dict[str, tuple[str, ...]] = {}  # number → what asked-for documents it is chosen for, by their first row
    overdue: dict[str, int] = {}  # number → days from today on which its review was due
