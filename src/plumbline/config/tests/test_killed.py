"""The server is killed with -9 at chosen points of what a form or a program sends: sent again, it is there once."""

import http.client
import json
import re
import urllib.parse
import urllib.request
from datetime import timedelta
from http.cookiejar import CookieJar
from uuid import uuid4

import pytest

from plumbline.desk.models import Arrived
from plumbline.faces.api import tokens
from plumbline.faces.api.models import Answered
from plumbline.kernel.models import Comment, Record
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from .installations import PASSWORD, Installation, Served

DYING = """
import os, signal, django
from plumbline.config.command import main

def dies(*given, **named):
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)

def set_up(**given):
    prepared(**given)
    from importlib import import_module
    setattr(import_module("{module}"), "{name}", dies)

prepared, django.setup = django.setup, set_up
main()
"""


class Browser:
    """Signed in as Ann, as far as a server lets her be."""

    def __init__(self) -> None:
        self.jar, self.token = CookieJar(), ""

    def sign_in(self, served: Served) -> None:
        page = self.ask(served, "/accounts/login/")
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        self.ask(served, "/accounts/login/", {"login": "ann@example.org", "password": PASSWORD})
        self.token = re.search(r'name="csrf-token" content="(\w+)"', self.ask(served, "/acme/my-work/"))[1]

    def ask(self, served: Served, path: str, told: dict | None = None, known: dict | None = None) -> str:
        opener = served.opener(urllib.request.HTTPCookieProcessor(self.jar))
        content = told and urllib.parse.urlencode({**told, "csrfmiddlewaretoken": self.token}).encode()
        asked = urllib.request.Request(served.url(path), content, {"Referer": served.url("/"), **(known or {})})
        with opener.open(asked, timeout=20) as answer:
            return answer.read().decode()


def killed_at(installation: Installation, point: str, ask) -> None:
    """A server that dies at that function, and what is asked of it then."""
    module, _dot, name = point.rpartition(".")
    with installation.served(program=DYING.format(module=module, name=name)) as served:
        with pytest.raises((OSError, http.client.HTTPException)):
            ask(served)
        served.process.wait(20)


@pytest.mark.slow  # five servers, one after the other
def test_what_was_sent_to_a_server_that_was_killed_is_there_once(installation, settings, request) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # what the server knows
    acme, ann, key = request.getfixturevalue("acme"), Browser(), str(uuid4())
    _token, secret = tokens.make(Actor.of(Person.objects.get()), "the ERP", {"*": "write"}, 30)
    at = f"/acme/nonconformities/{Record.objects.first().number}/comments/"

    def comment(served: Served) -> dict:
        known = {"X-Plumbline-Once": key, "X-Plumbline-Who": "ann@example.org"}
        return json.loads(ann.ask(served, at, {"text": "Between two tunnels."}, known))

    def lot(served: Served) -> dict:
        known = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "lot-7", "Content-Type": "application/json"}
        sent = json.dumps({"title": "Rejected lot", "description": "Batch 7"}).encode()
        asked = urllib.request.Request(served.url("/api/nonconformities"), sent, known)
        return json.loads(served.opener().open(asked, timeout=20).read())

    def first(served: Served) -> None:
        ann.sign_in(served)
        comment(served)

    killed_at(acme, "plumbline.desk.arriving.committed", first)  # the work is written, not yet committed
    assert (Comment.objects.count(), Arrived.objects.get().url) == (0, "")
    Arrived.objects.update(at=Arrived.objects.get().at - timedelta(minutes=2))
    killed_at(acme, "plumbline.desk.arriving.settled", comment)  # it is committed, not yet answered
    assert (Comment.objects.count(), Arrived.objects.get().url) == (1, f"/r/{Record.objects.first().pk}/")
    killed_at(acme, "plumbline.ledger.writer._tell", lot)
    assert (Record.objects.count(), Answered.objects.count()) == (2, 0)
    killed_at(acme, "plumbline.faces.api.edge.note_use", lot)
    assert (Record.objects.count(), Answered.objects.count()) == (3, 1)
    with acme.served() as served:
        assert comment(served) == {"taken": True, "url": Arrived.objects.get().url, "said": ""}
        assert lot(served)["uid"] == str(Record.objects.get(title="Rejected lot").pk)
    assert (Comment.objects.count(), Record.objects.count()) == (1, 3)
