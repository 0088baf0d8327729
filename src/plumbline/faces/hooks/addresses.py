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
# Blocks that lead inwards or stand for another address, beside those Python does not call global (IANA registries).
INWARD = [
    ip_network(block)
    for block in (
        *(
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "fec0::/10",
        ),
        *("::ffff:0:0/96", "192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
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


def outer(address: Address) -> bool:
    """Whether it is an address of the open internet."""
    inward = any(address.version == block.version and address in block for block in INWARD)
    return address.is_global and not address.is_multicast and not address.is_reserved and not inward


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
        raise Refused(
            _("%(host)s leads to an inner address, %(address)s.") % {"host": target.host, "address": inner[0]}
        )
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
