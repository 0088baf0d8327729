"""Linden Metalwork: twelve people, a sheet-metal shop whose managing director is also the quality manager."""

from datetime import date
from pathlib import Path

from plumbline.config.demo.cast import Person, Process, Site
from plumbline.config.demo.linden_audit import AUDIT
from plumbline.config.demo.linden_daily import ACTIONS, NONCONFORMITIES
from plumbline.config.demo.press import print_all

NAME, SLUG = "Linden Metalwork", "linden"
PEOPLE = (
    Person("Ruth Linden", "Managing director and quality manager", "Management"),
    Person("Tom Hale", "Production lead", "Production"),
    Person("Priya Nair", "Sales and office", "Office"),
    Person("Grace Okoro", "Purchasing and accounts", "Office"),
    Person("Marek Nowak", "Welding coordinator", "Production"),
    Person("Stefan Adler", "Welder", "Production"),
    Person("Aisha Khan", "Laser programmer", "Production"),
    Person("Dan Whitlock", "Laser operator", "Production"),
    Person("Colin Reeve", "Press brake setter", "Production"),
    Person("Lucy Bright", "Press brake operator", "Production"),
    Person("Pete Sully", "Stores and dispatch", "Stores"),
    Person("Joe Tanner", "Apprentice", "Production"),
)
SITES = (Site("works", "Works", "7 Millbrook Lane, Leeds"),)
DEPARTMENTS = ("Management", "Office", "Production", "Stores")
PROCESSES = (
    Process("Enquiry and order", "Priya Nair"),
    Process("Purchasing and work outside", "Grace Okoro"),
    Process("Laser cutting and bending", "Tom Hale"),
    Process("Welding", "Marek Nowak"),
    Process("Stores and dispatch", "Pete Sully"),
    Process("Managing and improving", "Ruth Linden"),
)

__all__ = [
    "ACTIONS",
    "AUDIT",
    "DEPARTMENTS",
    "NAME",
    "NONCONFORMITIES",
    "PEOPLE",
    "PROCESSES",
    "SITES",
    "SLUG",
    "documents",
]


def documents(folder: Path, today: date | None = None) -> list[Path]:
    """Write the dozen documents that the company has into the folder, as if they had grown over eighteen months."""
    return print_all(Path(__file__).with_name("linden_documents"), folder, today or date.today())
