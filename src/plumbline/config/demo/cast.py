"""What a company of the demonstration is made of; days count from the day the demonstration is made."""

from decimal import Decimal
from typing import NamedTuple


class Person(NamedTuple):
    """Somebody of the company, by role title and department."""

    name: str
    title: str
    department: str


class Site(NamedTuple):
    """A place of work."""

    code: str
    name: str
    address: str


class Process(NamedTuple):
    """A process and who answers for it."""

    name: str
    owner: str


class Area(NamedTuple):
    """An area of an audit, whom the auditors meet, and the day and time planned; `day` counts from today."""

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
    """Questions partly or not met, and the action proposed to close them; due in days from today, effort in hours."""

    requirements: tuple[str, ...]
    what: str
    who: str
    due: int
    effort: Decimal
    blocks_stage_1: bool


class DocumentToMake(NamedTuple):
    """A document that the audit missed."""

    title: str
    clause: str
    why: str


class Audit(NamedTuple):
    """An audit that is under way."""

    title: str
    kind: str
    objectives: str
    scope: str
    criteria: str
    team: tuple[tuple[str, str], ...]
    areas: tuple[Area, ...]
    answers: tuple[Answer, ...]
    gaps: tuple[Gap, ...]
    strengths: tuple[str, ...]
    documents_to_make: tuple[DocumentToMake, ...]


class Nonconformity(NamedTuple):
    """Something that went wrong in daily work; `day` counts from today."""

    title: str
    what: str
    where: str
    lot: str
    quantity: int
    correction: str
    reported_by: str
    owner: str
    day: int
    state: str


class Action(NamedTuple):
    """A task with an owner and a date; `due` counts from today."""

    title: str
    what: str
    owner: str
    due: int
    effort: Decimal
    state: str
