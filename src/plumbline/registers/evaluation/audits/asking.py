"""Where each question is asked, and when: proposals that a planner corrects."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from plumbline.organisation.models import Organisation
from plumbline.standards.catalogue import Edition

AREAS: dict[str, Any] = {  # code → name, in the order in which an auditor goes through a house
    "management": _("Management"),
    "quality": _("Quality"),
    "sales": _("Sales"),
    "design": _("Design and development"),
    "purchasing": _("Purchasing"),
    "production": _("Production or service"),
    "logistics": _("Storage and delivery"),
    "maintenance": _("Maintenance"),
    "people": _("People and training"),
}
INSTEAD = {
    "maintenance": "production",
    "logistics": "production",
    "people": "management",
    "purchasing": "sales",
    "sales": "management",
    "design": "production",
    "production": "quality",
    "quality": "management",
}
SEPARATE_FROM = 25  # people: a smaller firm asks its smallest areas' questions elsewhere
ASKED_IN = {  # questions for everybody: the two areas where the answer tells most
    "4.4.1-c": ("production", "sales"),
    "4.4.1-g": ("production", "quality"),
    "4.4.2-a": ("production", "purchasing"),
    "5.2.2-a": ("production", "sales"),
    "6.2.1-1": ("management", "production"),
    "7.1.6-1": ("management", "production"),
    "7.3-c": ("production", "purchasing"),
    "7.5.2-a": ("production", "quality"),
    "9.2.1-b": ("quality", "production"),
    "10.1-1": ("management", "production"),
    "10.2.1-a1": ("sales", "production"),
}
MINUTES = 5  # a question
MORNING, NOON, AFTERNOON, EVENING = time(9), time(12, 30), time(13, 15), time(17)
OPENING, LUNCH, MORNINGS_WORK = timedelta(minutes=30), timedelta(minutes=45), timedelta(hours=3)


@dataclass(frozen=True)
class AreaPlan:
    """One area as the planner wants it; `questions` empty means: those that are answered there."""

    code: str
    name: str = ""
    meets: Any = None
    auditor: Any = None
    process: Any = None
    day: date | None = None
    start: time | None = None
    end: time | None = None
    questions: tuple[str, ...] = ()


def proposed_codes(organisation: Organisation) -> list[str]:
    """The areas of this organisation: design only where it designs, the small ones apart only in a larger firm."""
    left_out = set() if organisation.designs_products else {"design"}
    if organisation.people < SEPARATE_FROM:
        left_out |= {"maintenance", "logistics", "people"}
    return [code for code in AREAS if code not in left_out]


def allocation(
    edition: Edition, codes: Iterable[str], everywhere: bool = False, designs: bool = True
) -> dict[str, list[str]]:
    """Area code → the ids of its questions; those of an area that is not visited are asked instead elsewhere."""
    codes = list(codes)
    found: dict[str, list[str]] = {code: [] for code in codes}
    for question in edition.questions():
        for where in question.areas:
            if where == "all":
                own = [code for code in codes if code not in AREAS]
                wanted = codes if everywhere else [*ASKED_IN.get(question.id, codes[:2]), *own]
            else:
                wanted = [] if where == "design" and not designs and "design" not in found else [where]
            for code in dict.fromkeys(stand_in(code, codes) for code in wanted):
                if code:
                    found[code].append(question.id)
    return found


def stand_in(code: str, codes: list[str]) -> str:
    """The area that is visited in place of this one; the first of all where the table knows none."""
    seen: set[str] = set()
    while code not in codes and code in INSTEAD and code not in seen:
        seen.add(code)
        code = INSTEAD[code]
    return code if code in codes else (codes[0] if codes else "")


def timetable(areas: Iterable[AreaPlan], first: date) -> list[AreaPlan]:
    """The areas one after another, five minutes a question, with an opening meeting, lunch, and free week-ends."""
    day, clock, made = first, _add(MORNING, OPENING), []
    for area in areas:
        length = timedelta(minutes=max(20, -(-len(area.questions) * MINUTES // 15) * 15))
        if clock < NOON and _add(clock, length) > time(12, 45):
            if length > MORNINGS_WORK:
                length += LUNCH
            else:
                clock = AFTERNOON
        elif NOON <= clock < AFTERNOON:
            clock = AFTERNOON
        if _add(clock, length) > EVENING and clock > MORNING:
            day, clock = next_workday(day), MORNING
        end = _add(clock, length)
        made.append(replace(area, day=day, start=clock, end=end))
        clock = end
    return made


def _add(clock: time, length: timedelta) -> time:
    return min((datetime.combine(date(2000, 1, 1), clock) + length), datetime(2000, 1, 1, 23, 45)).time()


def last_day(areas: Iterable[AreaPlan], first: date) -> date:
    """The day of the last of these areas; the first day where none has its day yet."""
    return max((area.day for area in areas if area.day), default=first)


def next_workday(day: date) -> date:
    """The first day after this one that is no Saturday or Sunday."""
    day += timedelta(days=1)
    return day if day.weekday() < 5 else next_workday(day)
