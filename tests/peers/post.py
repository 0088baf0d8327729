"""A real mail server in this process: keeps what it is given; refuses or breaks off when a test says so."""

import email
import email.policy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest

from tests.peers.ports import free_port


@dataclass
class Post:
    """What came, and what the server does to whoever brings it."""

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # addresses it does not take mail for
    before: Callable[[], None] = lambda: None  # called before it takes a mail
    after: Callable[[], None] = lambda: None  # called when it has it, before it says so

    @property
    def url(self) -> str:
        """What PLUMBLINE_MAIL_URL is set to."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to an address."""
        return [mail for mail in self.got if mail["To"] == address]

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 aiosmtpd's name
        self.before()
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 aiosmtpd's name
        self.got.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.after()
        return "250 taken"


@pytest.fixture
def post(settings) -> Iterator[Post]:
    """A mail server, to which this process and its children send."""
    from aiosmtpd.controller import Controller

    made = Post(free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
    controller = Controller(made, hostname="127.0.0.1", port=made.port, ready_timeout=60)
    controller.start()
    yield made
    controller.stop()
