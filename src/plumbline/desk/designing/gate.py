"""Stage 2 of the road, computed: each document asked for is in force or not needed; gaps in documents are mended."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from plumbline.organisation.actor import Actor
from plumbline.registers.evaluation.audits.gate import Condition
from plumbline.standards.catalogue import Edition

from .answering import answers
from .asked import MAKING, MISSING, TO_MEND, Asked, asked, edition_of
from .weak import Weak, weak


@dataclass
class Design:
    """How far the documents are: what is asked for, and what is in force yet weak."""

    edition: Edition
    rows: list[Asked]
    weak: list[Weak]
    conditions: list[Condition]


def design(actor: Actor) -> Design:
    """Everything that stage 2 says, in a number of queries that does not grow."""
    organisation = actor.organisation
    edition = edition_of(organisation)
    rows = asked(organisation, edition)
    answers(actor, edition, rows)
    return Design(edition, rows, weak(actor, rows), _conditions(actor, rows))


def _conditions(actor: Actor, rows: list[Asked]) -> list[Condition]:
    slug = actor.organisation.slug
    url = reverse("system-design", args=[slug])
    lacking = [row for row in rows if row.state in (MISSING, MAKING)]
    to_mend = [row for row in rows if row.state == TO_MEND]
    written = _("Every document that is asked for is in force, or it is said why it is not needed")
    mended = _("Every gap in a document is mended")
    return [
        Condition("written", written, not lacking, url, [_named(slug, row) for row in lacking]),
        Condition("mended", mended, not to_mend, url, [_named(slug, row) for row in to_mend]),
    ]


def _named(slug: str, row: Asked) -> Any:
    """A row as a link, with its clause."""
    url = reverse("asked-for", args=[slug, row.key])
    return format_html('<a href="{}">{} {}</a>', url, row.clause, row.title)
