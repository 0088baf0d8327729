"""Pages that other registers do not have: what ends when, what is on hold, and disposing of many at once."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plumbline.kernel import actions, pages, policy, signing, views
from plumbline.kernel.models import Attachment, Record, Signature
from plumbline.kernel.views import RegisterView
from plumbline.kernel.workflow import IllegalMove, Move
from plumbline.ledger.models import Opening
from plumbline.ledger.writer import witnessed
from plumbline.organisation.models import Account
from plumbline.ui.marks import badge_html, date_html, person_html
from plumbline.ui.rows import Column, Row

from . import categories, retention
from .models import Disposal, QualityRecord

MOST = 50  # records dealt with at once


def due(records: QuerySet, today: Any) -> QuerySet:
    """Past their retention and not on hold: what may be proposed for disposal."""
    return records.filter(state__in=("kept", "cancelled"), keep_until__lt=today).order_by("keep_until", "uid")


def waiting(records: QuerySet) -> QuerySet:
    """Proposed for disposal, and waiting for a signature."""
    return records.filter(state__in=("proposed", "signed")).order_by("uid")


class Listing(views.List):
    """The list; while there is no category, the way to the usual ones."""

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        if template == "kernel/list.html":
            template = "records/list.html"
            context["uncategorised"] = context["empty"] and not categories.of(self.actor.organisation).exists()
        return super().show(template, status, **context)


class New(views.Create):
    """A record needs a category: without any, the way leads there first."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not categories.of(self.actor.organisation).exists():
            messages.warning(request, _("A record needs a category that says how long it is kept: choose these first."))
            return redirect(self.url("categories"))
        return super().get(request, **kwargs)


class Detail(views.Detail):
    """The record with its retention, its hold, and how it was disposed of."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = pages.record_context(self.register, self.actor, self.record)
        choice = ("sign", "dispose")  # of these two the category leaves one
        context["moves"] = [pair for pair in context["moves"] if pair[1] or pair[0].verb not in choice]
        record = self.record
        if record.state == "held":
            context["hold"] = Signature.objects.filter(record_id=record.uid, verb="hold").order_by("-uid").first()
            context["hold_reason"] = _reason(record, "hold")
        if record.state == "disposed":
            disposal = Disposal.objects.filter(record_id=record.uid).select_related("first_by", "second_by").first()
            context |= {"disposal": disposal, "files": _files(disposal, self.actor) if disposal else []}
        context |= {"past": record.past(), "begins": record.begins()}
        return self.show("records/record.html", **context)


def _reason(record: QualityRecord, verb: str) -> str:
    """What was said at the newest move of that name."""
    opening = Opening.objects.filter(event__subject=record.uid, event__verb=verb).order_by("-pk").first()
    return json.loads(opening.text)["reason"] if opening else ""


def _files(disposal: Disposal, actor: Any) -> list[dict[str, Any]]:
    """The files of a disposal, each with the records that still hold it, as far as the reader may see them."""
    held = {uid for file in disposal.files for uid in file["held"]}
    seen = {str(one.uid): one for one in Record.objects.visible_to(actor).filter(pk__in=held)} if held else {}
    return [
        {
            **file,
            "others": [seen[uid] for uid in file["held"] if uid in seen],
            "hidden": not set(file["held"]) <= set(seen),
        }
        for file in disposal.files
    ]


class Retention(RegisterView):
    """What is due for disposal, what waits for a signature, what is on hold, and how much ends when."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today, records = self.actor.organisation.today(), self.register.records(self.actor)
        rows = retention.ends(records, today)
        parts = {"due": due(records, today), "waiting": waiting(records), "held": records.filter(state="held")}
        found = {name: list(rows_[: MOST + 1]) for name, rows_ in parts.items()}
        return self.show(
            "records/retention.html",
            due=self.rows(found["due"][:MOST]),
            waiting=self.rows(found["waiting"][:MOST], state=True),
            held=self.rows(found["held"][:MOST]),
            more={name: len(found[name]) > MOST for name in found},
            columns=self.columns(),
            waiting_columns=self.columns(state=True),
            svg=mark_safe(retention.picture(rows)) if any(sum(counts.values()) for _word, counts in rows) else "",
            headings=[_("Ends"), pgettext("kept as evidence", "Records"), _("of these on hold")],
            numbers=[(word, sum(counts.values()), counts["partly"]) for word, counts in rows],
        )  # fmt: skip

    def columns(self, state: bool = False) -> list[Column]:
        last = (
            [Column(_("State"), "state")] if state else [Column(_("Kept until"), "date"), Column(_("Owner"), "owner")]
        )
        return [Column(_("Number"), "number"), Column(_("Title"), "title"), Column(_("Category")), *last]

    def rows(self, records: list[QualityRecord], state: bool = False) -> list[Row]:
        return [
            Row(
                self.url("record", record.number),
                [record.number, record.title, record.category.name, *self.last(record, state)],
                uid=str(record.uid),
            )
            for record in records
        ]

    def last(self, record: QualityRecord, state: bool) -> list[str]:
        standing = self.register.state_of(record)
        if state:
            return [badge_html(str(standing.label), standing.tone)]
        return [date_html(record.keep_until), person_html(record.owner.name)]


