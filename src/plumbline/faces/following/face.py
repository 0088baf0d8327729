"""The button on a record's page that begins and ends following it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern

from plumbline.kernel.faces import Face, Page
from plumbline.kernel.register import Register
from plumbline.kernel.views import RegisterView

from .models import Follow


class FollowRecord(RegisterView):
    """Begin to follow the record, or end it."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        mine = {"person": self.actor.person, "record_id": self.record.pk}
        if request.POST.get("end"):
            Follow.objects.filter(**mine).delete()
        elif not self.actor.reads_only:
            Follow.objects.get_or_create(**mine)
        return self.to_record()


class Following(Face):
    """Adds the button, and the address it is sent to."""

    def pages(self, register: Register, page: Page) -> Iterable[URLPattern]:
        return [page("<str:number>/follow/", FollowRecord, "follow")]

    def beside(self, actor: Any) -> dict[str, Any]:
        mine = Follow.objects.filter(person=actor.person, record_id=OuterRef("pk"))
        return {"followed_by_reader": Exists(mine)} if actor.person and not actor.reads_only else {}

    def shown(self, place: str, context: dict[str, Any]) -> str:
        actor = context.get("actor")
        if place != "record.side" or actor is None or actor.person is None or actor.reads_only:
            return ""
        followed = context["record"].followed_by_reader
        return render_to_string("following/_button.html", {**context, "followed": followed}, context.get("request"))
