"""A real server in a process of its own, over its own copy of the demo company."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers import databases
from tests.peers.ports import free_port

PLUMB = Path(sys.executable).parent / "plumb"
DEMO = "plumbline_demo"
READY = 120  # seconds a start may take on a busy machine


@dataclass(frozen=True)
class Live:
    """A served installation: its address, its data folder, the environment its commands need, and its process."""

    url: str
    data: Path
    environment: dict[str, str]
    process: int = 0

    def plumb(self, *arguments: str) -> str:
        """Run a command on this installation and return its standard output; RuntimeError holds what it said."""
        return _plumb(self.environment, *arguments)


def _plumb(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([str(PLUMB), *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"plumb {' '.join(arguments)}: exit {done.returncode}\n{done.stderr[-4000:]}")
    return done.stdout


def _environment(told: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "PLUMBLINE_AS_OWNER"} | told


@pytest.fixture(scope="session")
def demo(django_db_setup) -> Path:
    """The folder of an installation with the demo companies, made once for all workers and only ever copied."""
    folder = databases.root() / "demo"
    with databases.alone("demo"):
        if not (folder / "done").exists():
            _plumb(_environment(databases.copied(databases.migrated(), folder, DEMO)), "demo")
            (folder / "done").touch()
    return folder


@pytest.fixture(scope="module")
def live(demo: Path) -> Iterator[Live]:
    """A server with the demo companies: one a file of journeys, so journeys of one file see each other's records."""
    with served(demo) as live:
        yield live


@contextmanager
def served(demo: Path, host: str = "127.0.0.1", **told: str) -> Iterator[Live]:
    """A server over a copy of the demo companies, with more settings, asked by this name."""
    database = f"plumbline_live_{uuid.uuid4().hex[:12]}"
    data = databases.root() / database
    environment = _environment(databases.copied(demo, data, database, template=DEMO))
    port = free_port()
    url = f"http://{host}:{port}"
    environment |= {"PLUMBLINE_ORIGIN": url, **told}
    log = data / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(PLUMB), "serve", "--port", str(port)], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait(url, server, log)
        yield Live(url, data, environment, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        said = log.read_text(errors="replace")
        databases.dropped(data, database)
    if traceback := re.search(r"^Traceback .*", said, re.S | re.M):
        pytest.fail(f"the server met an error nobody caught:\n{traceback[0][-4000:]}", pytrace=False)


def _wait(url: str, server: subprocess.Popen, log: Path) -> None:
    """Return when a page is answered; fail with the server's own words when it ends or takes too long."""
    until = time.monotonic() + READY
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=30).close()
            return
        except urllib.error.HTTPError as answered:
            if answered.code < 500:
                return
            break
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"plumb serve gave no first page:\n{log.read_text(errors='replace')[-4000:]}", pytrace=False)
