"""Brightwater Pumps: sixty people at a works and a service centre, with a sister company that writes in German."""

from csv import DictReader
from datetime import date
from pathlib import Path

from plumbline.config.demo.brightwater_daily import ACTIONS, NONCONFORMITIES
from plumbline.config.demo.brightwater_design import DESIGNED
from plumbline.config.demo.cast import Correction, Exclusion, Person, Process, Site
from plumbline.config.demo.filed import BRIGHTWATER as RECORDS
from plumbline.config.demo.linden_audit import CONSULTANT
from plumbline.config.demo.press import print_all

NAME, SLUG, START, DESIGNS = "Brightwater Pumps", "brightwater", "system", True
FOUNDER = "Nadia Rahman"
ROLES = {
    FOUNDER: ("administrator", "quality"),
    "Oliver Grant": ("management",),
    "Rory Kavanagh": ("auditor",),
    "Ingrid Larsen": ("auditor", "supervisor"),
} | dict.fromkeys(("Hugh Pemberton", "Sean Doyle", "Rebecca Stone", "Alan Whitby", "Farah Siddiqui"), ("supervisor",))
ADDRESSES = {FOUNDER: "nadia@brightwater.example"}


def _people() -> tuple[Person, ...]:
    path = Path(__file__).with_name("brightwater_people.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Person(**row, roles=ROLES.get(row["name"], ()), email=ADDRESSES.get(row["name"], ""))
            for row in DictReader(lines)
        )


PEOPLE = _people()
OUTSIDE = (
    CONSULTANT,  # the same Helen Marsh: one account, two clients side by side
    Person("James Okafor", "Auditor of a certification body", "", ("body_auditor",), "james@certifier.example"),
)
SITES = (
    Site("leeds", "Works Leeds", "Aire Bank, Leeds"),
    Site("hull", "Service centre Hull", "Albert Dock, Hull"),
)
DEPARTMENTS = dict.fromkeys(("Management", "Quality", "Design", "Sales", "Purchasing", "Production"), "leeds") | {
    "Service": "hull"
}
PROCESSES = (
    Process("Enquiry and order", "Rebecca Stone"),
    Process("Design", "Hugh Pemberton"),
    Process("Purchasing", "Farah Siddiqui", "support"),
    Process("Machining", "Sean Doyle"),
    Process("Assembly and test", "Sean Doyle"),
    Process("Service", "Alan Whitby"),
    Process("People and training", "Ingrid Larsen", "support"),
    Process("Managing and improving", FOUNDER, "management"),
)
CORRECTIONS = {
    "BP-PR-02 Internal audits.docx": Correction(sort="procedure"),
    "BP-RE-05 Quality objectives.xlsx": Correction(revision_no=""),
    "BP-RE-07 Risks and opportunities.xlsx": Correction(revision_no=""),
    "BP-RE-09 Measuring equipment.xlsx": Correction("BP-RE-09", revision_no=""),
    "BP-RE-11 Audit programme.xlsx": Correction("BP-RE-11", revision_no=""),
    "BP-RE-13 Supplier evaluation.xlsx": Correction(revision_no=""),
    "BP-RE-15 Competence matrix.xlsx": Correction(revision_no=""),
    "BP-RE-21 Management review minutes.docx": Correction(revision_no=""),
    "BP-WI-10 Assembly of series BW200.docx": Correction(owner="Sean Doyle"),
    "BW-VA-02 Reklamationen und Korrekturmaßnahmen.docx": Correction(owner="Rory Kavanagh"),
    "Customer property.md": Correction("BP-SV-03", owner="Alan Whitby"),
    "Customer satisfaction survey.xlsx": Correction("BP-SV-04", "record"),
}
TO_REVIEW: frozenset[str] = frozenset()
EXCLUSIONS: tuple[Exclusion, ...] = ()
AUDIT = None  # the first one is still to be planned

__all__ = ["ACTIONS", "DESIGNED", "NONCONFORMITIES", "RECORDS", "documents"]


def documents(folder: Path, today: date | None = None) -> list[Path]:
    """Write the company's 25 documents, three of them German, into folders by site."""
    return print_all(Path(__file__).with_name("brightwater_documents"), folder, today or date.today())
