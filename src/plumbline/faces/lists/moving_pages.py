"""The pages of a move of many: look at it first, make it, read record by record what became of it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plumbline.kernel import pages, signing
from plumbline.kernel.views import RegisterView
from plumbline.organisation.models import Account

from . import moving
from .models import Run

PICKS = "chosen"


class Many(RegisterView):
    """Ticked records come in by a post, for no address holds 500 of them; `make` says that they were looked at."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        verb = request.POST.get("verb", "")
        lines = moving.picked(self.register, self.actor, request.POST, PICKS)
        if not lines or verb not in dict(moving.offered(self.register, self.actor)):
            messages.error(request, _("Choose records, and what is to be done with them."))
            return redirect(self.url("list"))
        moving.judge(self.register, self.actor, lines, verb)
        able = [line for line in lines if line.move]
        if "make" not in request.POST or not able:
            moving.look(able)
            return self.page(verb, lines, moving.form_of(self.register, self.actor, able) if able else None)
        form, move = moving.form_of(self.register, self.actor, able, request.POST)
        if form.is_valid():
            try:
                run = moving.make(self.register, self.actor, lines, form, cast(Account, request.user))
            except signing.BadSignature as error:
                pages.tell_form(form, error)
            else:
                return redirect(self.url("many-done", run.pk))
        return self.page(verb, lines, (form, move), 422)

    def page(self, verb: str, lines: list[moving.Line], asked: Any, status: int = 200) -> HttpResponse:
        reasons: dict[str, list[Any]] = {}
        for line in lines:
            if not line.move:
                reasons.setdefault(line.why, []).append(line.record)
        form, move = asked or (None, None)
        able = [line for line in lines if line.move]
        label = dict(moving.offered(self.register, self.actor))[verb]
        context = {"verb": verb, "label": label, "lines": lines, "able": able, "reasons": list(reasons.items())}
        return self.show("lists/many.html", status, **context, form=form, move=move, picks=PICKS)


class Done(RegisterView):
    """What became of it, for whoever made it; records this person sees no more are counted, not named."""

    def get(self, request: HttpRequest, run: UUID, **kwargs: Any) -> HttpResponse:
        made = get_object_or_404(Run, pk=run, person=self.actor.person, kind=self.register.kind)
        seen = self.register.records(self.actor).filter(pk__in=[uid for uid, _why in made.lines])
        records = {str(record.uid): record for record in seen}
        lines = [(records[uid], why) for uid, why in made.lines if uid in records]
        done = [record for record, why in lines if not why]
        refused = [(record, why) for record, why in lines if why]
        hidden = len(made.lines) - len(lines)
        return self.show("lists/many_done.html", run=made, done=done, refused=refused, hidden=hidden)
