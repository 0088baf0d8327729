"""`plumb coverage`: which documents speak to which requirement."""

from plumbline.conformity.coverage import coverage

from .finding import organisation_of
from .telling import Refused, line, show


def run(organisation: str, edition: str, json: bool) -> int:
    """One requirement a line, in the order of the standard."""
    try:
        rows = coverage(organisation_of(organisation), edition)
    except LookupError:
        raise Refused(
            f"The edition “{edition}” is not known: 2015, 2026, or one loaded with `plumb standard`."
        ) from None
    for row in rows:
        line(row) if json else show(f"{row['id']}  {_documents(row['documents']) or '–'}")
    return 0


def _documents(documents: list[dict]) -> str:
    return ", ".join(one["number"] + ("" if one["confirmed"] else " (proposed)") for one in documents)
