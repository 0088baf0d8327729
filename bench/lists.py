"""Lists out and in: how long, and how much memory at most; one figure a process, as a peak never goes down."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROWS = 10_000
FIGURES = ("export_csv", "export_xlsx", "import_csv")


def measured(size: int) -> dict[str, dict[str, float]]:
    """The figures over an installation that has so many records, each in a process of its own."""
    return {name: _asked(name, size) for name in FIGURES}


def _asked(name: str, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.lists", name, str(size)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _watched(work: Callable[[], int]) -> dict[str, float]:
    """Rows a call, its seconds, the processor's, and by how many megabytes the memory grew at most."""
    before, began, used = _resident(), time.perf_counter(), time.process_time()
    most, stop = [before], threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            most.append(_resident())

    thread = threading.Thread(target=watch)
    thread.start()
    rows = work()
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    stop.set()
    thread.join()
    return {"rows": rows, "wall": wall, "cpu": cpu, "grown": (max(most) - before), "rate": rows / wall}


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _lines(rows: int) -> Iterator[bytes]:
    yield b"Title;Description;Due;Quantity;Owner;Grade\n"
    for number in range(rows):
        day = f"{number % 28 + 1}.{number % 12 + 1}.2027"
        yield f"Wrong label on pallet {number};Batch 7, label of 6;{day};{number},5;Ann Bell;minor\n".encode()


def main(name: str) -> None:
    """Measure one figure in the organisation that bench.measure made, and print it as JSON."""
    import django

    django.setup()

    from django.http import QueryDict

    from plumbline.faces.sheets import checking, importing, opening
    from plumbline.faces.sheets.exporting import Listing, csv_lines, write_workbook
    from plumbline.kernel.register import register_of
    from plumbline.organisation.actor import Actor
    from plumbline.organisation.models import Person

    actor = Actor.of(Person.objects.select_related("organisation").get(name="Ann Bell"))
    register = register_of("nonconformity")

    def first(rows: Iterator) -> Iterator:
        return (row for _count, row in zip(range(ROWS), rows, strict=False))

    def csv() -> int:
        return sum(1 for _line in first(csv_lines(listing)))

    def xlsx() -> int:
        listing.rows = lambda: first(Listing.rows(listing))  # type: ignore[method-assign]
        with tempfile.TemporaryFile() as file:
            return write_workbook(file, listing)

    listing = Listing(register, actor, QueryDict(""), "shown")
    if name != "import_csv":
        print(json.dumps(_watched({"export_csv": csv, "export_xlsx": xlsx}[name])))
        return
    run = opening.begin(register, actor, _lines(ROWS), "bench.csv", "de")
    run.state = "checking"
    run.save()
    judged = _watched(lambda: checking.check(run, lambda: True) or run.done)
    run.note(state="importing", done=0)
    brought = _watched(lambda: importing.bring_in(run, lambda: True) or run.done)
    assert run.counts["create-done"] == ROWS, run.counts
    print(json.dumps(brought | {"checked": judged["rate"], "grown": max(judged["grown"], brought["grown"])}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.config.settings")
    main(sys.argv[1])
