"""Strangers try passwords, thousands of times; who owns the account gets in from her own machine meanwhile."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from plumbline.kernel.testing import PASSWORD, Company
from plumbline.organisation.accounts import Adapter
from plumbline.organisation.signin import strangers

TRIES = 10_000 if connection.vendor == "sqlite" else 2_000  # what counts them is no SQL of ours
MANY = TRIES // 8  # machines, a try each; the others come from one
CHEAP = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _try(address: str, email: str = "ann@acme.example", password: str = "wrong") -> int:
    typed = {"login": email, "password": password}
    return Client(REMOTE_ADDR=address).post("/accounts/login/", typed).status_code


@pytest.mark.slow  # ten thousand requests; only the password's hash is made cheap
def test_thousands_of_tries_from_many_addresses_and_from_one(db, settings) -> None:
    settings.PASSWORD_HASHERS = CHEAP
    cache.clear()
    Company("Acme")
    for number in range(MANY):
        assert _try(f"198.51.{number // 250}.{number % 250 + 1}") != 302
    for _n in range(TRIES - MANY):
        assert _try("203.0.113.9") != 302
    assert _try("203.0.113.9", password=PASSWORD) != 302, "the stranger's own machine is paused"
    assert _try("192.0.2.1", password=PASSWORD) == 302
    assert Session.objects.count() == 1
    assert AccessAttempt.objects.count() <= MANY + 1
    strangers.forget(timezone.now() + timedelta(minutes=16))
    assert AccessAttempt.objects.count() == 0


def test_who_is_kept_waiting_reads_why_and_gets_in_by_a_new_password(db, settings) -> None:
    settings.PASSWORD_HASHERS = CHEAP
    cache.clear()
    ann = Company("Acme").ann.account
    typed = {"login": ann.email, "password": "wrong", "next": "/acme/my-work/"}
    for _n in range(10):
        answer = Client(HTTP_ACCEPT_LANGUAGE="de").post("/accounts/login/", typed)
    assert answer.status_code == 429
    assert "Zu viele falsche Versuche" in answer.content.decode()
    assert 'name="next" value="/acme/my-work/"' in answer.content.decode(), "a passkey leads on"
    assert _try("127.0.0.1", password=PASSWORD) == 429
    Adapter().set_password(ann, PASSWORD + "!")
    ann.save()
    assert _try("127.0.0.1", password=PASSWORD + "!") == 302, "whoever gets our mails is not kept waiting"


def test_the_table_of_tries_has_an_end(db, monkeypatch) -> None:
    monkeypatch.setattr(strangers, "MOST", 5)
    now = timezone.now()
    for number in range(9):
        AccessAttempt.objects.create(
            username="a", ip_address=f"192.0.2.{number}", user_agent="", failures_since_start=1, attempt_time=now
        )
    strangers.forget(now)
    assert sorted(AccessAttempt.objects.values_list("ip_address", flat=True)) == [f"192.0.2.{n}" for n in range(4, 9)]


def test_behind_a_proxy_the_machine_is_the_one_it_saw(db, settings) -> None:
    settings.BEHIND_PROXY, settings.PASSWORD_HASHERS = True, CHEAP
    cache.clear()
    Company("Acme")
    typed = {"login": "ann@acme.example", "password": "wrong"}
    for number in range(12):  # what a stranger writes into the header himself does not make him another machine
        forged = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 203.0.113.9")
        forged.post("/accounts/login/", typed)
    victim = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert victim.post("/accounts/login/", typed | {"password": PASSWORD}).status_code == 302
    forged = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="10.0.0.99, 203.0.113.9")
    assert forged.post("/accounts/login/", typed | {"password": PASSWORD}).status_code != 302
