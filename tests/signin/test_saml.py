"""SAML, against a provider that signs: a good answer lets in, a forged, foreign or repeated one does not."""

import base64
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.organisation.models import Invitation, Person
from plumbline.organisation.signin.providers import Provider, as_allauth
from tests.peers.saml import Saml

pytestmark = pytest.mark.django_db
AUDIENCE = "http://plumb.example/accounts/saml/works/metadata/"


@pytest.fixture
def idp(settings) -> Saml:
    cache.clear()
    settings.ALLOWED_HOSTS = ["plumb.example", "testserver"]
    made, acme = Saml(), Company("Acme")
    told = {"entity": made.issuer, "sso": "https://idp.example/sso", "certificate": made.certificate, "email": "mail"}
    providers = [Provider("works", "saml", "Works", ("acme.example",), options=told)]
    settings.PLUMBLINE_PROVIDERS, settings.SOCIALACCOUNT_PROVIDERS = providers, as_allauth(providers)
    person = actions.create(Person, by=acme.actor, name="Dora Klein", email="dora@acme.example")
    Invitation.objects.create(
        organisation=acme.organisation, person=person, email="dora@acme.example", invited_by=acme.ann
    )
    return made


def _login(client: Client) -> Any:
    return client.post("/accounts/saml/works/login/", headers={"host": "plumb.example"})


def _ask(client: Client) -> str:
    return _login(client)["Location"]


def _post(client: Client, response: str) -> Any:
    client.post("/accounts/saml/works/acs/", {"SAMLResponse": response}, headers={"host": "plumb.example"})
    return client.get("/accounts/saml/works/acs/finish/", headers={"host": "plumb.example"})


def test_somebody_invited_joins_and_comes_again(idp) -> None:
    client = Client()
    joined = _post(client, idp.answer(_ask(client), "dora@acme.example", AUDIENCE))
    assert joined["Location"].startswith("/accounts/join/"), joined
    assert client.post(joined["Location"])["Location"] == "/acme/"
    again = Client()
    _post(again, idp.answer(_ask(again), "dora@acme.example", AUDIENCE))
    assert again.get("/acme/").status_code == 200


def _inside(client: Client) -> bool:
    return client.get("/accounts/security/").status_code == 200


def test_forged_foreign_unsigned_and_late_answers_let_nobody_in(idp, caplog) -> None:
    first = Client()
    for why, how in {
        "Signature validation failed": {"key": rsa.generate_private_key(65537, 2048)},
        "not a valid audience": {"audience": "https://another.example/"},
        "timing issues": {"late": 60},  # or the clock of one of the two is wrong
        "too late": {"late": -60},
        "is not signed": {},
    }.items():
        caplog.clear()
        answer = idp.answer(_ask(first), "dora@acme.example", **{"audience": AUDIENCE, **how})
        if not how:
            bare = re.sub(r"<ds:Signature.*?</ds:Signature>", "", base64.b64decode(answer).decode(), flags=re.S)
            answer = base64.b64encode(bare.encode()).decode()
        page = _post(first, answer)
        assert (page.status_code, _inside(first)) == (401, False), why
        assert "its log says why" in page.content.decode()
        assert "provider works: doubtful" in caplog.text
    assert _post(first, idp.answer(_ask(first), "dora@acme.example", AUDIENCE)[:-40]).status_code == 401
    assert not _inside(first)


def test_a_good_answer_counts_once_and_where_it_was_asked_for(idp) -> None:
    client, stolen = Client(), Client()
    good = idp.answer(_ask(client), "dora@acme.example", AUDIENCE)
    assert "Begin here" in _post(stolen, good).content.decode()
    assert not _inside(stolen)
    _post(client, good)
    assert _inside(client)
    assert _post(client, good).status_code == 401
    client.post("/accounts/logout/")
    page = _post(client, good)
    assert (page.status_code, _inside(client)) == (401, False)
    assert "/accounts/saml/works/login/" in page.content.decode()


def test_a_certificate_that_was_changed_is_read_anew(idp, settings, pages) -> None:
    """The provider changes its key: the next try lets in; while it is silent, everybody is told so."""
    told = {"entity": idp.issuer, "metadata": pages.url, "email": "mail"}
    providers = [Provider("works", "saml", "Works", ("acme.example",), options=told)]
    settings.PLUMBLINE_PROVIDERS, settings.SOCIALACCOUNT_PROVIDERS = providers, as_allauth(providers)
    client = Client()
    pages.body = b"<html>moved</html>"
    assert _login(client).status_code == 503
    pages.body = Saml("https://another.example/").metadata("https://idp.example/sso")
    assert _login(client).status_code == 503
    pages.body = None
    assert (page := _login(client)).status_code == 503
    assert "Works does not answer at the moment" in page.content.decode()
    assert b"entityID" in client.get("/accounts/saml/works/metadata/", headers={"host": "plumb.example"}).content
    pages.body = idp.metadata("https://idp.example/sso")
    idp.renew()
    assert _post(client, idp.answer(_ask(client), "dora@acme.example", AUDIENCE)).status_code == 401
    pages.body = idp.metadata("https://idp.example/sso")
    _post(client, idp.answer(_ask(client), "dora@acme.example", AUDIENCE))
    assert _inside(client)


def test_what_it_wants_to_know_of_us_is_told(idp) -> None:
    told = Client().get("/accounts/saml/works/metadata/", headers={"host": "plumb.example"}).content.decode()
    assert 'entityID="http://plumb.example/accounts/saml/works/metadata/"' in told
    assert "validUntil" not in told, "a provider may keep it as a file"
    assert "SingleLogoutService" not in told


def test_a_link_from_elsewhere_ends_no_session(idp) -> None:
    client = Client()
    _post(client, idp.answer(_ask(client), "dora@acme.example", AUDIENCE))
    left = client.get("/accounts/saml/works/sls/?SAMLRequest=x", headers={"host": "plumb.example"})
    assert left["Location"] == "/accounts/logout/"
    assert _inside(client)
