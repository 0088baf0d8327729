"""Single sign-on against real peers: who is linked, who is asked for proof, who is refused."""

import re
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from plumbline.kernel import actions
from plumbline.kernel.testing import PASSWORD, Company
from plumbline.ledger.models import Event
from plumbline.organisation.models import Account, Invitation, Person
from plumbline.organisation.signin import asking
from plumbline.organisation.signin.providers import Provider, as_allauth

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(settings, openid, ldap) -> Company:
    cache.clear()
    oidc = {"issuer": openid.issuer, "client": "plumbline", "secret": "s"}
    directory = {"server": ldap.url, "base": ldap.base, "bind": ldap.reader, "bind_password": ldap.password}
    providers = [
        Provider("mock", "oidc", "Mock", ("acme.example",), options=oidc),
        Provider("dir", "ldap", "Directory", ("acme.example",), options=directory),
    ]
    settings.PLUMBLINE_PROVIDERS, settings.SOCIALACCOUNT_PROVIDERS = providers, as_allauth(providers)
    return Company("Acme")


def _invited(acme: Company, email: str) -> Person:
    person = actions.create(Person, by=acme.actor, name="Dora Klein", email=email)
    Invitation.objects.create(organisation=acme.organisation, person=person, email=email, invited_by=acme.ann)
    return person


def _come(client: Client, sub: str, query: str = "") -> object:
    """Go to the provider, sign in there as `sub`, and come back."""
    away = client.post(f"/accounts/oidc/mock/login/{query}")
    back = requests.post(away["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    parts = urlsplit(back.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}")


def test_somebody_invited_joins_without_a_password(acme, openid) -> None:
    person, client = _invited(acme, "dora@acme.example"), Client()
    openid.person("dora", "dora@acme.example")
    joined = _come(client, "dora")
    assert re.fullmatch(r"/accounts/join/\S+/", joined["Location"])
    assert client.post(joined["Location"])["Location"] == "/acme/"
    account = Person.objects.get(pk=person.pk).account
    assert not account.has_usable_password()
    assert Event.objects.filter(subject=account.pk, verb="connect provider").count() == 1
    again = Client()
    _come(again, "dora")
    assert again.get("/acme/").status_code == 200


def test_nobody_invited_and_no_vouched_address_is_refused(acme, openid) -> None:
    openid.person("eve", "eve@acme.example")
    openid.person("mallory", "ann@acme.example", email_verified=False)
    openid.person("stranger", "ann@elsewhere.example")
    _invited(acme, "ann@elsewhere.example")
    for sub in ("eve", "mallory", "stranger"):
        client = Client()
        assert _come(client, sub).status_code == 403
        assert client.get("/acme/").status_code == 302
    assert not SocialAccount.objects.exists()
    assert not Account.objects.filter(email__startswith="eve").exists()


def test_an_account_with_a_password_is_never_taken_over_by_a_claim(acme, openid) -> None:
    openid.person("ann", "ann@acme.example")
    client = Client()
    assert _come(client, "ann")["Location"] == "/accounts/provider/prove/"
    assert "has an account here already" in client.get("/accounts/provider/prove/").content.decode()
    assert client.post("/accounts/provider/prove/").status_code == 302
    assert client.get("/acme/").status_code == 302
    assert not SocialAccount.objects.exists()
    client.post("/accounts/login/", {"login": "ann@acme.example", "password": PASSWORD})
    assert "may sign you in" in client.get("/accounts/provider/prove/").content.decode()
    client.post("/accounts/provider/prove/")
    assert SocialAccount.objects.get().user == acme.ann.account
    again = Client()
    _come(again, "ann")
    assert again.get("/acme/").status_code == 200


def test_somebody_else_signed_in_here_connects_nothing(acme, openid) -> None:
    openid.person("ann", "ann@acme.example")
    client = Client()
    _come(client, "ann")
    client.post("/accounts/login/", {"login": "bob@acme.example", "password": PASSWORD})
    client.post("/accounts/provider/prove/")
    assert not SocialAccount.objects.exists()


def test_a_directory_signs_in_whom_it_knows_and_whom_somebody_invited(acme) -> None:
    _invited(acme, "dora@acme.example")
    for password in ("wrong", "", "*"):
        client = Client()
        client.post("/accounts/login/", {"login": "dora@acme.example", "password": password})
        assert client.get("/accounts/security/").status_code == 302
    client = Client()
    done = client.post("/accounts/login/", {"login": "dora@acme.example", "password": "oak and iron"})
    assert done["Location"].startswith("/accounts/join/")
    assert client.post(done["Location"])["Location"] == "/acme/"
    assert SocialAccount.objects.get().provider == "dir"


def test_a_directory_does_not_open_an_account_with_a_password_of_its_own(acme) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "ann@acme.example", "password": "beech and brass"})
    assert client.get("/acme/").status_code == 302
    client.post("/accounts/login/", {"login": "ann@acme.example", "password": PASSWORD})
    page = "/accounts/security/directory/dir/"
    assert client.post(page, {"password": "wrong"}).status_code == 422
    assert client.post(page, {"password": "beech and brass"}).status_code == 302
    again = Client()
    again.post("/accounts/login/", {"login": "ann@acme.example", "password": "beech and brass"})
    assert again.get("/acme/").status_code == 200


def test_a_directory_that_is_ambiguous_forged_or_silent_lets_nobody_in(acme, settings) -> None:
    directory = settings.PLUMBLINE_PROVIDERS[1]
    assert asking.identified(directory, "dora@acme.example", "oak and iron")
    for email in ("twin@acme.example", "*@acme.example", "dora@acme.example)(uid=*"):
        assert asking.identified(directory, email, "same" if "twin" in email else "oak and iron") == ""
    silent = Provider("x", "ldap", "X", ("acme.example",), options=directory.options | {"server": "ldap://127.0.0.1:1"})
    assert asking.identified(silent, "dora@acme.example", "oak and iron") == ""
    assert "does not let us look" in asking.unreachable(silent)
    assert asking.unreachable(directory) == ""


def test_who_runs_it_and_enters_by_the_directory_alone_is_not_shut_out(acme) -> None:
    """A real directory: Ann connects it, signs in with its password, sets the rule; then the link is not cut."""
    ann = Client()
    ann.post("/accounts/login/", {"login": "ann@acme.example", "password": PASSWORD})
    ann.post("/accounts/security/directory/dir/", {"password": "beech and brass"})
    ann = Client()
    ann.post("/accounts/login/", {"login": "ann@acme.example", "password": "beech and brass"})
    rule = {"provider": "dir", "hours": "", "sure": "1"}
    assert ann.post("/acme/settings/sign-in/", rule).status_code == 302
    assert ann.get("/acme/").status_code == 200
    link = SocialAccount.objects.get(provider="dir")
    cut = f"/accounts/security/provider/{link.pk}/disconnect/"
    assert "it would be shut for good" in ann.post(cut, follow=True).content.decode()
    assert SocialAccount.objects.filter(pk=link.pk).exists()
    assert ann.post("/acme/settings/sign-in/", rule | {"provider": ""}).status_code == 302
    ann.post(cut)
    assert not SocialAccount.objects.filter(pk=link.pk).exists()
