"""Revisions: one is added, one is put in use, the one before steps back."""

from typing import Any

from django.db import models

from plumbline.kernel import actions, search
from plumbline.kernel.models import RequirementLink
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor

from .models import Document, Revision, Text

State = Revision.State


def add(document: Document, text: str, *, by: Actor, confirm: bool, **values: Any) -> Revision:
    """A new revision with its text; in use at once when confirmed, else proposed in place of one that waited."""
    for waiting in Revision.objects.filter(record_id=document.uid, state=State.PROPOSED):
        actions.edit(waiting, by=by, state=State.SUPERSEDED)
    revision = actions.create(Revision, by=by, record=document, **values)
    Text.objects.create(revision=revision, organisation=by.organisation.uid, text=text)
    if confirm and document.state == "in_use":
        put_in_use(document, revision, by)
    elif document.state == "proposed":
        document = actions.edit(document, by=by, revision=revision.number)
    search.renew([document])
    return revision


def put_in_use(document: Document, revision: Revision, by: Actor) -> None:
    """This revision counts from now on; the one before is superseded."""
    for old in Revision.objects.filter(record_id=document.uid, state=State.EFFECTIVE).exclude(pk=revision.pk):
        actions.edit(old, by=by, state=State.SUPERSEDED)
    actions.edit(revision, by=by, state=State.EFFECTIVE)
    fresh = Document.objects.get(pk=document.pk)
    if fresh.revision != revision.number:
        actions.edit(fresh, by=by, revision=revision.number)


def confirmed(document: Document, by: Actor, answers: dict) -> None:
    """Effect of the move: its proposed revision is the one in use, under the number that was confirmed."""
    if waiting := document.incoming:
        put_in_use(document, actions.edit(waiting, by=by, number=document.revision), by)


def settle(document: Document, *, by: Actor, requirements: bool, version: int | None = None) -> Document:
    """Confirm what waits on a document: itself or its new revision, and if wanted the requirements proposed for it."""
    with writing(by.organisation.uid, by.stamp()):
        document = actions.locked(document)
        if document.state == "proposed":
            document = actions.act(document, "confirm", by=by, version=version)
        elif waiting := document.incoming:
            put_in_use(document, waiting, by)
        if requirements:
            for link in proposed_links(document):
                actions.edit(link, by=by, state=RequirementLink.State.CONFIRMED)
    return document


def proposed_links(document: Document) -> models.QuerySet:
    return RequirementLink.objects.filter(record_id=document.uid, state=RequirementLink.State.PROPOSED)
