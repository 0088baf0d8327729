"""Revisions come to be: found in a folder, begun as a draft, confirmed as they are."""

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from plumbline import composition
from plumbline.kernel import actions, faces, files, notices
from plumbline.kernel.models import RequirementLink
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor

from . import routing
from .models import Document, Revision, Text
from .models.labels import order
from .papers import numbered

FOLLOWS = ("title", "owner", "language", "confidential")  # what a revision takes over from its document


def following(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in FOLLOWS}


def add(document: Document, text: str, *, by: Actor, confirm: bool, number: str = "", **values: Any) -> Revision:
    """A revision as found, with its text: in force when confirmed, else proposed; its history waits beside it."""
    for waiting in proposed(document):
        if waiting.source == values.get("source") or order(waiting.revision_no) == order(number):
            actions.act(waiting, "reject", by=by)
    revision = _made(document, by, "proposed", revision_no=number, **values)
    say(revision, text)
    if confirm and document.state == "in_use":
        actions.act(revision, "confirm", by=by)
    elif document.state == "proposed" and proposed(document)[-1] == revision:
        document = actions.edit(document, by=by, revision_no=number)
    return revision


def proposed(document: Document) -> list[Revision]:
    """The revisions that wait to be confirmed, the oldest first by their numbers."""
    waiting = Revision.objects.filter(of_document=document.pk, state="proposed").order_by("uid")
    return sorted(waiting, key=lambda one: order(one.revision_no))


def draft(document: Document, *, by: Actor, text: str | None = None, **values: Any) -> Revision:
    """A revision that somebody begins to make, with the route of its kind; raises policy.Denied.

    Raises AlreadyUnderWay when one is being made already.
    """
    with writing(by.organisation.uid, by.stamp()):
        document = actions.locked(document)
        if document.under_way is not None:
            raise AlreadyUnderWay(_("A revision is being made already: go on with that one."))
        revision = _made(document, by, "draft", **{"revision_no": next_number(document), **values})
        routing.lay(revision, by)
        if text is not None:
            say(revision, text)
    return revision


class AlreadyUnderWay(RuntimeError):
    """A document has one revision in the making at a time."""


def _made(document: Document, by: Actor, state: str, **values: Any) -> Revision:
    given = {**following(document), "of_document": document, "state": state, **values}
    if document.owner_id is None:
        given.pop("owner")
    return actions.create(register_of("revision"), by=by, **given)


def say(revision: Revision, text: str) -> None:
    """Keep what its content says, for search and reading, and what is still to be seen to in it."""
    keep_text(revision, text)
    faces.wrote([revision])


def keep_text(revision: Revision, text: str) -> None:
    Text.objects.update_or_create(revision=revision, defaults=said(revision, text))


def said(revision: Revision, text: str) -> dict[str, Any]:
    """What is derived of its content: the text, the places not filled in yet, the documents it refers to."""
    found = {"organisation": revision.organisation_id, "text": text.replace("\0", " "), "unfilled": [], "refers": []}
    if revision.written and revision.file:
        content = json.loads(files.path_of(revision.file).read_bytes())
        to = {one.target for one in composition.references(content) if one.to == "document"}
        found |= {"unfilled": composition.unfilled(content), "refers": sorted(to)}
    return found


def next_number(document: Document) -> str:
    """The label that follows: 3 after 2, 2.1 after 2.0, B after A; 1.0 for the first."""
    newest = next((one.revision_no for one in document.history if one.revision_no and one.state != "rejected"), "")
    head, tail = newest[:-1], newest[-1:]
    if not newest:
        return "1.0"
    if tail.isdigit():
        digits = len(newest) - len(newest.rstrip("0123456789"))
        return f"{newest[:-digits]}{int(newest[-digits:]) + 1}"
    return head + chr(ord(tail) + 1) if tail.isalpha() and tail not in "zZ" else newest + ".1"


def confirmed(document: Document, by: Actor, answers: dict) -> None:
    """Effect of the move: its newest revision is the one in force, under the number that was confirmed."""
    waiting = proposed(document)
    for one in waiting[:-1]:
        actions.act(one, "confirm", by=by)
    for newest in waiting[-1:]:
        actions.act(actions.edit(newest, by=by, revision_no=document.revision_no), "confirm", by=by)


def withdrawn(document: Document, by: Actor, answers: dict) -> None:
    """Effect of the move: nobody works to any of its revisions; what was only proposed waits, should it come back."""
    ends = {"effective": "withdraw", "draft": "drop", "requested": "decline"}
    because = _("The document is withdrawn.")
    for revision in Revision.objects.filter(of_document=document.pk).exclude(closed_at__isnull=False).order_by("uid"):
        if back := {"approved": "recall", "in_review": "change", "in_approval": "change"}.get(revision.state):
            revision = actions.act(revision, back, by=by, reason=because)
        if verb := ends.get(revision.state, ""):
            actions.act(revision, verb, by=by, reason=because)
    if numbered.out(document):  # a closed record is nobody's turn, but what hangs on the wall has to go
        notices.tell_of_move({document.owner_id}, document, "turn:collect", by)


def comes_back(document: Document, by: Actor) -> str | None:
    return "proposed" if Revision.objects.filter(of_document=document.pk, state="proposed").exists() else None


def settle(document: Document, *, by: Actor, requirements: bool, version: int | None = None) -> Document:
    """Confirm what waits on a document: itself or its new revision, and if wanted the requirements proposed for it."""
    with writing(by.organisation.uid, by.stamp()):
        document = actions.locked(document)
        if document.state == "proposed":
            document = actions.act(document, "confirm", by=by, version=version)
        else:
            for waiting in proposed(document):
                actions.act(waiting, "confirm", by=by)
        if requirements:
            for link in proposed_links(document):
                actions.edit(link, by=by, state=RequirementLink.State.CONFIRMED)
    return document


def proposed_links(document: Document) -> models.QuerySet:
    return RequirementLink.objects.filter(record_id=document.uid, state=RequirementLink.State.PROPOSED)
