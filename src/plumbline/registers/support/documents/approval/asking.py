"""A change of a document, asked for by anybody: what, why, what it means for others, which documents it touches."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plumbline.kernel import actions, faces, notices, policy
from plumbline.kernel.models import Link
from plumbline.kernel.register import register_of
from plumbline.kernel.views import RegisterView
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor

from .. import revising
from ..models import Document, Revision

IMPACTS = "impacts"  # why a change request links to a document that may have to change, too
FOUND = 8


def ask(document: Document, by: Actor, impacted: Iterable[Document] = (), quote: str = "", **said: str) -> Revision:
    """The request, for the owner of the document to take up or to decline."""
    change = said.get("change", "").strip()
    if not change:
        raise ValidationError({"change": _("Say what should change.")})
    said["change"] = f"“{quote.strip()[:2000]}”\n\n{change}" if quote.strip() else change
    with writing(by.organisation.uid, by.stamp()):
        values: dict[str, Any] = {**revising.following(document), "of_document": document, **said}
        revision = actions.create(register_of("revision"), by=by, **values)
        for other in impacted:
            if other.pk != document.pk:
                actions.create(Link, by=by, record=revision, target=other, why=IMPACTS)
    return revision


def declined(revision: Revision, by: Actor, answers: dict[str, Any]) -> None:
    """Effect of the move: whoever asked hears of it."""
    notices.tell_of_move({revision.author_id}, revision, "decline", by)


def already_making(revision: Revision) -> str | None:
    """Why this change cannot be begun now."""
    making = revision.of_document.under_way
    if making is not None and making.pk != revision.pk:
        return _("Revision %(number)s is being made already: take the change up there.") % {
            "number": making.revision_no
        }
    return None


class Ask(RegisterView):
    """The form, on the page of a document."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(self.answer())
        if "q" in request.GET:
            chosen = self.named(request.GET.getlist("impacts"))
            return self.show(
                "documents/approval/_found.html", chosen=chosen, found=self.found(request.GET["q"], chosen)
            )
        return self.show("documents/approval/ask.html", said={"quote": request.GET.get("quote", "")})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(self.answer())
        said = {name: request.POST.get(name, "").strip() for name in ("change", "because", "impact", "quote")}
        impacted = self.named(request.POST.getlist("impacts"))
        try:
            made = ask(cast(Document, self.record), self.actor, impacted, **said)
        except ValidationError as error:
            told = {"said": said, "chosen": impacted, "wrong": " ".join(error.messages)}
            return self.show("documents/approval/ask.html", 422, **told)
        owner = self.record.owner.name
        messages.success(request, _("%(owner)s hears of it and takes it up, or says why not.") % {"owner": owner})
        return redirect("revisions:record", self.actor.organisation.slug, made.number)

    def answer(self) -> policy.Answer:
        return policy.may_create(self.actor, register_of("revision"), {"of_document": self.record})

    def others(self) -> Any:
        return Document.objects.visible_to(self.actor).exclude(pk=self.record.pk)

    def named(self, uids: list[str]) -> list[Any]:
        try:
            return list(self.others().filter(pk__in=[UUID(uid) for uid in uids[:50]]))
        except ValueError:
            return []

    def found(self, text: str, chosen: list[Any]) -> list[Any]:
        if not text.strip():
            return []
        others = self.others().exclude(pk__in=[one.pk for one in chosen])
        return list(faces.finder().narrow(others, text[:200]).order_by("number")[:FOUND])
