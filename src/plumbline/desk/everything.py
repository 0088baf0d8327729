"""Export everything: the whole company as one file, for who sees everything in it."""

from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language

from plumbline.faces.portable import long_exports
from plumbline.faces.portable.models import Export
from plumbline.faces.sheets import answers, working
from plumbline.faces.sheets.runs import own
from plumbline.kernel import policy

from .pages import DeskView


class TakingView(DeskView):
    """For who sees everything; of other people's files not even that they exist."""

    def allowed(self) -> None:
        policy.require(long_exports.may_take_everything(self.actor))

    def run(self, uid: UUID) -> Export:
        return cast(Export, own(Export, self.actor, long_exports.KIND, uid))


class Everything(TakingView):
    """What is in the file, and the button."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show("desk/everything.html", made=long_exports.of(self.actor))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        run = long_exports.begin(self.actor, get_language() or "en")
        transaction.on_commit(working.wake)
        return redirect("everything-run", self.organisation.slug, run.uid)


class Progress(TakingView):
    """How far it is, and the file when it is ready."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        return self.show("desk/everything_run.html", run=self.run(uid))


class Download(TakingView):
    """The file, for whom it was made, as long as she may have it."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponseBase:
        run = self.run(uid)
        return answers.left_by(run, f"{self.organisation.slug}-{run.made_at:%Y-%m-%d}.zip", "application/zip")
