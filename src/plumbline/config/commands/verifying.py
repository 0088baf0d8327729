"""`plumb verify`: the log, with --deep every row and file, with --derived what was worked out from them."""

from collections.abc import Iterator
from uuid import UUID

from plumbline.faces.search import vocabulary, writing
from plumbline.faces.search.models import SearchRow
from plumbline.history.merkle import Frontier
from plumbline.kernel import duties, files
from plumbline.kernel.models import Duty
from plumbline.kernel.register import Register, registers
from plumbline.ledger.models import Log
from plumbline.ledger.verify import Problem, state_digest, verify, verify_deep
from plumbline.organisation.models import Organisation

from .rebuilding import batches
from .telling import line, say, show

INSTALLATION = UUID(int=0)
REBUILD = "run `plumb rebuild`"


def run(deep: bool, derived: bool, json: bool) -> int:
    """Exit 1 when anything is not what the log says."""
    slugs = {**dict(Organisation.objects.values_list("uid", "slug")), INSTALLATION: "(installation)"}
    count = stale = 0
    for problem in _problems(deep, derived):
        count += 1
        stale += problem.what.endswith(REBUILD)
        slug = slugs.get(problem.home) if problem.home else None
        line(_told(problem, slug)) if json else show(f"{slug or '(unknown)'}: {problem}")
    for log in Log.objects.order_by("home"):
        _tell_log(log, slugs.get(log.home), json, deep)
    if count and count == stale:
        say(f"{_many(count)} found, and history is sound: `plumb rebuild` works them out afresh.")
    elif count:
        say(f"{_many(count)} found: keep this database as it is, compare with your backups.")
    else:
        say(
            "Nothing is wrong: every record is what its history says." if deep else "Nothing is wrong with the history."
        )
    return 1 if count else 0


def _many(count: int) -> str:
    return f"{count} problem{'s' if count > 1 else ''}"


def _problems(deep: bool, derived: bool) -> Iterator[Problem]:
    yield from verify_deep() if deep else verify()
    if deep:
        for file, what in files.damaged():
            records = ", ".join(sorted(set(file.attachments.values_list("record__number", flat=True))))
            yield Problem(file.organisation_id, "file", str(file.uid), records or None, what)
    if derived:
        for register in registers():
            for batch in batches(register):
                yield from _differing(register, batch)


def _differing(register: Register, records: list) -> Iterator[Problem]:
    """Duties and search words that are not what the records give."""
    uids = [record.uid for record in records]
    rows = {row.record_id: row for row in SearchRow.objects.filter(record__in=uids)}
    wanted_words = {} if register.within else {row.record_id: row for row in writing.rows_of(records)}
    owed: dict[UUID, list] = {}
    for uid, *duty in Duty.objects.filter(record__in=uids).values_list("record_id", "person_id", "role", "verb", "due"):
        owed.setdefault(uid, []).append(tuple(map(str, duty)))
    for record in records:
        wanted = [tuple(map(str, (one.person_id, one.role, one.verb, one.due))) for one in duties.of(record, register)]
        stale = ["duties"] if sorted(wanted) != sorted(owed.get(record.uid, [])) else []
        if not register.within and not _found(rows.get(record.uid), wanted_words[record.uid]):
            stale.append("search words")
        stale += register.worked_out(record)
        if stale:
            what = f"{' and '.join(stale)} are not what the record gives: {REBUILD}"
            yield Problem(record.organisation_id, register.kind, str(record.uid), record.number, what)


def _found(row: SearchRow | None, wanted: SearchRow) -> bool:
    """Whether search finds the record by its words, and understands them when they are typed wrong."""
    if row is None or (row.head, row.words) != (wanted.head, wanted.words):
        return False
    return not vocabulary.missing(wanted.organisation, vocabulary.of(wanted.words.split()))


def _told(problem: Problem, slug: str | None) -> dict:
    return {
        "organisation": slug,
        "problem": problem.what,
        "kind": problem.table,
        "number": problem.number,
        "uid": problem.uid,
    }


def _tell_log(log: Log, slug: str | None, json: bool, deep: bool) -> None:
    head = Frontier.from_bytes(log.frontier).root().hex()
    if json:
        digest = None if log.home == INSTALLATION else state_digest(log.home)
        line({"organisation": slug, "events": log.size, "epoch": log.epoch, "head": head, "state_digest": digest})
    else:
        show(f"{slug or log.home}: {log.size} events, head {head}")
