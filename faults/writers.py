"""Processes that create records with files through the door, and say so only once both are kept."""

import io
import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from plumbline.kernel import actions, files  # noqa: E402
from plumbline.kernel.models import Attachment, Record  # noqa: E402
from plumbline.kernel.register import register_of  # noqa: E402
from plumbline.ledger.verify import verify_deep  # noqa: E402
from plumbline.organisation.actor import Actor  # noqa: E402
from plumbline.organisation.founding import found  # noqa: E402
from plumbline.organisation.models import Account, Person  # noqa: E402

STUCK = 60  # seconds in which three writers should have kept something
fork = multiprocessing.get_context("fork")  # the parent never opens the database, so a child starts clean and at once


@dataclass(frozen=True)
class Examination:
    """What an examination found after the machine came back."""

    acknowledged: int
    lost: int
    spoilt: int
    problems: list[str]


def migrate() -> None:
    """Make the folder and the tables, as a user would."""
    Path(os.environ["PLUMBLINE_DATA"]).mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=os.environ | {"PLUMBLINE_AS_OWNER": "1"}, check=True)


def begin() -> None:
    """Make the organisation the writers write in."""
    account = Account.objects.create_user("ann@acme.example", "plumb-and-level", name="Ann Bell")
    found(account, "Acme", slug="acme")


def write(name: int, acknowledged: Path, early: bool = False) -> None:
    """Create records with files until killed; `early` says so before it is true, which must be found out."""
    actor = Actor.of(Person.objects.get(name="Ann Bell"))
    told = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(1_000_000):
        content = f"{name} {number} ".encode() + os.urandom(3000)
        title = f"Seen by {name}, {number}"
        line = f"{title}\t{sha256(content).hexdigest()}\n".encode()
        if early:
            os.write(told, line)
        record = actions.create(register_of("nonconformity"), by=actor, title=title, description="Wrong label")
        kept = files.keep(actor.organisation.uid, io.BytesIO(content), "photo.bin")
        actions.attach(record, kept, "photo.bin", by=actor)
        if not early:
            os.write(told, line)


def started(name: int, acknowledged: Path, early: bool = False) -> Any:
    """Start a writer."""
    process = fork.Process(target=write, args=(name, acknowledged, early), daemon=True)
    process.start()
    return process


def one_more(acknowledged: Path) -> None:
    """Wait until something more is acknowledged, however slowly the writers start: stopping none proves nothing."""
    size, until = acknowledged.stat().st_size, time.monotonic() + STUCK
    while acknowledged.stat().st_size == size and time.monotonic() < until:
        time.sleep(0.005)


def frozen(processes: list) -> None:
    """Stop the writers in the middle of whatever they do, all at one moment."""
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    for process in processes:
        while Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "TZ":
            time.sleep(0.001)


def apart(work: Any, *arguments: Any) -> None:
    """Run something in a child of its own; RuntimeError if it failed."""
    process = fork.Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{work.__name__} ended with {process.exitcode}")


def examine(acknowledged: Path, answer: Path) -> None:
    """Look for everything that was acknowledged, and verify the rest; writes an account as JSON."""
    lines = [line.split("\t") for line in acknowledged.read_text().splitlines()]
    try:
        account = _account(lines)
    except (sqlite3.DatabaseError, OSError) as broken:
        account = Examination(len(lines), len(lines), 0, [repr(broken)])
    answer.write_text(json.dumps(asdict(account)))


def _account(lines: list[list[str]]) -> Examination:
    there = set(Record.objects.values_list("title", flat=True))
    attached = dict(Attachment.objects.values_list("record__title", "file__sha256"))
    lost = sum(title not in there or attached.get(title) != digest for title, digest in lines)
    spoilt = list(files.damaged())
    problems = [str(problem) for problem in verify_deep()]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            problems += [row[0] for row in cursor.execute("PRAGMA integrity_check") if row[0] != "ok"]
    numbers = sorted(Record.objects.values_list("number", flat=True))
    if len(set(numbers)) != len(numbers) or len(numbers) != int(numbers[-1].rsplit("-", 1)[1] if numbers else 0):
        problems.append(f"{len(numbers)} records, the last is {numbers[-1]}: a number is doubled or missing")
    return Examination(len(lines), lost, len(spoilt), problems)


def examined(acknowledged: Path, folder: Path) -> Examination:
    """Examine in a child of its own, so that this process never opens the database."""
    answer = folder / "account.json"
    apart(examine, acknowledged, answer)
    return Examination(**json.loads(answer.read_text()))
