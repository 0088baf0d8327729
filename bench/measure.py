"""The figures of one installation, at growing sizes; prints JSON: {size: {figure: {...}}}."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from uuid import UUID

import django

django.setup()

from django.db import connection, connections, transaction  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test import Client  # noqa: E402

from bench import api  # noqa: E402
from bench import lists as sheets  # noqa: E402
from bench.clock import as_served, family, family_seconds, milliseconds, rate, statements  # noqa: E402
from plumbline.kernel import actions, lists  # noqa: E402
from plumbline.kernel.models import Comment, Link, Record  # noqa: E402
from plumbline.kernel.register import register_of  # noqa: E402
from plumbline.organisation.actor import Actor  # noqa: E402
from plumbline.organisation.founding import found  # noqa: E402
from plumbline.organisation.models import Account  # noqa: E402

PLUMB = Path(sys.executable).parent / "plumb"
ROW = {"description": "Batch 7 carries the label of batch 6", "place": "Hall 2", "lot": "L-4711"}


class Bench:
    """One organisation that fills up, and what is measured in it."""

    def __init__(self) -> None:
        account = Account.objects.create_user("ann@acme.example", "plumb-and-level", name="Ann Bell")
        self.person = found(account, "Acme", slug="acme")
        self.actor = Actor.of(self.person)
        self.register = register_of("nonconformity")
        self.client = Client()
        self.client.force_login(account, backend="plumbline.organisation.accounts.Backend")
        self.size = 0

    def grow(self, size: int) -> dict[str, float]:
        """Bring the register to a size through the door, and tell how fast that went."""
        began, first = time.perf_counter(), self.size
        for start in range(first, size, 2000):
            numbers = range(start, min(size, start + 2000))
            rows = [{"title": f"Wrong label on pallet {number}", **ROW} for number in numbers]
            actions.create_many(self.register, rows, by=self.actor)
        self.size = size
        if connection.vendor == "postgresql":
            self.analysed()
        return {"rate": (size - first) / (time.perf_counter() - began)}

    def analysed(self) -> None:
        """Let PostgreSQL know its tables and tidy its indexes, as autovacuum does a minute later."""
        import psycopg

        with psycopg.connect(os.environ["PLUMBLINE_DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")

    def request(self, address: str, rounds: int = 20) -> dict[str, float]:
        """Measure a page, as the signed-in person gets it."""

        def got() -> bytes:
            answer = self.client.get(address)
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            return answer.content

        size = len(got()) / 1000
        return milliseconds(got, rounds) | {"queries": statements(got), "bytes": size}

    def create(self, number: int = 0) -> Record:
        """One record through the door."""
        return actions.create(self.register, by=self.actor, title=f"Wrong label {number}", **ROW)

    def full_record(self) -> Record:
        """A record with what a lived-in one has: comments, an action, a few moves."""
        record = self.create()
        for number in range(10):
            actions.create(Comment, by=self.actor, record=record, text=f"Seen again on shift {number}")
        for number in range(3):
            action = actions.create(register_of("action"), by=self.actor, title=f"New template {number}")
            actions.create(Link, by=self.actor, record=record, target=action, why="action")
        return actions.act(record, "correct", by=self.actor, correction="Relabelled")


def read(statement: str, values: list) -> None:
    """Fetch rows by SQL."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.fetchall()


