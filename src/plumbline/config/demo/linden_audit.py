"""The initial audit of Linden Metalwork, half done: two areas seen, one begun, three still to come."""

from csv import DictReader
from decimal import Decimal
from pathlib import Path

from plumbline.config.demo.cast import Answer, Area, Audit, Gap, Person

CONSULTANT = Person(  # leads the audit; not one of the twelve
    "Helen Marsh", "Consultant", "", roles=("consultant",), email="helen@marsh.example"
)
LEAD, SECOND = CONSULTANT.name, "Grace Okoro"


def _answers() -> tuple[Answer, ...]:
    path = Path(__file__).with_name("linden_answers.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(Answer(**row) for row in DictReader(lines))


AREAS = (
    Area("management", "Management", "Ruth Linden", LEAD, -5, "09:00", "12:00"),
    Area("production", "Production", "Tom Hale", SECOND, -5, "13:00", "16:30"),
    Area("quality", "Quality and measuring", "Ruth Linden", LEAD, -4, "09:00", "10:30"),
    Area("sales", "Sales and office", "Priya Nair", LEAD, 6, "09:00", "11:00"),
    Area("purchasing", "Purchasing", "Grace Okoro", LEAD, 6, "11:00", "12:30"),
    Area("logistics", "Stores and dispatch", "Pete Sully", SECOND, 6, "13:30", "15:00"),
)

GAPS = (
    Gap(
        ("7.1.5.2-a1", "7.1.5.2-1"),
        "Have caliper LM-C-07 calibrated, look at what was measured with it since it fell due, and set a"
        " reminder for every gauge",
        "Tom Hale",
        7,
        Decimal(5),
        True,
    ),
    Gap(
        ("4.3-1",),
        "Write the scope on one page, with the reason why design does not apply",
        "Ruth Linden",
        14,
        Decimal(2),
        True,
    ),
    Gap(
        ("4.1-1", "4.1-3", "4.2-a"),
        "List what helps and what threatens us and who has a say, climate change included, and set a day to look again",
        "Ruth Linden",
        21,
        Decimal(4),
        True,
    ),
    Gap(
        ("6.2.1-1", "6.2.2-a"),
        "Write the three quality goals with plan, owner and date, and hang them beside the board",
        "Ruth Linden",
        28,
        Decimal(3),
        True,
    ),
    Gap(
        ("4.4.1-f", "6.1.2-a"),
        "Find the ten risks and chances that matter, decide what is done about each, and begin with the powder coater",
        "Ruth Linden",
        35,
        Decimal(5),
        True,
    ),
    Gap(
        ("9.3.1-1", "9.3.2-a"),
        "Hold the first management review (90 minutes) with minutes, decisions and dates",
        "Ruth Linden",
        50,
        Decimal(6),
        True,
    ),
    Gap(
        ("8.7.1-1", "7.5.2-a"),
        "Make 'Scrap and rework' a real procedure: owner, number, who decides when Tom is away, and a line"
        " to write for each case",
        "Tom Hale",
        21,
        Decimal("3.5"),
        False,
    ),
    Gap(
        ("4.4.1-1", "5.3-1"),
        "Put the process picture on paper and bring 'Who does what' up to date, with deputies",
        "Priya Nair",
        42,
        Decimal(4),
        False,
    ),
    Gap(
        ("7.2-a", "7.1.6-1"),
        "Complete the skills list with what each job asks for, send Pete Sully to the fork-lift course, copy"
        " Colin's notebook",
        "Tom Hale",
        None,
        Decimal(16),
        False,
    ),
)

AUDIT = Audit(
    title="Initial audit of the quality system",
    kind="initial",
    objectives="Find out where Linden Metalwork stands against ISO 9001:2015, and what has to be done, in which order,"
    " before a certification body is asked in.",
    scope="Sheet-metal parts and welded assemblies to customers' drawings: laser cutting, bending, welding, assembly;"
    " powder coating and galvanising bought in. One site, twelve people.",
    criteria="The company's own documents; what customers and the law ask for.",
    lead=LEAD,
    near_because="She has advised the company for six weeks and has built nothing of what is audited here.",
    team=(SECOND,),
    areas=AREAS,
    answers=_answers(),
    gaps=GAPS,
    strengths=("5.1.1-d", "8.5.1-f", "8.5.1-g", "8.5.2-1"),
)
