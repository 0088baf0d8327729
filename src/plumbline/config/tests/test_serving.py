"""The server as a process: first page, stop, heads, TLS, one at a time."""

import http.cookiejar
import os
import re
import signal
import time
import urllib.parse
import urllib.request

import pytest

from plumbline.config.demo import PASSWORD
from plumbline.config.demo.accounts import account_of
from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.ledger.models import Checkpoint, Log
from plumbline.organisation.actor import Actor
from plumbline.organisation.founding import found
from plumbline.organisation.models import Person
from tests.peers import databases

pytestmark = pytest.mark.slow  # a real server in each


def _signs_in(served, email: str, password: str) -> bool:
    """Whether the account gets in: everybody else who asks for the password page is sent to the form."""
    jar = http.cookiejar.CookieJar()
    opener = served.opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(served.url("/accounts/login/"), timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    told = urllib.parse.urlencode({"login": email, "password": password, "csrfmiddlewaretoken": token}).encode()
    request = urllib.request.Request(served.url("/accounts/login/"), told, {"Referer": served.url("/")})
    opener.open(request, timeout=60).read()
    return "/accounts/login/" not in opener.open(served.url("/accounts/password/change/"), timeout=60).url


def test_it_answers_stops_on_sigterm_and_signs_what_is_new(acme) -> None:
    with acme.served() as served:
        assert served.get("/accounts/login/").startswith("<!doctype html>")
        actions.create(
            register_of("nonconformity"), by=Actor.of(Person.objects.get()), title="While it serves", description="x"
        )
    assert served.ended == 0
    assert f"Plumbline answers at http://127.0.0.1:{served.port}/" in served.log.read_text()
    assert dict(Checkpoint.objects.values_list("log", "size")) == dict(Log.objects.values_list("home", "size"))


def test_killed_it_leaves_nobody_behind(acme) -> None:
    with acme.served() as served:
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait()
        until, answered = time.monotonic() + 60, True
        while answered and time.monotonic() < until:
            try:
                served.get("/accounts/login/")
                time.sleep(0.1)
            except OSError:
                answered = False
        assert not answered, "the process that answers outlived the one that was killed"


def test_a_second_server_is_refused_on_sqlite(acme) -> None:
    with acme.served() as served:
        taken = acme.plumb("serve", "--port", served.port)
        assert taken.returncode == 1
        if databases.on_postgresql():
            assert f"Port {served.port} is taken" in taken.stderr
        else:
            assert "Another server answers from this database" in taken.stderr


def test_lan_answers_over_tls_and_lets_demo_accounts_sleep(installation, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # what the server knows
    maria = account_of("maria@linden.example", "Maria Linden")
    maria.set_password(PASSWORD)  # another test may have left the demo's one hash in the quick way of tests
    maria.save()
    found(maria, "Linden")
    with installation.served() as served:
        assert _signs_in(served, "maria@linden.example", PASSWORD), "on loopback the demo is open"
        assert PASSWORD in served.log.read_text()
    authority = installation.data / "keys/lan-authority.pem"
    assert not authority.exists()
    prepared = installation.plumb("serve", "--lan", "--port", "1", PLUMBLINE_SECRET="short")
    assert prepared.returncode == 1
    assert "The secret is known or shorter" in prepared.stderr
    with _lan(installation, authority) as served:
        page, said = served.get("/trust/"), served.log.read_text()
        fingerprint = re.search(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", said)[0]
        assert fingerprint in page
        with served.opener().open(served.url("/trust/plumbline.crt"), timeout=60) as answer:
            assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
        assert "The demo's accounts sleep" in said
        assert PASSWORD not in said
        assert not _signs_in(served, "maria@linden.example", PASSWORD)
    assert served.ended == 0


def _lan(installation, authority):
    """Serve the network; the certificate is made at the start, so it is made beforehand for the asker to trust."""
    from plumbline.config.addresses import host_names, lan_addresses
    from plumbline.config.certificates import ensure_pair

    ensure_pair(authority.parent, host_names(), lan_addresses())
    return installation.served("--lan", trusting=authority)
