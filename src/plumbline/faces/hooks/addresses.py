"""Where a webhook may go: only addresses of the open internet, looked up once and connected to as looked up."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS, LONGEST = 10, 20  # for one step of a delivery, and for the whole of it
GIVEN_OUT = ip_network("2000::/3")  # of IPv6; what stands for an IPv4 address lies outside it, but for 2002::/16
# Blocks that lead inwards or stand for another address, though Python calls them (or some of them) global.
INWARD = [ip_network(block) for block in ("2001::/23", "2002::/16", "192.0.0.0/24", "192.88.99.0/24")]
Address = IPv4Address | IPv6Address


class Refused(Exception):
    """The address is not one to send to; the text says why, for people."""


@dataclass(frozen=True)
class Target:
    """An address taken apart: over TLS or not, host, port, path with its query."""

    secure: bool
    host: str
    port: int
    path: str


def split(url: str) -> Target:
    """Take a web address apart. Raises Refused for what is none, or is no plain one."""
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in url) or "\\" in url:
        raise Refused(_("An address has no spaces, backslashes or control characters."))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode().lower(), parts.port
    except (ValueError, UnicodeError) as error:
        raise Refused(_("This is not a web address.")) from error
    if parts.scheme not in ("https", "http") or not host.strip("."):
        raise Refused(_("A web address begins with https:// and a name."))
    if parts.username is not None or parts.password is not None:
        raise Refused(_("Leave name and password out of the address; the signature proves who sends."))
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise Refused(_("Write the address the way a browser shows it when it is copied."))
    return Target(secure, host, port if port is not None else (443 if secure else 80), path)


def seen_at_once(url: str) -> None:
    """What is certain before any name is looked up, for whoever types it. Raises Refused."""
    target = split(url)
    with contextlib.suppress(ValueError):  # a name
        _first_good(target, [ip_address("127.0.0.1" if target.host.strip(".") == "localhost" else target.host)])
    if not target.secure and not settings.PLUMBLINE_WEBHOOK_INNER:
        raise Refused(_("To the open internet only with https://."))


def outer(address: Address) -> bool:
    """Whether it is an address of the open internet."""
    if address.version == 6 and address not in GIVEN_OUT:
        return False
    return address.is_global and not address.is_multicast and not inward(address)


def inward(address: Address) -> bool:
    return any(address.version == block.version and address in block for block in INWARD)


def allowed(address: Address) -> bool:
    """Whether the one who runs the installation named this inner network (PLUMBLINE_WEBHOOK_INNER)."""
    named = [ip_network(block, strict=False) for block in settings.PLUMBLINE_WEBHOOK_INNER]
    return any(address.version == block.version and address in block for block in named)


def looked_up(target: Target) -> Address:
    """The one address to connect to. Raises Refused if any the name stands for is an inner one, or it has none."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError) as error:
        raise Refused(_("The name %(host)s is not known.") % {"host": target.host}) from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    return _first_good(target, addresses)


def _first_good(target: Target, addresses: Iterable[Address]) -> Address:
    addresses = list(addresses)
    if inner := [one for one in addresses if not outer(one) and not allowed(one)]:
        words = _(
            "%(host)s leads to an inner address, %(address)s. "
            "Whoever runs this installation can allow it (PLUMBLINE_WEBHOOK_INNER)."
        )
        raise Refused(words % {"host": target.host, "address": inner[0]})
    if not target.secure and not all(allowed(one) for one in addresses):
        raise Refused(_("To the open internet only with https://."))
    return addresses[0]


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Send, to the very address that was looked at; follows nothing. Returns (status, reason); OSError if none came."""
    target = split(url)
    address = looked_up(target)
    connection = http.client.HTTPConnection(target.host, target.port, timeout=SECONDS)
    watch = threading.Timer(LONGEST, _hang_up, [connection])
    watch.daemon = True
    watch.start()
    try:
        sock = socket.create_connection((str(address), target.port), SECONDS)
        connection.sock = (
            ssl.create_default_context().wrap_socket(sock, server_hostname=target.host) if target.secure else sock
        )
        connection.request("POST", target.path, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.reason
    except http.client.HTTPException as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
    finally:
        watch.cancel()
        connection.close()


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """End a delivery that drips: each of its steps was quick enough, all together they are not."""
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
