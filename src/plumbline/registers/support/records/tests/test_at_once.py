"""Several at the same moment: one disposal, no content lost that somebody keeps, nothing half done."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connections

from plumbline.kernel import actions, files
from plumbline.kernel.models import File
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, proof
from plumbline.kernel.workflow import IllegalMove
from plumbline.ledger.verify import verify_deep
from plumbline.organisation.actor import Actor
from plumbline.organisation.roles import Role
from plumbline.registers.support.records import noting
from plumbline.registers.support.records.models import Disposal, RecordCategory

pytestmark = pytest.mark.slow  # threads on a private copy of the database


class Firm:
    """Acme with two who may sign, and records past their retention."""

    def __init__(self) -> None:
        self.acme = Company("Acme")
        self.dora = self.acme.join("Dora Ely", "dora@acme.example", Role.QUALITY)
        self.category = actions.create(RecordCategory, by=self.acme.actor, name="Tests", months=12)

    def record(self, content: bytes | None, *, proposed: bool = True):
        register, by = register_of("qualityrecord"), self.acme.actor
        values = {"title": "Sheet", "dated_on": date(2012, 5, 1), "category": self.category}
        record = actions.create(register, by=by, **values)
        if content is not None:
            actions.attach(record, files.keep(by.organisation.uid, BytesIO(content), "a.txt"), "a.txt", by=by)
        return actions.act(record, "propose", by=by) if proposed else record

    def dispose(self, record, person) -> None:
        move = register_of("qualityrecord").workflow.move("dispose", "proposed")
        signed = proof(record, move, person)
        actions.act(record, "dispose", by=Actor.of(person), proof=signed, method="deleted")


def at_once(*steps: Callable[[], object]) -> list[Exception | None]:
    """Run all of them at the same moment; what each ended with."""
    ready, ended = Barrier(len(steps)), [None] * len(steps)

    def run(place: int, step: Callable[[], object]) -> None:
        try:
            ready.wait()
            step()
        except Exception as error:  # noqa: BLE001 it is what the test looks at
            ended[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def clean() -> None:
    assert [*verify_deep(), *files.damaged()] == []


def test_two_people_dispose_of_one_record_at_once(real_db) -> None:
    firm = Firm()
    record = firm.record(b"the sheet")
    ended = at_once(lambda: firm.dispose(record, firm.acme.ann), lambda: firm.dispose(record, firm.dora))
    (refused,) = [error for error in ended if error]
    assert isinstance(refused, IllegalMove), repr(refused)
    assert Disposal.objects.count() == len(noting.read()) == 1
    assert not files.path_of(File.objects.get()).exists()
    clean()


def test_two_records_with_one_content_are_disposed_of_at_once(real_db) -> None:
    firm = Firm()
    first, second = firm.record(b"the same"), firm.record(b"the same")
    ended = at_once(lambda: firm.dispose(first, firm.acme.ann), lambda: firm.dispose(second, firm.dora))
    assert ended == [None, None]
    assert not files.path_of(File.objects.get()).exists(), "whoever was second saw that nobody holds it any more"
    clean()


def test_content_that_somebody_keeps_while_it_is_disposed_of_is_there_or_refused(real_db) -> None:
    firm = Firm()
    for attempt in range(6):
        content = b"round %d" % attempt
        old, new = firm.record(content), firm.record(None, proposed=False)
        kept = files.keep(firm.acme.organisation.uid, BytesIO(content), "a.txt")
        disposed, attached = at_once(
            lambda old=old: firm.dispose(old, firm.acme.ann),
            lambda new=new, kept=kept: actions.attach(new, kept, "a.txt", by=Actor.of(firm.dora)),
        )
        assert disposed is None, repr(disposed)
        assert attached is None or isinstance(attached, FileNotFoundError | OperationalError), repr(attached)
        file = File.objects.get(sha256=kept.sha256)
        assert (file.disposed_at is None) == (attached is None)
    clean()
