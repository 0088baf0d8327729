"""Linden Metalwork: twelve people, a sheet-metal shop whose managing director is also the quality manager."""

from datetime import date
from pathlib import Path

from plumbline.config.demo.cast import Begun, Correction, Designed, Exclusion, Person, Process, Site
from plumbline.config.demo.filed import LINDEN as RECORDS
from plumbline.config.demo.linden_audit import AUDIT, CONSULTANT
from plumbline.config.demo.linden_daily import ACTIONS, NONCONFORMITIES
from plumbline.config.demo.press import print_all

NAME, SLUG, START, DESIGNS = "Linden Metalwork", "linden", "nothing", False
FOUNDER = "Ruth Linden"
PEOPLE = (
    Person(
        FOUNDER,
        "Managing director and quality manager",
        "Management",
        ("administrator", "quality", "management"),
        "ruth@linden.example",
    ),
    Person("Tom Hale", "Production lead", "Production", ("supervisor",), "tom@linden.example"),
    Person("Priya Nair", "Sales and office", "Office"),
    Person("Grace Okoro", "Purchasing and accounts", "Office", ("auditor",), "grace@linden.example"),
    Person("Marek Nowak", "Welding coordinator", "Production", ("supervisor",)),
    Person("Stefan Adler", "Welder", "Production"),
    Person("Aisha Khan", "Laser programmer", "Production"),
    Person("Dan Whitlock", "Laser operator", "Production"),
    Person("Colin Reeve", "Press brake setter", "Production"),
    Person("Lucy Bright", "Press brake operator", "Production"),
    Person("Pete Sully", "Stores and dispatch", "Stores"),
    Person("Joe Tanner", "Apprentice", "Production"),
)
OUTSIDE = (CONSULTANT,)
SITES = (Site("works", "Works", "7 Millbrook Lane, Leeds"),)
DEPARTMENTS = {"Management": "works", "Office": "works", "Production": "works", "Stores": "works"}
PROCESSES = (
    Process("Enquiry and order", "Priya Nair"),
    Process("Purchasing and work outside", "Grace Okoro", "support"),
    Process("Laser cutting and bending", "Tom Hale"),
    Process("Welding", "Marek Nowak"),
    Process("Stores and dispatch", "Pete Sully"),
    Process("Managing and improving", FOUNDER, "management"),
)
CORRECTIONS = {
    "Goods in and dispatch.md": Correction("LM-WI-06", "work_instruction", owner="Pete Sully"),
    "LM-WI-04 MAG welding of steel frames.docx": Correction(owner="Marek Nowak"),
}
TO_REVIEW = frozenset(  # proposed, and waiting for Ruth
    {"Complaints.xlsx", "Gauges.xlsx", "Scrap and rework.docx", "Suppliers.xlsx", "Training.xlsx", "Who does what.md"}
)
EXCLUSIONS = (
    Exclusion(
        "8.3",
        "Design and development",
        "We make sheet-metal parts and assemblies to our customers' drawings only. Changes to a drawing are the"
        " customer's; we ask, and wait for the new revision. How we make a part is planned under 8.1.",
        CONSULTANT.name,
    ),
)
DESIGNED = Designed(begun=(Begun("LM-QM-02", "scope", "4.3-3", FOUNDER),))  # Ruth has begun with the first gap

__all__ = [
    "ACTIONS",
    "AUDIT",
    "CORRECTIONS",
    "DEPARTMENTS",
    "DESIGNED",
    "DESIGNS",
    "EXCLUSIONS",
    "FOUNDER",
    "NAME",
    "NONCONFORMITIES",
    "OUTSIDE",
    "PEOPLE",
    "PROCESSES",
    "RECORDS",
    "SITES",
    "SLUG",
    "START",
    "TO_REVIEW",
    "documents",
]


def documents(folder: Path, today: date | None = None) -> list[Path]:
    """Write the dozen documents that the company has into the folder, as if they had grown over eighteen months."""
    return print_all(Path(__file__).with_name("linden_documents"), folder, today or date.today())
