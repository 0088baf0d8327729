"""Which documents speak to which requirement: read from the links that records carry, whatever register they are of."""

from collections.abc import Iterator

from plumbline.kernel.models import RequirementLink
from plumbline.organisation.models import Organisation
from plumbline.standards.catalogue import Edition
from plumbline.standards.models import find_edition

PROPOSED = "proposed"  # a record in this state has not been confirmed by anybody yet


def coverage(organisation: Organisation, edition: Edition | str = "", kind: str = "document") -> Iterator[dict]:
    """For every requirement of the edition: id, clause, documents [{number, confirmed}]; without rejected ones.

    Without an edition the organisation's own. One query, whatever the size. Raises LookupError for an unknown edition.
    """
    code = edition or organisation.edition
    chosen = find_edition(organisation.uid, code) if isinstance(code, str) else code
    if chosen is None:
        raise LookupError(str(code))
    return _rows(organisation, chosen, kind)


def _rows(organisation: Organisation, edition: Edition, kind: str) -> Iterator[dict]:
    speaking = _speaking(organisation, {requirement.edition for requirement in edition.requirements}, kind)
    for requirement in edition.requirements:
        documents = speaking.get((requirement.edition, requirement.id), [])
        yield {"id": requirement.id, "clause": requirement.clause, "documents": documents}


def _speaking(organisation: Organisation, editions: set[str], kind: str) -> dict[tuple[str, str], list[dict]]:
    """(edition, requirement) → the records that speak to it; confirmed when both the link and the record are."""
    links = RequirementLink.objects.filter(
        organisation=organisation, edition__in=editions, record__kind=kind, record__closed_at=None
    ).exclude(state=RequirementLink.State.REJECTED)
    found: dict[tuple[str, str], list[dict]] = {}
    rows = links.order_by("record__number").values_list(
        "edition", "requirement", "state", "record__number", "record__state"
    )
    for code, requirement, state, number, standing in rows.iterator(chunk_size=2000):
        confirmed = state == RequirementLink.State.CONFIRMED and standing != PROPOSED
        found.setdefault((code, requirement), []).append({"number": number, "confirmed": confirmed})
    return found