class MethodForm(forms.Form):
    """How those that are signed for now are disposed of."""

    method = forms.ChoiceField(
        label=QualityRecord._meta.get_field("method").verbose_name, choices=QualityRecord.Method.choices
    )


@dataclass
class Choice:
    """One record of a bulk move: its next move, whether it may be made, and what is seen of it."""

    record: QualityRecord
    move: Move | None
    answer: policy.Answer
    seen: str = ""
    files: list[Attachment] | None = None


class Disposing(RegisterView):
    """The next step towards disposal of several records: each is looked at, then proposed or signed for by itself."""

    @cached_property
    def chosen(self) -> list[Choice]:
        return [self.choice(record) for record in self.found(self.request.POST or self.request.GET)]

    def found(self, asked: Any) -> list[QualityRecord]:
        records = self.register.records(self.actor)
        if asked.get("all") == "due":
            return list(due(records, self.actor.organisation.today())[:MOST])
        if asked.get("all") == "waiting":
            return list(waiting(records)[:MOST])
        return list(records.filter(pk__in=_uids(asked.getlist("record"))).order_by("uid"))

    def choice(self, record: QualityRecord) -> Choice:
        verb = next_verb(record)
        if verb is None:
            return Choice(record, None, policy.Answer(False, _("It is not on the way to disposal.")))
        move = self.register.workflow.move(verb, record.state)
        answer = policy.may_move(self.actor, move, record)
        seen = signing.digest_of(signing.manifest(record)) if answer and move.sign else ""
        return Choice(record, move, answer, seen, list(record.attachments.filter(disposal=None).select_related("file")))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(MethodForm())

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        moves = {one.move.verb: one.move for one in self.chosen if one.answer and one.move}
        return self.show(
            "records/disposal.html", status, chosen=self.chosen, moves=list(moves.values()), most=MOST,
            form=form if any("method" in move.asks for move in moves.values()) else None,
        )  # fmt: skip

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = MethodForm(request.POST)
        asks = any(one.answer and one.move and "method" in one.move.asks for one in self.chosen)
        if asks and not form.is_valid():
            return self.page(form, 422)
        method = form.cleaned_data.get("method", "") if asks else ""
        with witnessed(None):  # none of them is the whole
            refused = [f"{one.record.number}: {why}" for one in self.chosen if (why := self.refusal(one, method))]
        for words in refused:
            messages.error(request, words)
        if done := len(self.chosen) - len(refused):
            words = ngettext("%(count)d record went on.", "%(count)d records went on.", done)
            messages.success(request, words % {"count": done})
        return redirect(self.url("retention"))

    def refusal(self, one: Choice, method: str) -> str:
        """Make the move on one record; why not, or nothing."""
        if not one.answer or one.move is None:
            return one.answer.reason
        typed, record, account = self.request.POST, one.record, cast(Account, self.request.user)
        seen = typed.get(f"seen-{record.uid}") or "nothing"
        try:
            proof = signing.prove(account, record, one.move, None, seen) if one.move.sign else None
            answers = {"method": method} if "method" in one.move.asks else {}
            version = int(typed.get(f"version-{record.uid}", ""))
            actions.act(record, one.move.verb, by=self.actor, version=version, proof=proof, **answers)
        except (policy.Denied, ValidationError, actions.Stale) as error:
            return " ".join(getattr(error, "messages", [str(error)]))
        except (signing.BadSignature, IllegalMove, ValueError):
            return _("It changed while you were reading. Look at it again.")
        return ""


def next_verb(record: QualityRecord) -> str | None:
    """The next step of this record on the way to disposal."""
    two = "sign" if record.category.two_people else "dispose"
    return {"kept": "propose", "cancelled": "propose", "proposed": two, "signed": "countersign"}.get(record.state)


def _uids(given: list[str]) -> list[UUID]:
    found = []
    for text in given[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
