"""Documents that wait for a person: correct what the reader proposed, confirm it, or say that it is none of ours."""

from functools import cache
from typing import Any, cast
from uuid import UUID

from django import forms as fields
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.history.uids import uid_of
from plumbline.kernel import actions, forms, pages, policy
from plumbline.kernel.middleware import asked
from plumbline.kernel.models import RequirementLink
from plumbline.kernel.register import Register
from plumbline.kernel.views import RegisterView
from plumbline.kernel.workflow import IllegalMove
from plumbline.ledger.writer import witnessed, writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, here

from . import revising, speaking
from .models import Document, Revision
from .models.labels import order

PAGE = 20
CORRECTED = ["number", "title", "sort", "revision_no", "language", "owner"]


def waiting(register: Register, actor: Actor) -> QuerySet:
    """What is proposed, or has a proposed revision, of what the actor may see."""
    proposed = Revision.objects.filter(of_document=OuterRef("pk"), state="proposed")
    return register.records(actor).filter(Q(closed_at=None), Q(state="proposed") | Q(Exists(proposed)))


@cache
def correction(register: Register) -> type[forms.RecordForm]:
    return forms.form_class(register, CORRECTED)


class Desk:
    """What the cards of one page share, loaded once: people and languages to choose from."""

    def __init__(self, register: Register, actor: Actor) -> None:
        self.register, self.actor = register, actor
        people = Person.objects.filter(here(actor.organisation.today()), organisation=actor.organisation).order_by(
            "name"
        )
        self.people = [(str(uid), name) for uid, name in people.values_list("uid", "name")]

    def form(self, document: Document, incoming: Revision | None = None, typed: Any = None) -> forms.RecordForm:
        shown = {"revision_no": incoming.revision_no} if incoming and document.state == "in_use" else {}
        form: Any = correction(self.register)(
            typed, actor=self.actor, instance=document, initial=shown, auto_id=f"d{document.uid.hex}-%s"
        )
        known: list[tuple[str, Any]] = [("", "–"), *settings.LANGUAGES]
        more = [] if document.language in dict(known) else [(document.language, document.language)]
        form.fields["language"].widget = fields.Select(choices=known + more)
        form.fields["version"] = fields.IntegerField(widget=fields.HiddenInput, initial=document.version)
        if typed is None:
            form.fields["owner"].choices = self.people
        form.mark_optional = False
        return form

    def cards(self, documents: list[Document]) -> list[dict[str, Any]]:
        """Form, revision and requirements of each, in two queries."""
        uids = [document.uid for document in documents]
        revisions: dict[UUID, list[Revision]] = {}
        for revision in Revision.objects.filter(of_document__in=uids, state="proposed").order_by("uid"):
            revisions.setdefault(revision.of_document_id, []).append(revision)
        links: dict[UUID, list[RequirementLink]] = {}
        for link in RequirementLink.objects.filter(record__in=uids):
            links.setdefault(link.record_id, []).append(link)
        return [self.card(one, revisions.get(one.uid, []), links.get(one.uid, [])) for one in documents]

    def card(self, document: Document, revisions: list[Revision], links: list[RequirementLink]) -> dict[str, Any]:
        incoming = max(revisions, key=lambda one: order(one.revision_no), default=None)
        spoken = speaking.spoken(links)
        form, counted = self.form(document, incoming), speaking.counted(spoken)
        earlier = sorted((one for one in revisions if one != incoming), key=lambda one: order(one.revision_no))
        card = {"document": document, "form": form, "incoming": incoming, "spoken": spoken, "counted": counted}
        return {**card, "earlier": earlier}


class Review(RegisterView):
    """n documents proposed: confirm or correct."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_create(self.actor, self.register))
        everything = waiting(self.register, self.actor)
        rest = everything.order_by("uid")
        if after := request.GET.get("after"):
            rest = rest.filter(uid__gt=after) if uid_of(after) else rest
        found = list(rest[: PAGE + 1])
        onward = f"?after={found[PAGE - 1].uid}" if len(found) > PAGE else ""
        cards = Desk(self.register, self.actor).cards(found[:PAGE])
        return self.show("documents/review.html", cards=cards, count=everything.count(), next_url=onward)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Those that were ticked, or all of the page; each its own transaction, so one that fails stops no other."""
        what = request.POST.get("do", "")
        name = "shown" if what.startswith("all") else "document"
        uids = [uid for uid in request.POST.getlist(name) if uid_of(uid)][:200]
        chosen = waiting(self.register, self.actor).filter(uid__in=uids)
        with witnessed(None):  # none of them is the whole
            done = sum(self.settle(document, what.endswith("requirements")) for document in chosen)
        if done:
            confirmed(request, done)
        elif not uids:
            messages.error(request, _("Tick a document first."))
        return redirect(self.url("review"))

    def settle(self, document: Document, requirements: bool) -> bool:
        try:
            revising.settle(document, by=self.actor, requirements=requirements)
        except (policy.Denied, ValidationError, IllegalMove) as error:
            said = " ".join(getattr(error, "messages", [str(error)]))
            messages.error(self.request, f"{document.number}: {said}")
            return False
        return True


