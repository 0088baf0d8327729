"""A provider that falls silent holds up those who wait for it, and nobody else."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from django.test import Client

from plumbline.kernel.testing import Company
from plumbline.organisation.signin import patience
from plumbline.organisation.signin.providers import Provider, as_allauth


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Takes every call, and never says a word."""
    with socket.create_server(("localhost", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(autouse=True)
def providers(silent, settings, monkeypatch) -> None:
    where = f"localhost:{silent.getsockname()[1]}"
    openid = {"issuer": f"http://{where}", "client": "c"}
    directory = {"server": f"ldap://{where}", "base": "dc=acme"}
    settings.PLUMBLINE_PROVIDERS = [
        Provider("mock", "oidc", "Mock", ("acme.example",), options=openid),
        Provider("dir", "ldap", "Windows", ("acme.example",), options=directory),
    ]
    settings.SOCIALACCOUNT_PROVIDERS = as_allauth(settings.PLUMBLINE_PROVIDERS[:1])
    monkeypatch.setattr(patience, "TURN", 0.05)
    monkeypatch.setattr(patience, "_gates", {})
    monkeypatch.setattr(patience, "_slow", {})


@pytest.fixture
def all_wait(providers) -> Iterator[None]:
    """As many as may wait for both providers do."""
    with ExitStack() as held:
        for one in ("mock", "dir") * patience.AT_ONCE:
            held.enter_context(patience.waiting_for(one))
        yield


def test_so_many_wait_and_who_comes_then_is_told_at_once() -> None:
    ends, waits = threading.Event(), threading.Semaphore(0)

    def wait() -> None:
        with patience.waiting_for("mock"):
            waits.release()
            ends.wait(60)

    with ThreadPoolExecutor(patience.AT_ONCE) as pool:
        asked = [pool.submit(wait) for _n in range(patience.AT_ONCE)]
        for _one in asked:
            assert waits.acquire(timeout=60)
        with pytest.raises(patience.Busy), patience.waiting_for("mock"):
            pass
        with patience.waiting_for("dir"):
            pass  # of another one nobody is kept
        ends.set()
    with patience.waiting_for("mock"):
        pass


def test_after_a_slow_answer_nobody_waits_for_a_turn(all_wait, monkeypatch) -> None:
    monkeypatch.setattr(patience, "TURN", 600)
    monkeypatch.setattr(patience, "SLOW", -1)
    patience._gates["mock"].release()
    with patience.waiting_for("mock"):
        pass  # slow, as it is counted here
    assert patience._gates["mock"].acquire(blocking=False)
    with pytest.raises(patience.Busy), patience.waiting_for("mock"):
        pass


def test_what_is_no_provider_is_not_counted() -> None:
    with patience.waiting_for("nonsense"):
        assert patience._gates == {}


@pytest.mark.django_db
def test_the_person_reads_that_it_does_not_answer_and_it_is_not_asked(all_wait, silent) -> None:
    Company("Acme")
    page = Client().post("/accounts/oidc/mock/login/")
    assert (page.status_code, "Mock does not answer at the moment" in page.content.decode()) == (503, True)
    page = Client().post("/accounts/login/", {"login": "dora@acme.example", "password": "oak and iron"})
    assert "“Windows” cannot be asked at the moment" in page.content.decode()
    with pytest.raises(BlockingIOError):
        silent.accept()
