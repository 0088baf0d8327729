"""The names and addresses this machine has in its network; needs no Django and sends nothing."""

import contextlib
import fcntl
import ipaddress
import os
import socket
import struct

SIOCGIFADDR = 0x8915  # Linux: the IPv4 address of an interface (netdevice(7))


def is_loopback(host: str) -> bool:
    """Whether a server bound there is reached from this machine only."""
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return False


def lan_addresses() -> list[str]:
    """The IPv4 addresses others reach this machine by, the one towards the outside first."""
    found = [address for probe in (_outward(), *_interfaces(), *_of_name()) if (address := probe)]
    return [one for one in dict.fromkeys(found) if not is_loopback(one)]


def host_names() -> list[str]:
    """The name of this machine, and its name in multicast DNS."""
    short = socket.gethostname().partition(".")[0].lower()
    return [
        name for name in dict.fromkeys([socket.gethostname().lower(), f"{short}.local"]) if name and name != "localhost"
    ]


def _outward() -> str:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(
            ("192.0.2.1", 9)
        )  # a documentation address (RFC 5737); connecting a datagram socket sends nothing
        return probe.getsockname()[0]
    return ""


def _interfaces() -> list[str]:
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                found.append(socket.inet_ntoa(answer[20:24]))
    return found


def _of_name() -> list[str]:
    with contextlib.suppress(OSError):
        return [str(row[4][0]) for row in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return []


def told_to_settings(host: str, port: int, tls: bool) -> None:
    """Set what the settings will read: who may ask, under which address, and whether demo accounts sleep."""
    scheme, loopback = "https" if tls else "http", is_loopback(host)
    if tls:
        os.environ["PLUMBLINE_TLS"] = "1"
    names = [] if loopback else [*lan_addresses(), *host_names()] if host in ("0.0.0.0", "::") else [host]  # noqa: S104
    os.environ.setdefault("PLUMBLINE_HOSTS", ",".join(["localhost", "127.0.0.1", "[::1]", *names]))
    os.environ.setdefault("PLUMBLINE_ORIGIN", f"{scheme}://{names[0] if names else host}:{port}")
    outside = not loopback or os.environ.get("PLUMBLINE_BEHIND_PROXY", "0").lower() in {"1", "true", "yes", "on"}
    os.environ["PLUMBLINE_LOOPBACK"] = "0" if outside else "1"
