"""An installation and its server, as tests meet them from outside; knows no Django."""

import json
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers import databases
from tests.peers.ports import free_port

PLUMB = Path(sys.executable).parent / "plumb"
PASSWORD = "correct-horse-9"


@dataclass
class Installation:
    """A data folder and a database, and the environment in which `plumb` finds them."""

    data: Path
    environment: dict[str, str]

    def plumb(self, *arguments: object, stdin: int = subprocess.DEVNULL, **told: str) -> subprocess.CompletedProcess:
        """Run the command as a person would, or as a script where nobody can be asked."""
        command = [str(PLUMB), *map(str, arguments)]
        environment = self.environment | told
        return subprocess.run(command, env=environment, stdin=stdin, capture_output=True, text=True, timeout=600)

    def json(self, *arguments: object, **told: str) -> list[dict]:
        """What a command that must succeed prints: every line is a JSON object."""
        done = self.plumb(*arguments, "--json", **told)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def sql(self, statement: str) -> None:
        """Run one statement as whoever owns the database, past every guard of ours."""
        if databases.on_postgresql():
            import psycopg

            with psycopg.connect(self.environment["PLUMBLINE_DATABASE_OWNER_URL"], autocommit=True) as connection:
                connection.execute(statement)
            return
        import pysqlite3

        with pysqlite3.connect(str(self.data / "plumbline.sqlite3"), timeout=20) as connection:
            connection.execute(statement)
        connection.close()

    @contextmanager
    def served(
        self, *arguments: object, trusting: Path | None = None, program: str = "", **told: str
    ) -> Iterator["Served"]:
        """A server while the block lasts; SIGTERM at its end must stop it with exit 0; or `program` in its place."""
        port = free_port()
        log = self.data / "server.log"
        with log.open("wb") as output:
            begins = [sys.executable, "-c", program] if program else [str(PLUMB)]
            command = [*begins, "serve", "--port", str(port), *map(str, arguments)]
            process = subprocess.Popen(command, env=self.environment | told, stdout=output, stderr=output)
        served = Served(process, port, log, trusting)
        try:
            served.wait()
            yield served
        finally:
            process.terminate()
            try:
                served.ended = process.wait(45)  # less than the minute in which its clock looks again
            finally:
                process.kill()


@dataclass
class Served:
    """A server that answers."""

    process: subprocess.Popen
    port: int
    log: Path
    trusting: Path | None
    ended: int | None = None

    def opener(self, *handlers) -> urllib.request.OpenerDirector:
        """What asks the server, trusting only the authority it was given."""
        context = ssl.create_default_context(cafile=str(self.trusting)) if self.trusting else None
        return urllib.request.build_opener(
            *([urllib.request.HTTPSHandler(context=context)] if context else []), *handlers
        )

    def url(self, path: str) -> str:
        """An address of it."""
        return f"{'https' if self.trusting else 'http'}://127.0.0.1:{self.port}{path}"

    def get(self, path: str) -> str:
        """The text of a page."""
        with self.opener().open(self.url(path), timeout=60) as answer:
            return answer.read().decode()

    def wait(self) -> None:
        """Return when a page is answered."""
        until = time.monotonic() + 120
        while time.monotonic() < until and self.process.poll() is None:
            try:
                self.get("/accounts/login/")
                return
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        pytest.fail(f"no first page:\n{self.log.read_text()[-3000:]}", pytrace=False)
