"""Blanks: documents to begin from, shipped as one Markdown file per language keyed by id, and read only here."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

FIELDS = frozenset({
    "organisation.name", "organisation.sites", "organisation.processes", "organisation.people", "organisation.edition",
    "document.number", "document.title", "document.revision", "document.owner", "document.effective_on", "today",
    "role.administrator", "role.quality", "role.management", "role.auditor", "role.supervisor", "role.consultant",
})  # fmt: skip
"""What fills itself from the organisation and the document; role.* are the names of who holds the role."""

FALLBACK = "en"
_NAMED = re.compile(r"([a-z0-9-]+)\.([a-z]{2})\.md")
_FIELD = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_PLACE = re.compile(r"\[\[(.+?)\]\]")
_REFERENCE = re.compile(r"\]\(requirement:([^)]+)\)")


@dataclass(frozen=True)
class Blank:
    """One document to begin from, in one language: what it is for, which requirements it answers, its text."""

    id: str
    language: str
    title: str
    sort: str  # policy, manual, procedure, work_instruction, form, specification, record_template, external
    basis: str  # shall: the edition asks that this stands written; practice: the organisation's own choice
    requirements: tuple[str, ...]  # ids of iso9001:2015
    purpose: str
    text: str

    @property
    def places(self) -> list[str]:
        """The hints of what is to be filled in, in reading order."""
        return _PLACE.findall(self.text)

    @property
    def fields(self) -> list[str]:
        return _FIELD.findall(self.text)

    @property
    def referred_to(self) -> list[str]:
        """The requirements its text points to."""
        return _REFERENCE.findall(self.text)


def blanks(language: str) -> list[Blank]:
    """All of them in that language, in the order in which a system is usually written; else in English."""
    return list(_shipped().get(language.split("-")[0]) or _shipped()[FALLBACK])


def blank(id: str, language: str) -> Blank | None:
    """The one of that id."""
    return next((one for one in blanks(language) if one.id == id), None)


def languages() -> list[str]:
    return sorted(_shipped())


@lru_cache(maxsize=1)
def _shipped() -> dict[str, tuple[Blank, ...]]:
    found: dict[str, list[Blank]] = {}
    for file in files(__name__).iterdir():
        if match := _NAMED.fullmatch(file.name):
            found.setdefault(match[2], []).append(_read(match[1], match[2], file.read_text(encoding="utf-8")))
    return {language: tuple(sorted(some, key=lambda one: ORDER.index(one.id))) for language, some in found.items()}


def _read(id: str, language: str, content: str) -> Blank:
    """A file: `key: value` lines between two lines of dashes, then the text."""
    _, head, text = content.split("---\n", 2)
    said = dict(line.split(": ", 1) for line in head.splitlines())
    if said["id"] != id:
        raise ValueError(f"{id}.{language}.md says that it is {said['id']}")
    requirements = tuple(said["requirements"].split(", "))
    return Blank(
        id, language, said["title"], said["sort"], said["basis"], requirements, said["for"], text.strip() + "\n"
    )


ORDER = (
    "scope", "quality-policy", "objectives", "quality-manual", "process-description",
    "control-of-documents", "control-of-records", "risks-and-opportunities", "change-control", "competence",
    "calibration", "customer-requirements", "design-and-development", "purchasing", "nonconforming-outputs",
    "internal-audits", "management-review", "corrective-actions", "preventive-actions",
)  # fmt: skip
"""In the order in which a system is usually written; every id has its place here."""
