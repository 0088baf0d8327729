"""The API: a list of 50; creating in a served installation, by one client and by eight, each on its own connection."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from django.test import Client as Program
from django.test import override_settings

from bench.clock import family_seconds, milliseconds, statements
from plumbline.faces.api import tokens
from plumbline.organisation.actor import Actor

PLUMB = Path(sys.executable).parent / "plumb"
PLACE = "/api/nonconformities"


def listed(actor: Actor, rounds: int = 20) -> dict[str, float]:
    """The first page of a list of 50, as a program gets it."""
    _token, secret = tokens.make(actor, "bench", {"*": "read"}, 1)
    program = Program(headers={"authorization": f"Bearer {secret}"})

    def got() -> bytes:
        answer = program.get(PLACE)
        assert answer.status_code == 200, answer.content
        return answer.content

    with override_settings(PLUMBLINE_API_RATE=1_000_000):
        return milliseconds(got, rounds) | {"queries": statements(got), "bytes": len(got()) / 1000}


def measured(actor: Actor, row: dict[str, str]) -> dict[str, dict[str, float]]:
    """Creations a second by the wall clock, the server's work and the clients' in one; and the server's processor."""
    _token, secret = tokens.make(actor, "bench", {"*": "write"}, 1)
    server, port = served()
    try:
        create = Client(port, secret, row)
        create(5)
        return {"api_create": _rate(server, create, 1, 120), "api_create_8": _rate(server, create, 8, 25)}
    finally:
        server.terminate()
        server.wait()


def served(log: Any = subprocess.DEVNULL) -> tuple[subprocess.Popen, int]:
    """A server that answers, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = os.environ | {"PLUMBLINE_API_RATE": "1000000"}
    command = [str(PLUMB), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=told, stdout=log, stderr=log)
    _wait(server, port)
    return server, port


class Client:
    """Creates so many records, one after the other."""

    def __init__(self, port: int, secret: str, row: dict[str, str]) -> None:
        self.port, self.row = port, row
        self.headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def __call__(self, times: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for number in range(times):
            body = json.dumps({"title": f"Wrong label {number}", **self.row})
            connection.request("POST", PLACE, body, self.headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 201:
                raise RuntimeError(f"{answer.status}: {said[:400]!r}")
        connection.close()


def _rate(server: subprocess.Popen, create: Client, clients: int, each: int) -> dict[str, float]:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            create(each)
        except (RuntimeError, OSError) as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    began, used = time.perf_counter(), family_seconds(server.pid)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    many, wall = clients * each, time.perf_counter() - began
    return {"rate": many / wall, "app": (family_seconds(server.pid) - used) / many * 1000}


def _wait(server: subprocess.Popen, port: int) -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("plumb serve ended before its first answer")
