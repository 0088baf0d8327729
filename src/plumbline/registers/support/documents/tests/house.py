"""A company with a document, somebody who writes and somebody who approves."""

import io
from datetime import UTC, date, datetime, time
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from plumbline.kernel import actions, files
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, proof
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation, Person
from plumbline.organisation.roles import Role
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.models import (
    Document,
    Revision,
)

ZONE = ZoneInfo("Europe/Berlin")  # the zone an organisation begins with
TODAY = datetime.now(ZONE).date()


class House:
    """A company with a document, somebody who writes and somebody who approves."""

    def __init__(self, acme: Company) -> None:
        self.acme = acme
        self.dora = acme.join("Dora Ellis", "dora@acme.example", Role.QUALITY)
        self.writer = Actor.of(self.dora)
        self.document = actions.create(register_of("document"), by=acme.actor, title="Purchasing", sort="procedure")
        kept = files.keep(acme.organisation.uid, io.BytesIO(b"Suppliers are evaluated."), "purchasing.txt")
        self.file = actions.content(kept, by=acme.actor)

    def draft(self, **values: Any) -> Revision:
        document = Document.objects.get(pk=self.document.pk)
        return revising.draft(document, by=self.writer, text="Suppliers are evaluated.", file=self.file, **values)

    def act(self, revision: Revision, verb: str, by: Person | None = None, **answers: Any) -> Revision:
        by = by or self.acme.ann
        revision = Revision.objects.get(pk=revision.pk)
        move = register_of(revision).workflow.move(verb, revision.state)
        return actions.act(revision, verb, by=Actor.of(by), proof=proof(revision, move, by), **answers)

    def approved(self, **values: Any) -> Revision:
        revision = self.act(self.draft(**values), "submit", self.dora)
        return self.act(revision, "approve")

    def in_force(self, on: date = TODAY, **values: Any) -> Revision:
        """On a day that is past, it was put into force on that day."""
        revision = self.approved()
        then = min(datetime.combine(on, time(12), UTC), datetime.now(UTC)).astimezone(ZONE)
        with patch.object(Organisation, "now", lambda _: then):
            return self.act(revision, "put_into_force", effective_on=on, **values)
