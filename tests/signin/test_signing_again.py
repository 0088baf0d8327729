"""A signature by who has no password, or does not want to type it: by code, or by going to the provider and back."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from oidc_provider_mock._storage import AuthorizationCode

from plumbline.kernel import actions, tries
from plumbline.kernel.models import Signature
from plumbline.kernel.testing import PASSWORD, Company
from plumbline.organisation.signin.providers import Provider, as_allauth
from plumbline.registers.support.documents.models import DocumentKind
from plumbline.registers.support.documents.tests.house import House
from tests.signin.test_factors import code_of, set_up, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    cache.clear()
    made = House(Company("Acme"))
    route = [{"place": 1, "does": "approve", "role": "quality"}]
    actions.create(DocumentKind, by=made.acme.actor, strength="again", sort="procedure", prefix="PRO", route=route)
    return made


def _page(house: House) -> tuple[str, dict]:
    revision = house.act(house.draft(), "submit", house.dora)
    return f"/acme/revisions/{revision.number}/approve/", {"version": revision.version}


def _seen(client: Client, page: str) -> dict:
    text = client.get(page).content.decode()
    form = next(part for part in text.split("<form")[1:] if 'name="seen"' in part and f'action="{page}"' in part)
    return {name: re.search(rf'name="{name}" value="([^"]*)"', form)[1] for name in ("version", "seen")}


def test_a_code_signs_once_and_wrong_ones_count_in_the_same_pause(house) -> None:
    client, (page, _typed) = sign_in("ann@acme.example"), _page(house)
    secret = set_up(client)
    typed = _seen(client, page)
    assert client.post(page, typed).status_code == 422
    assert tries.SigningTry.objects.count() == 0, "nothing shown is no try"
    for wrong in ({"code": "000000"}, {"password": "wrong"}, {"code": "12345678"}, {"code": "1"}, {"password": "x"}):
        assert client.post(page, typed | wrong).status_code == 422
    assert "15 minutes" in client.post(page, typed | {"code": code_of(secret, 1)}).content.decode()
    tries.SigningTry.objects.all().delete()
    assert client.post(page, typed | {"code": code_of(secret, 1)}).status_code == 302
    assert Signature.objects.count() == 1


def test_a_recovery_code_signs_nothing(house) -> None:
    client, (page, _typed) = sign_in("ann@acme.example"), _page(house)
    set_up(client)
    spare = client.get("/accounts/security/recovery-codes/file/").content.decode().split()[2]
    assert client.post(page, _seen(client, page) | {"code": spare}).status_code == 422


def _go(client: Client, page: str, typed: dict, sub: str) -> str:
    away = client.post(page, typed | {"provider": "mock"})["Location"]
    asked = parse_qs(urlsplit(away).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    back = requests.post(away, data={"sub": sub}, allow_redirects=False, timeout=60)
    parts = urlsplit(back.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}")["Location"]


@pytest.fixture
def linked(house, settings, openid) -> House:
    """Ann has no password of ours: she comes by the provider."""
    told = {"issuer": openid.issuer, "client": "plumbline", "secret": "s"}
    providers = [Provider("mock", "oidc", "Mock", ("acme.example",), options=told)]
    settings.PLUMBLINE_PROVIDERS, settings.SOCIALACCOUNT_PROVIDERS = providers, as_allauth(providers)
    account = house.acme.ann.account
    account.set_unusable_password()
    account.save()
    SocialAccount.objects.create(user=account, provider="mock", uid="ann")
    openid.person("ann", "ann@acme.example")
    openid.person("bob", "bob@acme.example")
    return house


@pytest.fixture
def asks_again(monkeypatch) -> None:
    """The mock shows its form every time and does not say when: here it says so, as max_age demands."""
    monkeypatch.setattr(AuthorizationCode, "get_auth_time", lambda self: int(time.time()))


def test_by_the_provider_and_back_to_the_same_move_once(linked, asks_again) -> None:
    client, (page, _typed) = linked.acme.client(linked.acme.ann), _page(linked)
    shown = client.get(page).content.decode()
    assert 'name="password"' not in shown
    assert "Sign in again with Mock" in shown
    typed = _seen(client, page)
    assert _go(client, page, typed, "ann") == page
    assert "You have just signed in again" in client.get(page).content.decode()
    assert client.post(page, typed | {"seen": "0" * 64}).status_code == 422, "another content is not what was proven"
    assert client.post(page, typed).status_code == 302
    assert Signature.objects.count() == 1
    assert "sign_proven" not in client.session


def test_somebody_else_at_the_provider_or_an_old_sign_in_proves_nothing(linked, monkeypatch) -> None:
    client, (page, _typed) = linked.acme.client(linked.acme.ann), _page(linked)
    typed = _seen(client, page)
    monkeypatch.setattr(AuthorizationCode, "get_auth_time", lambda self: int(time.time()) - 3600)
    _go(client, page, typed, "ann")
    assert "did not ask you to sign in again" in client.get(page).content.decode()
    monkeypatch.setattr(AuthorizationCode, "get_auth_time", lambda self: int(time.time()))
    _go(client, page, typed, "bob")
    assert "Somebody else signed in there" in client.get(page).content.decode()
    assert client.post(page, typed).status_code == 422
    assert Signature.objects.count() == 0


def test_a_provider_that_is_silent_signs_nothing_and_what_was_typed_stays(linked, settings) -> None:
    told = {"issuer": "http://localhost:1", "client": "plumbline", "secret": "s"}
    providers = [Provider("mock", "oidc", "Mock", ("acme.example",), options=told)]
    settings.PLUMBLINE_PROVIDERS, settings.SOCIALACCOUNT_PROVIDERS = providers, as_allauth(providers)
    client, (page, _typed) = linked.acme.client(linked.acme.ann), _page(linked)
    typed = _seen(client, page) | {"reason": "kept for later"}
    back = client.post(page, typed | {"provider": "mock"}, follow=True)
    assert "Mock does not answer at the moment: nothing was signed" in back.content.decode()
    assert Signature.objects.count() == 0
    assert client.session["sign_away"]["typed"]["reason"] == ["kept for later"]


def test_a_password_still_signs(house) -> None:
    client, (page, _typed) = sign_in("ann@acme.example"), _page(house)
    assert client.post(page, _seen(client, page) | {"password": PASSWORD}).status_code == 302
