"""The library with many documents of five pages in force: its pages, search and the master list; prints JSON.

Each document, revision and span is written with its event and its words, as an import would leave them, but without the
moves between; all revisions share one file of five pages, and each says five pages of its own to search.
"""

import json
import random
import re
import resource
import subprocess
import sys
import time
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.clock import as_served  # noqa: E402
from bench.measure import Bench  # noqa: E402
from plumbline import composition  # noqa: E402
from plumbline.faces.search.writing import renew  # noqa: E402
from plumbline.history.uids import uuid7  # noqa: E402
from plumbline.kernel import actions, duties, files  # noqa: E402
from plumbline.kernel.models import Record  # noqa: E402
from plumbline.ledger.writer import writing  # noqa: E402
from plumbline.organisation.actor import Actor  # noqa: E402
from plumbline.organisation.models import Person  # noqa: E402
from plumbline.registers.support.documents.library import master  # noqa: E402
from plumbline.registers.support.documents.models import Document, Revision, Text, Validity  # noqa: E402
from plumbline.registers.support.documents.models.revision import WRITTEN  # noqa: E402

PAGES, WORDS_A_PAGE, BATCH = 5, 350, 200
CHANCE = random.Random(9001)
SYLLABLES = ("ba", "co", "den", "fil", "gor", "ha", "kim", "lo", "mes", "nu", "pra", "ri", "sto", "tu", "ver", "zi")
WORDS = sorted({"".join(CHANCE.choices(SYLLABLES, k=CHANCE.randint(2, 4))) for _ in range(9000)})
OFTEN = list(accumulate(1 / (place + 3) for place in range(len(WORDS))))  # few words often, most seldom


def text() -> str:
    """Five pages, in paragraphs, with two words that nearly every document has."""
    words = CHANCE.choices(WORDS, cum_weights=OFTEN, k=PAGES * WORDS_A_PAGE)
    return "The supplier is evaluated. " + "\n".join(" ".join(words[at : at + 70]) for at in range(0, len(words), 70))


class Shelf(Bench):
    """One organisation with a growing library."""

    def fill(self, size: int) -> dict[str, float]:
        """So many documents in force, and how fast they were written."""
        began, file = time.perf_counter(), self.file()
        sorts = Document.Sort.values
        for start in range(0, size, BATCH):
            numbers = range(start, min(size, start + BATCH))
            documents = [self.document(number, sorts[number % len(sorts)]) for number in numbers]
            with writing(self.actor.organisation.uid, self.actor.stamp()) as pen:
                pen.save_many(documents, "create")
                revisions = [self.revision(number, one, file) for number, one in zip(numbers, documents, strict=True)]
                pen.save_many(revisions, "create")
                pen.save_many([self.span(one) for one in revisions], "create")
                said = [Text(revision=one, organisation=one.organisation_id, text=text()) for one in revisions]
                Text.objects.bulk_create(said)
                duties.renew([*documents, *revisions], new=True)
                renew(documents, new=True)
        if connection.vendor == "postgresql":
            self.analysed()
        return {"rate": size / (time.perf_counter() - began)}

    def file(self) -> object:
        blocks = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in text().split("\n")]
        written = json.dumps(composition.cleaned({"type": "doc", "content": blocks})).encode()
        return actions.content(files.keep(self.actor.organisation.uid, BytesIO(written)), by=self.actor)

    def document(self, number: int, sort: str) -> Document:
        title = " ".join(CHANCE.choices(WORDS, k=4)).capitalize()
        return Document(sort=sort, revision_no="1.0", **self.spine("document", f"D-{number:06}", title, "in_use"))

    def revision(self, number: int, document: Document, file: object) -> Revision:
        spine = self.spine("revision", f"REV-{number:06}", document.title, "effective")
        return Revision(of_document=document, revision_no="1.0", file=file, media_type=WRITTEN, **spine)

    def span(self, revision: Revision) -> Validity:
        home = self.actor.organisation
        told = {"uid": uuid7(), "organisation": home, "created_at": timezone.now()}
        return Validity(record=revision, document=revision.of_document, from_on=home.today(), **told)

    def spine(self, kind: str, number: str, title: str, state: str) -> dict:
        home, person = self.actor.organisation, self.person
        told = {"organisation": home, "home": home, "owner": person, "author": person}
        return {
            "uid": uuid7(),
            "kind": kind,
            "number": number,
            "title": title,
            "state": state,
            "created_at": timezone.now(),
        } | told

    def pages(self) -> dict[str, dict]:
        """What people open all day."""
        common, seldom = WORDS[2], WORDS[-40]
        some = Record.objects.filter(kind="document").order_by("number")[100]
        shown = Revision.objects.get(of_document=some.pk)
        addresses = {
            "library": "/acme/library/",
            "library_group": "/acme/library/?group=sort:procedure",
            "library_past": "/acme/library/?group=sort:procedure&on=2025-01-01",
            "library_common": f"/acme/library/?q={common}",
            "library_two": f"/acme/library/?q={common}+{WORDS[9]}",
            "library_seldom": f"/acme/library/?q={seldom}",
            "library_wrong": f"/acme/library/?q={seldom[:-1]}x",
            "documents": "/acme/documents/",
            "document": f"/acme/documents/{some.number}/",
            "revision": f"/acme/revisions/{shown.number}/",
        }
        return {name: self.request(address, 10) for name, address in addresses.items()}


def master_list(form: str) -> dict[str, float]:
    """The master list of everything, in a program of its own: seconds of processor and memory it added."""
    done = subprocess.run([sys.executable, "-m", "bench.library", form], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def alone(form: str) -> dict[str, float]:
    """Make the list here, with its program for paper, and tell what it took: seconds, and memory here and there."""
    actor = Actor.of(Person.objects.select_related("organisation").get(organisation__slug="acme"))
    began, held = time.process_time(), _peak()
    if form == "xlsx":
        with TemporaryFile() as out:
            master.xlsx(actor, actor.organisation.today(), out)
    else:
        with TemporaryDirectory() as folder:
            master.write_pdf(actor, actor.organisation.today(), Path(folder, "list.pdf"), lambda *_done: None)
    beside = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.process_time() - began + beside.ru_utime + beside.ru_stime
    return {"seconds": seconds, "megabytes": _peak() - held, "beside": beside.ru_maxrss / 1024}


def _peak() -> float:
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0


def main(size: int) -> None:
    """Fill and measure."""
    as_served()
    shelf = Shelf()
    print(f"{connection.vendor}: {size:,} documents of {PAGES} pages", file=sys.stderr, flush=True)
    figures: dict[str, dict] = {"shelved": shelf.fill(size)} | shelf.pages()
    figures |= {f"master_{form}": master_list(form) for form in ("xlsx", "pdf")}
    print(json.dumps({str(size): figures}))


if __name__ == "__main__":
    if sys.argv[1] in ("xlsx", "pdf"):
        print(json.dumps(alone(sys.argv[1])))
    else:
        main(int(sys.argv[1]))
