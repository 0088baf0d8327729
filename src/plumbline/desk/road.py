"""The road: five stages to the certificate, each gate computed from the records."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from plumbline.kernel.models import Record
from plumbline.organisation.models import Organisation

from .pages import DeskView
from .stages import stages


class Road(DeskView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = stages(self.actor)
        here = next((stage for stage in found if not stage.done), found[-1])
        return self.show("desk/road.html", stages=found, here=here, bring_in=self.brings_in())

    def brings_in(self) -> bool:
        """Whoever said that there is a system, and has brought none of its documents yet, begins with them."""
        if self.organisation.start != Organisation.Start.SYSTEM or self.actor.reads_only:
            return False
        return not Record.objects.filter(organisation=self.organisation, kind="document").exists()
