"""The sweep: what a crash or an older backup left of a disposal is done; nothing is done twice."""

from dataclasses import dataclass, field

from plumbline.kernel import actions, disposal
from plumbline.organisation.actor import Actor

from . import noting
from .models import Disposal, QualityRecord


@dataclass
class Swept:
    """What there was to do."""

    noted: int = 0  # disposals that were missing in the list outside
    repeated: list[str] = field(default_factory=list)  # records disposed of again
    held: list[str] = field(default_factory=list)  # disposed of once, and on hold in this database
    removed: int = 0  # files whose bytes were still on disk


def sweep(*, alone: bool = False) -> Swept:
    """Note, repeat, remove. `alone`: nobody else works on this installation, so nothing on disk is under way."""
    known = noting.read()
    missing = [_note(one) for one in Disposal.objects.order_by("uid") if one.uid not in known]
    swept = Swept(noted=noting.keep(*missing) if missing else 0)
    for note in known.values():
        _again(note, swept)
    swept.removed = disposal.sweep(alone)
    return swept


def _note(one: Disposal) -> noting.Note:
    return noting.Note(
        one.organisation_id, one.record_id, one.uid, one.disposed_at, one.method, one.first_by_id, one.second_by_id
    )


def _again(note: noting.Note, swept: Swept) -> None:
    """Dispose again of what this database still thinks it keeps; a legal hold stands against it."""
    records = QualityRecord.objects.filter(organisation=note.organisation, pk=note.record)
    record = records.exclude(state="disposed").select_related("organisation").first()
    if record is None:
        return
    if record.state == "held":
        swept.held.append(record.number)
        return
    actions.act(record, "repeat", by=Actor.installation(record.organisation), note=note)
    swept.repeated.append(record.number)