def pages(bench: Bench) -> dict[str, dict]:
    """The pages people open all day, each with its floor."""
    record, table = bench.full_record(), bench.register.model._meta.db_table
    joined = f"SELECT * FROM kernel_record r JOIN {table} k ON k.record_ptr_id = r.uid"
    scope = [_key(bench.person.organisation_id)]
    home = "/acme/nonconformities/"
    newest = f"{joined} WHERE r.organisation_id = %s AND r.kind = 'nonconformity' ORDER BY r.uid DESC LIMIT 51"
    opened = "r.organisation_id = %s AND r.kind = 'nonconformity' AND r.state = 'open'"
    deep = f"{joined} WHERE {opened} ORDER BY r.title, r.uid LIMIT 51"
    return {
        "list": bench.request(home),
        "list_floor": milliseconds(lambda: read(newest, scope)),
        "deep": bench.request(_deep(bench, f"{home}?state=open&sort=title")),
        "deep_floor": milliseconds(lambda: read(deep, scope)),
        "record": bench.request(f"{home}{record.number}/"),
        "record_floor": milliseconds(lambda: read(f"{joined} WHERE r.uid = %s", [_key(record.uid)])),
        "search": bench.request(f"{home}?q=pallet"),
        "api_list": api.listed(bench.actor),
    }


def _key(uid: UUID) -> object:
    """Return the key as the database keeps it."""
    return uid if connection.vendor == "postgresql" else uid.hex


def _deep(bench: Bench, address: str) -> str:
    """Return the address of the tenth page."""
    query = QueryDict(address.partition("?")[2], mutable=True)
    for _ in range(9):
        query[lists.MARK] = lists.page(bench.register, bench.actor, query).after or ""
    return f"{address}&{lists.MARK}={query[lists.MARK]}"


def writes(bench: Bench) -> dict[str, dict]:
    """Creating, alone and eight at once, and what an insert with an audit row costs when it is on disk too."""
    alone = milliseconds(bench.create, 40, 3) | rate(bench.create, 120)
    return {"create": alone, "create_8": _eight(bench, 25), "create_floor": _plain_inserts(300)}


def _eight(bench: Bench, each: int) -> dict[str, float]:
    def work() -> None:
        for number in range(each):
            bench.create(number)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"rate": 8 * each / (time.perf_counter() - began)}


def _plain_inserts(times: int) -> dict[str, float]:
    key = "SERIAL" if connection.vendor == "postgresql" else "INTEGER"
    with connection.cursor() as cursor:
        for table in ("bench_row", "bench_audit"):
            temporary = "TEMPORARY" if connection.vendor == "postgresql" else ""
            cursor.execute(f"CREATE {temporary} TABLE {table} (id {key} PRIMARY KEY, title TEXT, description TEXT)")

    def insert(number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in ("bench_row", "bench_audit"):
                cursor.execute(
                    f"INSERT INTO {table} (title, description) VALUES (%s, %s)",
                    [f"Wrong label {number}", ROW["description"]],
                )

    return rate(insert, times)


def start() -> dict[str, dict]:
    """Start the server as a user does, ask for its first page, look at its memory."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    server = subprocess.Popen(
        [str(PLUMB), "serve", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _first_page(server, port)
        wall = time.perf_counter() - began
        cpu = family_seconds(server.pid)
        time.sleep(2)
        memory = sum(_resident(process) for process in family(server.pid))
        return {"cold": {"wall": wall, "cpu": cpu}, "idle": {"megabytes": memory}}
    finally:
        server.terminate()
        server.wait()


def _first_page(server: subprocess.Popen, port: int) -> None:
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=10).close()
            return
        except urllib.error.HTTPError as answer:
            raise RuntimeError(f"the first page answered {answer.code}") from answer
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("plumb serve ended before its first page")


def _resident(process: int) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def main(sizes: list[int]) -> None:
    """Measure at each size in turn."""
    as_served()
    bench, measured = Bench(), {}
    for position, size in enumerate(sizes):
        print(f"{connection.vendor}: growing to {size:,} records", file=sys.stderr, flush=True)
        figures = {"import": bench.grow(size)}
        if os.environ.get("ONLY") == "api":
            measured[str(size)] = figures | {"api_list": api.listed(bench.actor)} | api.measured(bench.actor, ROW)
            continue
        figures |= pages(bench) | api.measured(bench.actor, ROW)  # at every size: the news of 90,000 once slowed it
        if position == 0:
            figures |= writes(bench) | start() | sheets.measured(size)
        measured[str(size)] = figures
    print(json.dumps(measured))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
