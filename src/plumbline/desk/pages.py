"""What every page of the desk stands on: the actor of the organisation in the address, the same answers to errors."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from plumbline.kernel import policy
from plumbline.kernel.middleware import asked


class DeskView(View):
    """A page across registers, for somebody of the organisation."""

    def allowed(self) -> None:
        """Hook: raises Denied where the actor may not come in, whatever is asked for."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.actor = asked(request).actor
        self.organisation = self.actor.organisation
        try:
            self.allowed()
            return super().dispatch(request, *args, **kwargs)
        except policy.Denied as error:
            raise PermissionDenied(str(error)) from error

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"actor": self.actor, "organisation": self.organisation, "today": self.organisation.today()}
        return render(self.request, template, context, status=status)


class SettingView(DeskView):
    """A page for whoever runs the organisation."""

    def allowed(self) -> None:
        policy.require(policy.may_run_organisation(self.actor))
