"""A mail server that takes the connection and then says nothing: the clock goes on, and no mail comes twice."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, timedelta

import pytest

from plumbline.config import clockwork
from plumbline.desk.models import MailChoice
from plumbline.faces.hooks import sending
from plumbline.faces.hooks.models import Webhook
from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company

ANSWERS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


@dataclass
class Hanging:
    """Speaks SMTP until it hears one word; then it keeps the connection and is silent."""

    silent_at: bytes = b""
    taken: list[bytes] = field(default_factory=list)  # Message-IDs of what it said it has
    met: int = 0  # connections on which it fell silent

    def speak(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 here\r\n")
            inside, named = False, b""
            for line in lines:
                if inside and line.lower().startswith(b"message-id:"):
                    named = line.split()[1]
                word = line.strip() if inside else line.split()[0].upper()
                if inside and word != b".":
                    continue
                if word == self.silent_at:
                    self.met += 1
                    lines.read()  # until the other end has had enough
                    return
                if word == b".":
                    self.taken.append(named)
                inside = word == b"DATA"
                connection.sendall(ANSWERS.get(word, b"250 yes\r\n"))


@pytest.fixture
def hanging(settings) -> Iterator[Hanging]:
    server = Hanging()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=server.speak, args=(door.accept()[0],), daemon=True).start()

        threading.Thread(target=answer, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = door.getsockname()
        settings.EMAIL_TIMEOUT = 0.5  # in place of the 20 seconds of the product
        yield server
        door.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("word", [b"EHLO", b"DATA", b".", b"QUIT"])
def test_a_server_that_falls_silent_holds_up_nothing_but_its_mails(db, hanging, listener, settings, word) -> None:
    settings.PLUMBLINE_WEBHOOK_INNER = ["127.0.0.0/8"]
    acme = Company("Acme")
    now = acme.organisation.now().replace(hour=9).astimezone(UTC)
    actions.edit(acme.organisation, by=acme.actor, settings={"mails": "daily"})
    hook = actions.create(Webhook, by=acme.actor, name="Chat", url=listener.url, made_by=acme.ann)
    sending.begin(hook)
    for person in (acme.ann, acme.bob):
        MailChoice.objects.create(person=person, often="daily")
        actions.create(register_of("action"), by=acme.actor, title="Label the shelves", owner=person)
    hanging.silent_at = word
    told = list(clockwork.tick(now))
    assert hanging.met
    assert len(listener.got) == 2, "the webhook behind the mails had its turn"
    assert [bool(one["refused"]) for one in told if "mail" in one].count(False) == (2 if word == b"QUIT" else 0)
    hanging.silent_at = b""
    for minute in range(1, 12):
        list(clockwork.tick(now + timedelta(minutes=minute)))
    assert (len(hanging.taken), len(set(hanging.taken))) == (2, 2)
