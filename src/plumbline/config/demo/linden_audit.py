"""The initial audit of Linden Metalwork, half done: two areas seen, one begun, three still to come."""

from csv import DictReader
from decimal import Decimal
from pathlib import Path

from plumbline.config.demo.cast import Answer, Area, Audit, DocumentToMake, Gap, Person

CONSULTANT = Person("Helen Marsh", "Consultant", "")  # leads the audit; not one of the twelve
LEAD, SECOND = CONSULTANT.name, "Grace Okoro"


def _answers() -> tuple[Answer, ...]:
    path = Path(__file__).with_name("linden_answers.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(Answer(**row) for row in DictReader(lines))


AREAS = (
    Area("Management", "Ruth Linden", LEAD, -6, "09:00", "12:00"),
    Area("Production", "Tom Hale", SECOND, -6, "13:00", "16:30"),
    Area("Measuring equipment", "Tom Hale", LEAD, -5, "09:00", "10:30"),
    Area("Sales and office", "Priya Nair", LEAD, 8, "09:00", "11:00"),
    Area("Purchasing", "Grace Okoro", LEAD, 8, "11:00", "12:30"),
    Area("Stores and dispatch", "Pete Sully", SECOND, 8, "13:30", "15:00"),
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
        70,
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
    criteria="ISO 9001:2015; the company's own documents; what customers and the law ask for.",
    team=((LEAD, "lead auditor (consultant)"), (SECOND, "auditor, for areas that are not her own")),
    areas=AREAS,
    answers=_answers(),
    gaps=GAPS,
    strengths=(
        "Welders work inside qualified procedures, know why, and keep the log: the best area of this audit.",
        "Complaints are answered within two working days, and three of them led to changes that held.",
        "The right drawing revision is at the machine: it is printed on the job sheet since complaint C-01.",
        "Everybody may stop a job, and somebody who did was thanked for it in front of all.",
    ),
    documents_to_make=(
        DocumentToMake(
            "Scope of the quality system", "4.3", "Has to be in writing, with a reason for what does not apply."
        ),
        DocumentToMake(
            "Quality objectives with their plan", "6.2", "Two figures hang on the board; the plan is missing."
        ),
        DocumentToMake("Minutes of the management review", "9.3", "The review itself has to be held first."),
        DocumentToMake("Programme and reports of internal audits", "9.2", "No internal audit has been planned yet."),
        DocumentToMake("Evaluation of suppliers", "8.4", "The list of suppliers has addresses, but no judgement."),
    ),
)