def confirmed(request: HttpRequest, count: int) -> None:
    words = ngettext("%(count)d document is confirmed.", "%(count)d documents are confirmed.", count)
    messages.success(request, words % {"count": count})


class Proposed(RegisterView):
    """One card: its fields are saved when they are left; confirm it, set it aside, or take that back."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        what, desk = request.POST.get("do", "save"), Desk(self.register, self.actor)
        try:
            if what in ("save", "confirm", "requirements"):
                self.correct(desk)
            self.act(what)
        except (ValidationError, IllegalMove, actions.Stale) as error:
            return self.refused(error, desk)
        if what == "save" and "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"version": self.record.version})
        if asked(request).htmx:
            return self.show("documents/_card.html", card=self.card(desk), settled=what)
        if what in ("confirm", "requirements"):
            confirmed(request, 1)
        return redirect(self.url("review"))

    def correct(self, desk: Desk) -> None:
        """Raises ValidationError with the texts by field."""
        if "title" not in self.request.POST:
            return
        form = desk.form(self.record, typed=self.request.POST)
        if not form.is_valid():
            raise ValidationError({name: [str(text) for text in texts] for name, texts in form.errors.items()})
        answers, incoming = form.answers(), self.record.incoming
        with writing(self.actor.organisation.uid, self.actor.stamp()):
            if incoming and self.record.state == "in_use":
                actions.edit(incoming, by=self.actor, revision_no=answers.pop("revision_no"))
            self.record = actions.edit(self.record, by=self.actor, version=form.cleaned_data["version"], **answers)

    def act(self, what: str) -> None:
        if what in ("confirm", "requirements"):
            self.record = revising.settle(self.record, by=self.actor, requirements=what == "requirements")
        elif what == "withdraw" and self.record.state == "in_use":
            self.turn("proposed", "reject")
        elif what == "withdraw":
            self.record = actions.act(self.record, "withdraw", by=self.actor, reason=_("Set aside while importing"))
        elif what == "reopen" and self.record.state == "in_use":
            self.turn("rejected", "restore")
        elif what == "reopen":
            self.record = actions.act(self.record, "reopen", by=self.actor)

    def turn(self, state: str, verb: str) -> None:
        """Set the newest revision of a state aside, or take it back; the document itself stays in use."""
        if revision := next((one for one in self.record.history if one.state == state), None):
            actions.act(revision, verb, by=self.actor)

    def card(self, desk: Desk) -> dict[str, Any]:
        return desk.cards([cast(Document, pages.find(self.register, self.actor, self.record.number))])[0]

    def refused(self, error: Exception, desk: Desk) -> HttpResponse:
        """Beside the field for a script, on the card for a person; 409 when somebody else was quicker."""
        texts = getattr(error, "message_dict", None) or {}
        said = " ".join(getattr(error, "messages", [str(error)]))
        status = 422 if isinstance(error, ValidationError) else 409
        if "application/json" in self.request.headers.get("Accept", ""):
            return JsonResponse({"errors": texts, "message": "" if texts else said}, status=status)
        if asked(self.request).htmx:
            return self.show("documents/_card.html", card=self.card(desk), problem=said)
        messages.error(self.request, said)
        return redirect(self.url("review"))


class Speaks(RegisterView):
    """Confirm or reject that a document speaks to a requirement; either can be taken back."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        state = request.POST.get("state", "")
        if state in RequirementLink.State.values:
            for link in self.chosen():
                speaking.judge(link, state, self.actor)
        if asked(request).htmx:
            links = RequirementLink.objects.filter(record_id=self.record.uid)
            spoken = speaking.spoken(links)
            counted = speaking.counted(spoken)
            context = {"document": self.record, "spoken": spoken, "counted": counted, "open": True}
            return self.show("documents/_speaks.html", may_judge=True, **context)
        return redirect(self.url("review")) if request.POST.get("back") == "review" else self.to_record()

    def chosen(self) -> QuerySet:
        if uid_of(link := self.request.POST.get("link", "")):
            return RequirementLink.objects.filter(record_id=self.record.uid, uid=link)
        return revising.proposed_links(self.record) if "all" in self.request.POST else RequirementLink.objects.none()
