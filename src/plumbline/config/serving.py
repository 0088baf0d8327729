"""The server: one process that answers, a thread in it that signs heads, one for the clock; what a start prints."""

import contextlib
import ctypes
import errno
import fcntl
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from cryptography import x509
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.urls import get_resolver

from plumbline.faces.portable import quiet
from plumbline.ledger.heads import ForkRefused, sign_heads
from plumbline.organisation.models import Organisation, Person

from . import clockwork, starting
from .addresses import host_names, lan_addresses
from .certificates import Pair, authority_file, ensure_pair, fingerprint
from .commands.telling import Refused, say
from .demo import PASSWORD

THREADS = 4
SIGN_EVERY = 15  # seconds between two looks; each log is signed at most once a minute
STOP_WITHIN = 10  # seconds a request in flight is waited for
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True)
class Place:
    """Where the server answers, and with which certificate, if any."""

    host: str
    port: int
    pair: Pair | None = None

    @property
    def urls(self) -> list[str]:
        """The addresses a person can type."""
        scheme = "https" if self.pair else "http"
        hosts = [*lan_addresses(), *host_names()] if self.host in ("0.0.0.0", "::") else [self.host]  # noqa: S104
        return [f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/" for host in hosts or ["127.0.0.1"]]


def serve(host: str, port: int, lan: bool, certificate: Path | None, key: Path | None) -> int:
    """Answer until told to stop; the last heads are signed after the last answer."""
    if found := starting.problems():
        raise Refused("Plumbline does not start:\n" + "\n".join(f"  {line}" for line in found))
    lock = _alone()
    _free(host, port)
    pair = Pair(certificate, key) if certificate and key else _own_pair() if lan else None
    place = Place(host, port, pair)
    application = _prepared()
    try:
        _answer(place, lambda: _in_worker(application, place))
    finally:
        _sign(now=True)
        if lock:
            lock.close()
    return 0


def _own_pair() -> Pair:
    return ensure_pair(Path(settings.PLUMBLINE_KEYS), host_names(), lan_addresses())


def _alone() -> IO[str] | None:
    """The lock that keeps a second server off this SQLite database; PostgreSQL may have several."""
    if connection.vendor != "sqlite":
        return None
    lock = open(f"{settings.DATABASES['default']['NAME']}.serving", "w")  # noqa: SIM115 it is held as long as we serve
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise Refused(
            "Another server answers from this database: stop it first, or use PostgreSQL for several."
        ) from None
    return lock


def _free(host: str, port: int) -> None:
    """Say that a port is taken before the server shares it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refused(f"Port {port} is taken: stop what uses it, or choose another with --port.") from None
            raise Refused(f"{host}:{port} cannot be listened on: {error.strerror}.") from None


def _prepared() -> Any:
    """The application, loaded before the fork so that both processes share its memory."""
    application = import_module("plumbline.config.wsgi").application
    assert get_resolver().url_patterns
    connections.close_all()
    gc.collect()
    gc.freeze()
    return application


def _answer(place: Place, loader: Callable[[], Any]) -> None:
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels

    server = Granian(
        "plumbline.config.wsgi:application",
        address=place.host.strip("[]"),
        port=place.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=min(THREADS, 2 * (os.cpu_count() or 1) + 1),
        websockets=False,
        log_level=LogLevels.warning,
        ssl_cert=place.pair.certificate if place.pair else None,
        ssl_key=place.pair.key if place.pair else None,
        ssl_protocol_min=SSLProtocols.tls12,  # tablets on a shop floor are not new
        workers_kill_timeout=STOP_WITHIN,
    )
    server.serve(target_loader=loader, wrap_loader=False)


def _in_worker(application: Any, place: Place) -> Any:
    """In the process that answers: end at once if the one above is killed, begin to sign, and say where we are."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_keep_signing, name="heads", daemon=True).start()
    clockwork.start()
    _greet(place)
    connections.close_all()
    return application


def _keep_signing() -> None:
    pause = threading.Event()
    while not pause.wait(SIGN_EVERY):
        _sign(now=False)


def _sign(now: bool) -> None:
    """Sign what is new; what hinders it is said, and tried again."""
    try:
        sign_heads(now=now)
    except (ForkRefused, DatabaseError, OSError, ValueError) as error:
        say(f"Heads were not signed: {error}")
    finally:
        connections.close_all()


def _greet(place: Place) -> None:
    first, *others = place.urls
    say(f"Plumbline answers at {first}" + (f"  (also {', '.join(others)})" if others else ""))
    if place.pair and not place.pair.certificate.with_name(authority_file(Path()).name).exists():
        say("  It uses the certificate you gave.")
    elif place.pair:
        authority = x509.load_pem_x509_certificate(authority_file(place.pair.certificate.parent).read_bytes())
        say(f"  Tablets come to trust it at {first}trust/ ; its fingerprint is\n  {fingerprint(authority)}")
    with contextlib.suppress(DatabaseError):
        _greet_demo()
        for organisation in Organisation.objects.filter(pk__in=quiet.quiet()).order_by("slug"):
            say(f"  {organisation} is quiet: no mail and no webhook goes out by itself until"
                f" `plumb sending {organisation.slug} --on`.")  # fmt: skip
    say("  Stop it with Ctrl+C.")


def _greet_demo() -> None:
    demo = Person.objects.filter(account__demo=True).select_related("organisation").order_by("uid")
    if demo and settings.PLUMBLINE_LOOPBACK:
        say(f"  Sign in to the demo with the password {PASSWORD} as")
        people: dict[str, list[Person]] = {}
        for person in demo:
            people.setdefault(person.email, []).append(person)
        for email, same in people.items():
            where = " and ".join(str(person.organisation) for person in same)
            say(f"    {email:{max(map(len, people))}}  {same[0].name}, {same[0].job}, {where}")
    elif demo:
        say("  The demo's accounts sleep, for the server answers the network.")
    if not Organisation.objects.exists():
        say("  There is no organisation yet: open the address, or run `plumb init`.")
