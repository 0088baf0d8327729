"""Single sign-on against real peers: who is linked, who is asked for proof, who is refused."""

import re
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from authlib.oidc.core import UserInfo
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from oidc_provider_mock._app import OpenIDCode

from plumbline.kernel import actions
from plumbline.kernel.testing import PASSWORD, Company
from plumbline.ledger.models import Event
from plumbline.organisation.models import Account, Invitation, Person
from plumbline.organisation.signin import asking, checking
from plumbline.organisation.signin.providers import Provider, as_allauth, configured

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
    back = requests.post(away["Location"], data={"sub": sub}, allow_redirects=False, timeout=60)
    parts = urlsplit(back.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}")


def test_somebody_invited_joins_without_a_password(acme, openid) -> None:
    person, client = _invited(acme, "dora@acme.example"), Client()
    openid.person("dora", "dora@acme.example")
    joined = _come(client, "dora", "?next=/acme/my-work/")
    assert re.fullmatch(r"/accounts/join/\S+/\?next=/acme/my-work/", joined["Location"])
    assert joined["Location"].startswith(client.get("/")["Location"]), "the start page leads there, too"
    assert client.post(joined["Location"])["Location"] == "/acme/my-work/"
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


@pytest.mark.parametrize(
    ("claims", "words", "noted"),
    [
        ({"email_verified": False}, "not that anybody has checked", "does not call this address verified"),
        ({"email": "ann@elsewhere.example"}, "addresses of its own company only", "none of its domains"),
        ({"email": ""}, "did not say which e-mail address", "names no e-mail address"),
        ({"email": "eve@acme.example"}, "nobody has been invited", "nobody has been invited"),
    ],
)
def test_who_is_refused_and_who_looks_into_the_log_read_why(acme, openid, caplog, claims, words, noted) -> None:
    openid.person("sam", **{"email": "ann@acme.example", **claims})
    page = _come(Client(), "sam")
    assert (page.status_code, words in page.content.decode()) == (403, True)
    assert noted in caplog.text


@pytest.mark.parametrize(
    ("what", "told", "noted"),
    [
        ("get_jwt_config", {"aud": ["another client"]}, "Audience"),
        ("get_jwt_config", {"exp": -600}, "expired"),
        ("get_jwt_config", {"iss": "https://else.example"}, "issuer"),
        ("generate_user_info", {"sub": "somebody else"}, "two people"),
    ],
    ids=["of another client", "too old", "of another issuer", "about somebody else"],
)
def test_an_answer_of_the_provider_that_is_not_for_us(acme, openid, monkeypatch, caplog, what, told, noted) -> None:
    """Each answer is good but for one thing; the provider's clock an hour behind is such a thing, too."""
    _invited(acme, "dora@acme.example")
    openid.person("dora", "dora@acme.example")
    good = getattr(OpenIDCode, what)
    monkeypatch.setattr(OpenIDCode, what, lambda *given, **more: UserInfo(good(*given, **more) | told))
    client = Client()
    page = _come(client, "dora")
    assert (page.status_code, client.get("/accounts/security/").status_code) == (401, 302)
    assert "its log says why" in page.content.decode()
    assert noted in caplog.text
    monkeypatch.undo()
    assert _come(client, "dora")["Location"].startswith("/accounts/join/")


def test_what_was_not_begun_in_this_browser_is_begun_anew(acme, openid) -> None:
    openid.person("dora", "dora@acme.example")
    away = Client().post("/accounts/oidc/mock/login/")
    back = requests.post(away["Location"], data={"sub": "dora"}, allow_redirects=False, timeout=60)
    parts = urlsplit(back.headers["Location"])
    client = Client()  # who is led to the address somebody else brought
    for query in (parts.query, "code=x&state=made-up", "code=x"):
        page = client.get(f"{parts.path}?{query}")
        assert (page.status_code, "Begin here" in page.content.decode()) == (401, True)
        assert client.get("/accounts/security/").status_code == 302
    stopped = client.get(f"{parts.path}?error=access_denied").content.decode()
    assert "was stopped" in stopped


def test_a_provider_that_is_silent_or_was_told_another_secret(acme, openid, settings, caplog) -> None:
    """The person reads that it does not answer, or that it is not her fault; the log says which."""
    options = {"issuer": "http://localhost:1", "client": "plumbline", "secret": "s"}
    _provide(settings, options)
    page = Client().post("/accounts/oidc/mock/login/")
    assert (page.status_code, "Mock does not answer at the moment" in page.content.decode()) == (503, True)
    assert "provider mock: silent: ConnectionError" in caplog.text
    back = {"redirect_uris": ["http://testserver/accounts/oidc/mock/login/callback/"]}
    back["token_endpoint_auth_method"] = "client_secret_post"
    client = requests.post(f"{openid.issuer}/oauth2/clients", json=back, timeout=60).json()["client_id"]
    _provide(settings, {"issuer": openid.issuer, "client": client, "secret": "wrong"})
    openid.person("dora", "dora@acme.example")
    assert "its log says why" in _come(Client(), "dora").content.decode()
    assert "invalid_client" in caplog.text


