"""The road: five stages to the certificate, each gate computed from the records."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from .pages import DeskView
from .stages import stages


class Road(DeskView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = stages(self.actor)
        here = next((stage for stage in found if not stage.done), found[-1])
        return self.show("desk/road.html", stages=found, here=here)
