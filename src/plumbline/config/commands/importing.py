"""`plumb import`: documents as they are found in a folder, a ZIP or one file."""

from dataclasses import asdict
from pathlib import Path

from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.importing import Line, import_path

from .finding import organisation_of
from .telling import bar, line, say, show

WORDS = {"new": "new", "changed": "changed", "unchanged": "as before", "refused": "refused"}


def run(path: Path, organisation: str, dry_run: bool, yes: bool, json: bool) -> int:
    """One line a file; a refused file says why, the others go on, and the exit code stays 0."""
    actor = Actor.installation(organisation_of(organisation))
    counted: dict[str, int] = {}
    with bar("Reading") as progress:
        for found in import_path(path, actor, confirm=yes, dry_run=dry_run, progress=progress):
            counted[found.status] = counted.get(found.status, 0) + 1
            line(asdict(found)) if json else show(_text(found))
    told = ", ".join(f"{count} {WORDS.get(status, status)}" for status, count in sorted(counted.items()))
    say((told or "No file was found") + (". Nothing was written: it was a dry run." if dry_run else "."))
    return 0


def _text(found: Line) -> str:
    if found.status == "refused":
        return f"{found.file}: refused, {found.reason}"
    speaks = ", ".join(str(one["id"]) for one in found.requirements) or "no requirement recognised"
    return (
        f"{found.file}: {WORDS.get(found.status, found.status)}, {found.number} {found.title} ({found.kind}); {speaks}"
    )