def _provide(settings, options: dict) -> None:
    providers = [Provider("mock", "oidc", "Mock", ("acme.example",), options=options)]
    settings.PLUMBLINE_PROVIDERS, settings.SOCIALACCOUNT_PROVIDERS = providers, as_allauth(providers)


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


def _but(directory: Provider, **options: str) -> Provider:
    return Provider("x", "ldap", "Windows", ("acme.example",), options=directory.options | options)


@pytest.mark.parametrize(
    ("wrong", "noted", "why"),
    [
        ({"server": "ldap://127.0.0.1:1"}, "refused", "at ldap://127.0.0.1:1: nobody answers there"),
        ({"server": "ldap://no-such.invalid"}, "address", "the name no-such.invalid is not known in this network"),
        ({"bind_password": "expired"}, "invalidCredentials", "does not take what stands as bind and bind_password"),
        ({"bind": "not a name"}, "invalidDNSyntax", "does not take what stands as bind and bind_password"),
        ({"base": "dc=moved,dc=example"}, "noSuchObject", "there is nothing at the base dc=moved,dc=example"),
        ({"filter": "(mail={email}"}, "filter", "does not understand the filter (mail={email}"),
    ],
    ids=["silent", "unknown", "reader", "name", "base", "filter"],
)
def test_a_directory_that_cannot_be_asked_is_not_called_a_wrong_password(
    acme, settings, caplog, wrong, noted, why
) -> None:
    broken = _but(settings.PLUMBLINE_PROVIDERS[1], **wrong)
    settings.PLUMBLINE_PROVIDERS = [broken]
    client = Client()
    page = client.post("/accounts/login/", {"login": "dora@acme.example", "password": "oak and iron"})
    assert "“Windows” cannot be asked at the moment" in page.content.decode()
    assert noted in caplog.text
    assert why in checking.wrong(broken)
    assert AccessAttempt.objects.get().failures_since_start == 1, "or passwords of ours could be tried meanwhile"
    client.post("/accounts/login/", {"login": "ann@acme.example", "password": PASSWORD})
    page = client.post("/accounts/security/directory/x/", {"password": "oak and iron"})
    assert "cannot be asked at the moment" in page.content.decode()


def test_a_directory_that_took_the_password_says_what_is_missing(acme) -> None:
    for email, password, why in (
        ("ann@acme.example", "beech and brass", "Your account here has its own way in"),
        ("dora@acme.example", "oak and iron", "nobody has been invited with this address"),
        ("dora@acme.example", "wrong", "not correct"),
        ("dora@acme.example", "\u00ad", "not correct"),  # nothing is left of it where it is made ready to be sent
    ):
        client = Client()
        page = client.post("/accounts/login/", {"login": email, "password": password})
        assert why in page.content.decode()
        assert client.get("/accounts/security/").status_code == 302


def test_the_directory_is_not_tried_without_end_by_who_is_signed_in(acme) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "ann@acme.example", "password": PASSWORD})
    for _n in range(10):
        client.post("/accounts/security/directory/dir/", {"password": "wrong"})
    page = client.post("/accounts/security/directory/dir/", {"password": "beech and brass"})
    assert (page.status_code, SocialAccount.objects.count()) == (422, 0)
    assert "Too many wrong codes" in page.content.decode()


def test_whoever_has_another_address_in_the_directory_now_is_still_the_same(acme) -> None:
    entry = asking.identified(configured()[1], "dora@acme.example", "oak and iron")
    SocialAccount.objects.create(user=acme.ann.account, provider="dir", uid=entry)
    client = Client()
    client.post("/accounts/login/", {"login": "dora@acme.example", "password": "oak and iron"})
    assert client.get("/acme/").status_code == 200


def test_a_directory_that_is_ambiguous_forged_or_silent_lets_nobody_in(acme, settings) -> None:
    directory = settings.PLUMBLINE_PROVIDERS[1]
    assert asking.identified(directory, "dora@acme.example", "oak and iron")
    for email in ("twin@acme.example", "*@acme.example", "dora@acme.example)(uid=*"):
        assert asking.identified(directory, email, "same" if "twin" in email else "oak and iron") == ""
    silent = _but(directory, server="ldap://127.0.0.1:1")
    with pytest.raises(asking.Silent):
        asking.identified(silent, "dora@acme.example", "oak and iron")
    assert "nobody answers there" in checking.wrong(silent)
    assert checking.wrong(directory) == ""


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
