"""The lines where the words stand, marked: in a record's own text, else in a comment, an answer or an attached file."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.ui import excerpts

from .engines import Groups
from .parts import PASSAGE, of_records


def passages(actor: Actor, records: Sequence[Record], groups: Groups) -> dict[UUID, SafeString]:
    """For each of these records, which the actor may see, the first lines with the words, beside its title."""
    said: dict = {}
    for kind in {record.kind for record in records}:
        said |= register_of(kind).says(actor, [record.uid for record in records if record.kind == kind])
    told = {record.uid: excerpts.excerpt(said.get(record.uid, ""), groups) for record in records}
    wanted = excerpts.words(groups)
    left = [one for one in records if not told[one.uid] and not (wanted and wanted.search(f"{one.number} {one.title}"))]
    for uid, texts in (of_records(left, PASSAGE) if left else {}).items():
        told[uid] = next((found for text in texts if (found := excerpts.excerpt(text, groups))), mark_safe(""))
    return told


def titled(record: Record, groups: Groups) -> SafeString:
    """The title with the words marked."""
    return mark_safe(excerpts.marked(record.title, excerpts.marks(groups)))
