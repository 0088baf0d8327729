"""SAML, against a provider that signs: a good answer lets in, a forged, foreign or repeated one does not."""

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


def _ask(client: Client) -> str:
    return client.post("/accounts/saml/works/login/", headers={"host": "plumb.example"})["Location"]


def _post(client: Client, response: str) -> object:
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


def test_forged_foreign_and_repeated_answers_let_nobody_in(idp) -> None:
    first = Client()
    asked = _ask(first)
    good = idp.answer(asked, "dora@acme.example", AUDIENCE)
    forged = idp.answer(asked, "dora@acme.example", AUDIENCE, key=rsa.generate_private_key(65537, 2048))
    foreign = idp.answer(asked, "dora@acme.example", "https://another.example/")
    for answer in (forged, foreign, good[:-40]):
        assert _post(first, answer).status_code in (200, 401)
        assert first.get("/accounts/security/").status_code == 302
    stolen = Client()  # a good answer, in a browser that never asked
    assert _post(stolen, good).status_code != 302 or stolen.get("/accounts/security/").status_code == 302


def test_what_it_wants_to_know_of_us_is_told(idp) -> None:
    told = Client().get("/accounts/saml/works/metadata/", headers={"host": "plumb.example"}).content.decode()
    assert 'entityID="http://plumb.example/accounts/saml/works/metadata/"' in told
