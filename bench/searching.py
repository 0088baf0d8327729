"""Search at growing sizes on one database: `python -m bench.searching 100000`, as the database's owner.

Some hundred records go through the door; the rest are copies of them by SQL with numbers and words of their own,
so that the tables have the shape that the door gives them. The triggers that would refuse that are off while it grows.
"""

import json
import random
import sys
import time
from itertools import accumulate

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from bench.clock import as_served, database_seconds, statements  # noqa: E402
from bench.measure import Bench  # noqa: E402
from plumbline.faces.search import vocabulary, wording  # noqa: E402
from plumbline.faces.search.models import SearchRow  # noqa: E402
from plumbline.history.uids import uuid7  # noqa: E402
from plumbline.kernel import actions  # noqa: E402
from plumbline.kernel.models import Record  # noqa: E402
from plumbline.ledger import triggers  # noqa: E402

THROUGH_THE_DOOR = 500
WORDS, A_RECORD = 60_000, 40  # different words of the company; words of a record
BATCH = 5000
SYLLABLES = (  # noqa: SIM905 shorter so
    "ka li per mes ser schra ub en dreh mo ment wel ding la bel pal let hal le pru fung gau ge in spec tion ro tor ven"
    " til pum pe stahl guss form na del sen sor ket te zahn rad mut ter boh rer fra se lack far be glas"
).split()


class Words:
    """Words as a company uses them: a few in most records, most in hardly any (Zipf's law)."""

    def __init__(self) -> None:
        self.chance = random.Random(9001)  # the same words in every run
        made = {"".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 4))) for _ in range(WORDS * 2)}
        self.known = sorted(made)[:WORDS]
        self.chance.shuffle(self.known)
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.known))))

    def some(self, many: int) -> list[str]:
        return self.chance.choices(self.known, cum_weights=self.weights, k=many)


def grow(bench: Bench, words: Words, size: int) -> float:
    """Bring the register to a size; returns the seconds it took."""
    began, there = time.perf_counter(), Record.objects.filter(kind="nonconformity").count()
    if there < THROUGH_THE_DOOR:
        texts = [" ".join(words.some(A_RECORD)) for _ in range(THROUGH_THE_DOOR)]
        rows = [{"title": f"{text.split()[0]} on pallet", "description": f"Inspection {text}"} for text in texts]
        actions.create_many(bench.register, rows, by=bench.actor)
        there = THROUGH_THE_DOOR
        vocabulary.learn([(bench.person.organisation_id, set(words.known))])
    model = bench.register.model
    pattern = list(model.objects.order_by("uid")[:THROUGH_THE_DOOR])
    triggers.remove(connection)
    for start in range(there, size, BATCH):
        _copy(bench, words, pattern, range(start, min(start + BATCH, size)))
    triggers.install(connection)
    if connection.vendor == "postgresql":
        bench.analysed()
    return time.perf_counter() - began


def _copy(bench: Bench, words: Words, pattern: list, numbers: range) -> None:
    spine, own, found = [], [], []
    table, child = Record._meta.db_table, bench.register.model._meta.db_table
    ours = list(Record._meta.local_concrete_fields)
    theirs = list(bench.register.model._meta.local_concrete_fields)
    for number in numbers:
        row = pattern[number % len(pattern)]
        row.uid = row.record_ptr_id = uuid7()
        row.number, told = f"NC-2026-{number + 1:06}", words.some(A_RECORD)
        row.title, row.description = f"{told[0]} on pallet {number}", "Inspection " + " ".join(told)
        spine.append([field.get_db_prep_save(getattr(row, field.attname), connection) for field in ours])
        own.append([field.get_db_prep_save(getattr(row, field.attname), connection) for field in theirs])
        head = " ".join(dict.fromkeys(wording.words(f"{row.number} {row.title}")))
        every = dict.fromkeys(wording.words(f"{row.number} {row.title} {row.description} Hall 2"))
        found.append(
            SearchRow(
                record_id=row.uid, organisation=row.organisation_id, kind=row.kind, head=head, words=" ".join(every)
            )
        )
    with transaction.atomic():
        with connection.cursor() as cursor:
            for name, fields, rows in ((table, ours, spine), (child, theirs, own)):
                columns = ", ".join(f'"{field.column}"' for field in fields)
                cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})", rows)
        SearchRow.objects.bulk_create(found, batch_size=500)


def asked(words: Words) -> list[str]:
    """Two hundred questions: words that all, many, some and hardly any have, two together, and typed wrong."""
    chance, ranks = random.Random(7), [0, 1, 2, 5, 10, 50, 200, 1000, 5000, 20_000, 50_000]
    told = ["inspection", "inspec", "pallet", "i", "in", "hall 2", "2026"]
    told += [words.known[rank] for rank in ranks]
    told += [words.known[rank][:3] for rank in ranks] + [words.known[rank][:5] for rank in ranks]
    for _ in range(60):
        one, two = words.some(2)
        told += [one, f"{one} {two}"]
    for _ in range(40):
        word = chance.choice(words.known)
        at = chance.randrange(len(word) - 1)
        told.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return told


def measured(bench: Bench, questions: list[str], address: str) -> dict[str, float]:
    """Processor milliseconds of every question, of the application and the database's process together."""
    spent, most = [], 0
    bench.client.get(address, {"q": "warming"})
    bench.client.get(address, {"q": "warming", "box": "1"})
    for question in questions:

        def got(wanted: str = question) -> None:
            answer = bench.client.get(address, {"q": wanted, **({"box": "1"} if "search" in address else {})})
            assert answer.status_code == 200, (wanted, answer.status_code)

        began, there = time.process_time(), database_seconds()
        for _ in range(3):
            got()
        spent.append(((time.process_time() - began) + (database_seconds() - there)) / 3 * 1000)
        if len(spent) % 20 == 1:
            most = max(most, statements(got))
    ordered = sorted(zip(spent, questions, strict=True))
    at = lambda share: ordered[int(len(ordered) * share)][0]  # noqa: E731
    print(json.dumps(ordered[-8:]), file=sys.stderr)
    return {"median": at(0.5), "p95": at(0.95), "most": ordered[-1][0], "queries": most, "asked": len(ordered)}


def main(sizes: list[int]) -> None:
    """Grow and measure at each size in turn."""
    as_served()
    bench, words, found = Bench(), Words(), {}
    for size in sizes:
        print(f"{connection.vendor}: {size:,} records to search", file=sys.stderr, flush=True)
        seconds = grow(bench, words, size)
        told = {"box": measured(bench, asked(words), "/acme/search/")}
        told |= {"box_list": measured(bench, asked(words)[:60], "/acme/nonconformities/")}
        print(f"{seconds:.0f} s to grow, {told}", file=sys.stderr, flush=True)
        found[str(size)] = told
    print(json.dumps(found))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
