"""`plumb standard`: another standard, as a file of the same form as ours."""

from pathlib import Path

from plumbline.history.uids import uuid7
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.standards.catalogue import SHIPPED, Unreadable, read_edition
from plumbline.standards.models import LoadedEdition

from .finding import organisation_of
from .telling import Refused, line, say


def run(file: Path, organisation: str, code: str, name: str, language: str, json: bool) -> int:
    """Load it, or replace what was loaded under this code."""
    if code in SHIPPED or code.isdigit() or not code.strip():
        raise Refused(f"The code “{code}” is taken by a shipped edition: choose another, such as iso14001:2015.")
    try:
        text = file.read_text(encoding="utf-8-sig")
        edition = read_edition(code, name, text.splitlines(), language)
    except (Unreadable, UnicodeDecodeError) as error:
        raise Refused(f"{file.name} is not a standard in our form: {error}.") from error
    status = _keep(Actor.installation(organisation_of(organisation)), code, name, language, text)
    told = {"code": code, "name": name, "requirements": len(edition.requirements), "status": status}
    line(told) if json else say(f"{name}: {status}, {len(edition.requirements)} requirements.")
    return 0


def _keep(by: Actor, code: str, name: str, language: str, text: str) -> str:
    home = by.organisation.uid
    with writing(home, by.stamp()) as pen:
        row = LoadedEdition.objects.select_for_update().filter(home=home, code=code).first()
        if row and (row.name, row.language, row.text) == (name, language, text):
            return "unchanged"
        status = "changed" if row else "new"
        row = row or LoadedEdition(uid=uuid7(), home=home, code=code)
        row.name, row.language, row.text = name, language, text
        row.full_clean(exclude=["last_event"])
        pen.save(row, "edit" if status == "changed" else "create")
    return status
