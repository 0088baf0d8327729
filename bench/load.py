"""Two servers on one PostgreSQL, asked 50 times a second by a mixed crowd; any error fails, and no write may be lost.

`make load` runs for ten minutes, `make load LASTS=60` for one; RATE and RECORDS as the environment says.
The clock of an answer starts when it was due to be asked, so that a server that stands still is seen.
"""

import http.client
import itertools
import json
import os
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

RATE = int(os.environ.get("RATE", "50"))  # requests a second
RECORDS = int(os.environ.get("RECORDS", "10000"))
CROWD, PEOPLE = 64, 8  # askers at once, persons they are
HOME = "/acme/nonconformities/"
SHARES = {  # how many in a hundred
    **{"list page": 14, "filtered list": 8, "record page": 16, "my work": 8, "search": 12, "search in a list": 6},
    **{"API list": 8, "API record": 12, "API create": 6, "API move": 4, "calendar": 6},
}


@dataclass
class Crowd:
    """Who asks whom for what, and what came of it."""

    ports: list[int]
    sessions: list[str]
    tokens: list[str]
    calendars: list[str]
    numbers: list[str]
    made: "queue.Queue[tuple[str, dict[str, str]]]" = field(default_factory=queue.Queue)
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)
    turn: Any = field(default_factory=itertools.count)

    def ask(self, what: str, chance: random.Random) -> None:
        """One request of this sort; raises RuntimeError for any answer but the one that is due."""
        api = {"Authorization": f"Bearer {chance.choice(self.tokens)}", "Content-Type": "application/json"}
        page = {"Cookie": f"sessionid={chance.choice(self.sessions)}"}
        number, word = chance.choice(self.numbers), chance.choice(("pallet", "label", "batch 7", "labal", "hall 2"))
        record = f"/api/nonconformities/{number}"
        asked: dict[str, tuple[str, dict[str, str]]] = {
            "list page": (HOME, page),
            "filtered list": (f"{HOME}?state=open&order=-title", page),
            "record page": (f"{HOME}{number}/", page),
            "my work": ("/acme/my-work/", page),
            "search": (f"/acme/search/?q={word.replace(' ', '+')}", page),
            "search in a list": (f"{HOME}?q={word.replace(' ', '+')}", page),
            "API list": ("/api/nonconformities?open=true&order=due", api),
            "API record": (record, api),
            "calendar": (f"/acme/calendar/{chance.choice(self.calendars)}/nonconformities.ics", {}),
        }
        if what == "API create":
            sent = {"title": f"Wrong label {chance.random()}", "description": "Batch 7 carries the label of batch 6"}
            number = json.loads(self.answer("POST", "/api/nonconformities", api, 201, sent))["number"]
            self.made.put((number, api))
            self.written["create"] += 1
        elif what == "API move":
            self.move()
        else:
            self.answer("GET", *asked[what], 200)

    def move(self) -> None:
        """Of a record that was made meanwhile, by who made it, so that each is moved once."""
        try:
            number, api = self.made.get_nowait()
        except queue.Empty:
            return
        at = f"/api/nonconformities/{number}/moves/correct"
        self.answer("POST", at, api, 200, {"correction": "Relabelled", "version": 1})
        self.written["correct"] += 1

    def answer(self, method: str, at: str, headers: dict[str, str], due: int, sent: Any = None) -> bytes:
        """The body, if the status is the one that is due."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[next(self.turn) % len(self.ports)], timeout=60)
        try:
            connection.request(method, at, json.dumps(sent) if sent else None, headers)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status != due:
            raise RuntimeError(f"{method} {at}: {answer.status} {said[:300]!r}")
        return said


def crowded(crowd: Crowd, seconds: float) -> None:
    """Ask at the rate, whatever the answers take."""
    waiting: queue.Queue[tuple[float, str] | None] = queue.Queue()
    kinds, shares = list(SHARES), list(SHARES.values())

    def work(seed: int) -> None:
        chance = random.Random(seed)
        while (job := waiting.get()) is not None:
            due, what = job
            try:
                crowd.ask(what, chance)
            except (RuntimeError, OSError, http.client.HTTPException) as error:
                crowd.wrong.append(f"{what}: {error!r}")
            crowd.took[what].append(time.perf_counter() - due)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(CROWD)]
    for thread in threads:
        thread.start()
    began, chance = time.perf_counter(), random.Random(9001)
    for number in range(int(seconds * RATE)):
        due = began + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        waiting.put((due, chance.choices(kinds, shares)[0]))
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()


def told(crowd: Crowd, seconds: float) -> None:
    """The table: how many of each sort, and how long they took."""
    print(f"{'':18}{'asked':>8}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}")
    every = [took for some in crowd.took.values() for took in some]
    for what, took in [*sorted(crowd.took.items()), ("all", every)]:
        ordered = sorted(took)
        at = [ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.95)]
        print(f"{what:18}{len(ordered):8}{at[0]:9.0f}{at[1]:9.0f}{ordered[-1] * 1000:9.0f}")
    print(f"{len(every) / seconds:.1f} requests a second, {dict(crowd.written)}, {len(crowd.wrong)} errors")
    for line in crowd.wrong[:20]:
        print(f"  {line}")


def prepared() -> Callable[[list[int]], Crowd]:
    """An organisation with its records and people; what is left is to say where the servers are."""
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=os.environ | {"PLUMBLINE_AS_OWNER": "1"}, check=True)
    import django

    django.setup()
    from bench.measure import ROW, Bench
    from plumbline.kernel import actions
    from plumbline.kernel.models import Record

    bench = Bench()
    today = bench.actor.organisation.today()
    rows = [
        {"title": f"Wrong label on pallet {one}", **ROW, "due": today + timedelta(one // 50) if one % 50 == 0 else None}
        for one in range(RECORDS)
    ]
    actions.create_many(bench.register, rows, by=bench.actor)
    bench.analysed()
    found = list(Record.objects.filter(kind="nonconformity").order_by("-uid").values_list("number", flat=True)[:2000])
    entries = keys(bench)
    return lambda ports: Crowd(ports, *entries, found)


def keys(bench: Any) -> tuple[list[str], list[str], list[str]]:
    """Sessions, tokens and calendars of several people."""
    from django.test import Client

    from plumbline.desk.models import CalendarKey
    from plumbline.faces.api import tokens
    from plumbline.kernel import actions
    from plumbline.organisation.actor import Actor
    from plumbline.organisation.models import Account, Person

    people, sessions, secrets, calendars = [bench.person], [], [], []
    for number in range(1, PEOPLE):
        name, email = f"Person {number}", f"p{number}@acme.example"
        account = Account.objects.create_user(email, "plumb-and-level", name=name)
        people.append(actions.create(Person, by=bench.actor, name=name, email=email, account=account))
    for person in people:
        client = Client()
        client.force_login(person.account, backend="plumbline.organisation.accounts.Backend")
        sessions.append(client.cookies["sessionid"].value)
        secrets.append(tokens.make(Actor.of(person), "load", {"*": "write"}, 1)[1])
        CalendarKey.renew(person)
        calendars.append(CalendarKey.objects.get(person=person).token)
    return sessions, secrets, calendars


def kept(crowd: Crowd) -> list[str]:
    """What does not fit: acknowledged and not there, or a history that does not verify."""
    from django.db import connection

    from plumbline.kernel.models import Record
    from plumbline.ledger.models import Event
    from plumbline.ledger.verify import verify_deep

    connection.close()
    there = {
        "create": Record.objects.filter(kind="nonconformity").count() - RECORDS,
        "correct": Event.objects.filter(verb="correct").count(),
    }
    lost = [
        f"{verb}: {many} acknowledged, {there[verb]} kept"
        for verb, many in crowd.written.items()
        if many != there[verb]
    ]
    return lost + [str(problem) for problem in verify_deep()]


def main(seconds: float) -> int:
    """Prepare, ask, tell."""
    if "PLUMBLINE_DATABASE_URL" not in os.environ:
        print(
            "two servers need PostgreSQL: scripts/with-postgres --durable .venv/bin/python -m bench.load",
            file=sys.stderr,
        )
        return 2
    with tempfile.TemporaryDirectory(prefix="plumbline-load-") as folder:
        os.environ |= {"PLUMBLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
        ready = prepared()
        from bench import api

        with Path(folder, "servers.log").open("w+") as log:
            servers = [api.served(log) for _ in range(2)]
            try:
                crowd = ready([port for _server, port in servers])
                crowded(crowd, seconds)
            finally:
                for server, _port in servers:
                    server.terminate()
                    server.wait()
            log.seek(0)
            faults = [line for line in log if "Traceback" in line or "ERROR" in line]
        told(crowd, seconds)
        faults += kept(crowd)
        print("\n".join(faults) or "every acknowledged write is there, and the history verifies")
        return 1 if faults or crowd.wrong else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 120))
