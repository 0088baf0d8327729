"""The page on which somebody who lacks what an organisation asks for is led to it, and then on."""

from typing import cast
from urllib.parse import quote

from allauth.socialaccount.models import SocialAccount
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from ..models import Account, Organisation, Person
from . import entering, sessions
from .providers import find


class Needed(View):
    """What is missing to enter this organisation, one step at a time."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        account = cast(Account, request.user)
        mine = Person.objects.filter(account=account, organisation__slug=slug)
        person = mine.select_related("organisation").first()
        if person is None:
            raise Http404
        rules = entering.Rules.of(person.organisation)
        missing = entering.lacking(rules, sessions.ways(request))
        then = wanted(request, person.organisation)
        if not missing:
            request.session.pop("then", None)
            return redirect(then)
        request.session["then"] = request.get_full_path()
        context = {
            "organisation": person.organisation,
            "what": missing[0],
            "hours": rules.hours,
            "provider": find(rules.provider),
            "has_factor": "second_factor" in missing and entering.has_factor(account),
            "again": account.has_usable_password() or entering.has_factor(account),
            "linked": [row.provider for row in SocialAccount.objects.filter(user=account)],
            "back": quote(f"{request.path}?next={quote(then)}", safe=""),
            "then": then,
        }
        return render(request, "organisation/needed.html", context)


def wanted(request: HttpRequest, organisation: Organisation) -> str:
    """The page the person wanted to see, if it is one of this organisation."""
    then = request.GET.get("next", "")
    home = reverse("home", args=[organisation.slug])
    return then if then.startswith(home) and url_has_allowed_host_and_scheme(then, None) else home


def led_on(request: HttpRequest, slug: str) -> HttpResponse:
    """To the page that says what is missing to enter, and from there to where somebody wanted to go."""
    then = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    address = f"{reverse('entry-needed', args=[slug])}?next={quote(then)}"
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
