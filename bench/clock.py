"""Processor time of the application and of its database connection, and the statements sent."""

import gc
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

TICKS = os.sysconf("SC_CLK_TCK")
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ", "SELECT SET_CONFIG")


def as_served() -> None:
    """Ask as a server is asked: a test environment would copy the context of every template that is shown."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]


def database_seconds() -> float:
    """Return the processor seconds of PostgreSQL's process for our connection; 0 on SQLite, which is in ours."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    return _seconds(connection.connection.info.backend_pid)


def milliseconds(work: Callable[[], object], rounds: int = 30, chunks: int = 5) -> dict[str, float]:
    """Return processor milliseconds a call; chunks of calls, as PostgreSQL's clock ticks in hundredths of a second."""
    work()
    gc.collect()
    gc.freeze()  # what is loaded is out of the garbage collector's sight, as `plumb serve` has it
    app, database = [], []
    for _ in range(chunks):
        began, there = time.process_time(), database_seconds()
        for _ in range(rounds):
            work()
        app.append((time.process_time() - began) / rounds * 1000)
        database.append((database_seconds() - there) / rounds * 1000)
    return {"app": statistics.median(app), "database": statistics.mean(database)}


def statements(work: Callable[[], object]) -> int:
    """Count the statements a call sends, transaction control left out."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not query["sql"].upper().startswith(CONTROL) for query in captured)


def rate(work: Callable[[int], object], times: int) -> dict[str, float]:
    """Return calls a second by the wall clock, for what waits for the disk."""
    began = time.perf_counter()
    for number in range(times):
        work(number)
    return {"rate": times / (time.perf_counter() - began)}


def family(process: int) -> list[int]:
    """A process and all that it started."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    begun = [int(child) for task in tasks for child in task.read_text().split()]
    return [process, *(one for child in begun for one in family(child))]


def family_seconds(process: int) -> float:
    """Processor seconds of a process and all that it started."""
    return sum(_seconds(one) for one in family(process))


def _seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
