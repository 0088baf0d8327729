"""`plumb export`: a whole company as one ZIP."""

from pathlib import Path

from plumbline.faces.portable.exporting import export
from plumbline.faces.portable.form import Unfit
from plumbline.organisation.actor import Actor

from .finding import organisation_of
from .telling import Refused, bar, line, say


def run(organisation: str, output: Path, json: bool) -> int:
    """Write it beside its name, rename it when it is whole, and tell what it is."""
    company = organisation_of(organisation)
    try:
        with bar("Writing") as told:
            facts = export(company, output, Actor.installation(company), told)
    except Unfit as error:
        raise Refused(str(error)) from error
    if json:
        line(facts)
        return 0
    say(f"{output}: {company.name}, {facts['events']} events, {facts['files']} files, {facts['bytes']:,} bytes.")
    say(f"  Head {facts['head']}, state digest {facts['state_digest']}. Everything is in it: keep it safe.")
    return 0
