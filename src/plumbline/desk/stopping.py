"""Ending one's mails from the mail itself: its signed address needs no sign-in; mail programs know it (RFC 8058)."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from plumbline.organisation.models import Person

from .models import MailChoice, Often

SIGNER = Signer(salt="plumbline.desk.stopping", sep=".")


def path_of(person: Person) -> str:
    """Where this person's mails are stopped."""
    return reverse("stop-mails", args=[SIGNER.sign(person.uid.hex)])


@method_decorator([login_not_required, csrf_exempt], name="dispatch")  # whoever has the mail may; no cookie counts
class Stop(View):
    """Says what is stopped, stops it, and begins again."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page(_person(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """From the page's button, or from a mail program, which sends `List-Unsubscribe=One-Click`."""
        person = _person(token)
        often = "" if "again" in request.POST else Often.NEVER
        MailChoice.objects.update_or_create(person=person, defaults={"often": often})
        return self.page(person)

    def page(self, person: Person) -> HttpResponse:
        stopped = MailChoice.objects.filter(person=person, often=Often.NEVER).exists()
        return render(self.request, "desk/stop_mails.html", {"where": person.organisation, "stopped": stopped})


def _person(token: str) -> Person:
    try:
        return Person.objects.select_related("organisation").get(pk=UUID(SIGNER.unsign(token)))
    except (BadSignature, Person.DoesNotExist) as error:
        raise Http404 from error
