"""The pages of the route, of remarks, and the one on which a revision is reviewed, approved and signed."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from plumbline.kernel import actions, pages, policy
from plumbline.kernel.middleware import asked
from plumbline.kernel.views import RegisterView

from ..models import Remark, Revision
from . import arranging, remarking, signing
from .looking import look


def of(register: Any) -> list[URLPattern]:
    """The addresses this part of the family brings to revisions."""

    def page(route: str, view: type[RegisterView], name: str, **given: Any) -> URLPattern:
        return path(f"<str:number>/{route}/", view.as_view(register=register), given, name=name)

    signed = [page(verb, signing.Sign, f"sign-{verb}", verb=verb) for verb in ("review", "approve", "change")]
    return [
        page("route", Route, "route"),
        page("passages", Passages, "passages"),
        page("remarks", Remarks, "remarks"),
        page("remarks/<uuid:uid>", OneRemark, "remark"),
        *signed,
    ]


class Route(RegisterView):
    """One change of the route: a step more, moved, put off, or not asked after all."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_edit(self.actor, self.register, self.record))
        wrong = ""
        try:
            self.change(request.POST.get("do", ""))
        except ValidationError as error:
            wrong = " ".join(error.messages)
        if asked(request).htmx:
            now = pages.find(self.register, self.actor, self.record.number)
            may_edit = policy.may_edit(self.actor, self.register, now)
            self.record = now
            return self.show("documents/_route.html", wrong=wrong, may_edit=may_edit, signatures=[])
        if wrong:
            messages.error(request, wrong)
        return redirect(self.url("record", self.record.number) + "#route")

    def change(self, do: str) -> None:
        given = self.request.POST
        due = DateField(required=False).clean(given.get("due", ""))
        if do == "add":
            does = "approve" if given.get("does") == "approve" else "review"
            after = given.get("when", "after") == "after"
            arranging.add(self.revision, self.actor, given.get("who", ""), does, due, after)
            return
        step = next((one for one in self.revision.route if str(one.uid) == given.get("step")), None)
        if step is None or step.decision:
            raise ValidationError(_("This step is decided or gone; look at the route again."))
        if do in ("earlier", "later"):
            arranging.move(self.revision, step, self.actor, do == "earlier")
        elif do == "remove":
            arranging.remove(step, self.actor)
        elif do == "change":
            deputy = arranging.whose(f"person:{given['deputy']}", self.actor)["person"] if given.get("deputy") else None
            actions.edit(step, by=self.actor, due=due or step.due, deputy=deputy)

    @property
    def revision(self) -> Revision:
        return cast(Revision, self.record)


class Passages(RegisterView):
    """The content to read, with the remarks beside it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show("documents/approval/review.html", **look(request, cast(Revision, self.record), self.actor))


class Remarks(RegisterView):
    """A new remark, on a passage or on the whole."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        given = request.POST
        try:
            made = remarking.add(
                cast(Revision, self.record),
                self.actor,
                given.get("text", ""),
                given.get("quote", ""),
                given.get("block", ""),
            )
        except ValidationError:
            messages.error(request, _("Write something first."))
            return redirect(self.url("passages", self.record.number))
        return redirect(back(self, made))


class OneRemark(RegisterView):
    """An answer to a remark; it is resolved, or opened again."""

    def post(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        revision = cast(Revision, self.record)
        remark = remarking.find(revision, uid)
        if remark is None:
            raise Http404
        if text := request.POST.get("text", "").strip():
            remarking.answer(remark, self.actor, text)
        if request.POST.get("do") == "resolve":
            remarking.resolve(remark, revision, self.actor)
        elif request.POST.get("do") == "reopen":
            remarking.reopen(remark, revision, self.actor)
        return redirect(back(self, remark))


def back(view: RegisterView, remark: Remark) -> str:
    """To the remark, on the page it was read on."""
    return f"{view.url('passages', view.record.number)}#remark-{remark.uid}"
