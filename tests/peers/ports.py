"""Ports for servers that tests start: each is given once, and lies below those the kernel gives to whoever calls."""

import fcntl
import os
import random
import socket
from pathlib import Path

FIRST, LAST = 20_000, 32_000  # the kernel's own begin at 32,768


def free_port() -> int:
    """A port nobody listens at; no other worker of this run is given it, so it is free until its server takes it."""
    folder = os.environ.get("PLUMBLINE_TEST_ROOT")
    if folder is None:
        return _next(random.randrange(FIRST, LAST))
    with (Path(folder) / "last-port").open("a+") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        kept.seek(0)
        port = _next(int(kept.read() or random.randrange(FIRST, LAST)))
        kept.truncate(0)
        kept.write(str(port))
    return port


def _next(last: int) -> int:
    for step in range(1, LAST - FIRST):
        port = FIRST + (last - FIRST + step) % (LAST - FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError:
                continue
        return port
    raise LookupError("every port for tests is taken")
