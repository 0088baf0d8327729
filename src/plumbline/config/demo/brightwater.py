"""Brightwater Pumps: sixty people at a works and a service centre, with a sister company that writes in German."""

from csv import DictReader
from datetime import date
from pathlib import Path

from plumbline.config.demo.cast import Person, Process, Site
from plumbline.config.demo.press import print_all

NAME, SLUG = "Brightwater Pumps", "brightwater"


def _people() -> tuple[Person, ...]:
    path = Path(__file__).with_name("brightwater_people.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(Person(**row) for row in DictReader(lines))


PEOPLE = _people()
SITES = (
    Site("leeds", "Works Leeds", "Aire Bank, Leeds"),
    Site("hull", "Service centre Hull", "Albert Dock, Hull"),
)
DEPARTMENTS = ("Management", "Quality", "Design", "Sales", "Purchasing", "Production", "Service")
SITE_OF = dict.fromkeys(DEPARTMENTS, "leeds") | {"Service": "hull"}
PROCESSES = (
    Process("Enquiry and order", "Rebecca Stone"),
    Process("Design", "Hugh Pemberton"),
    Process("Purchasing", "Farah Siddiqui"),
    Process("Machining", "Sean Doyle"),
    Process("Assembly and test", "Sean Doyle"),
    Process("Service", "Alan Whitby"),
    Process("People and training", "Ingrid Larsen"),
    Process("Managing and improving", "Nadia Rahman"),
)


def documents(folder: Path, today: date | None = None) -> list[Path]:
    """Write the company's 25 documents, three of them German, into folders by site."""
    return print_all(Path(__file__).with_name("brightwater_documents"), folder, today or date.today())
