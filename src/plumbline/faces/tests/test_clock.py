"""What happens by itself: late acts say so, a refused one hinders no other, two processes do it once."""

import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from plumbline.faces import clock
from plumbline.kernel import actions, timeline
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.ledger.verify import verify_deep


@pytest.fixture
def acme(monkeypatch):
    """Acme, whose actions are done by the clock the day after they were due."""
    register = register_of("action")
    monkeypatch.setattr(register, "by_clock", _the_day_after)
    monkeypatch.setattr(clock, "_said", set())


def _the_day_after(organisation, now):
    for record in register_of("action").model.objects.open().filter(organisation=organisation, due__lt=now.date()):
        yield record, "finish", datetime(record.due.year, record.due.month, record.due.day, tzinfo=UTC) + timedelta(1)


def _action(company: Company, due, **values) -> Record:
    values = {"title": "Label the shelves", "result": "labelled", "due": due, **values}
    return actions.create(register_of("action"), by=company.actor, **values)


def _event(record: Record) -> Event:
    return Event.objects.get(record=record.pk, verb="finish")


def test_what_is_due_is_done_once_and_says_when_it_should_have_been(db, acme) -> None:
    company, midnight = Company("Acme"), datetime(2026, 11, 20, tzinfo=UTC)
    late, early = _action(company, midnight.date() - timedelta(1)), _action(company, midnight.date())
    [act] = clock.run(midnight + timedelta(hours=7))
    assert (act.organisation, act.number, act.verb, act.refused) == ("acme", late.number, "finish", "")
    assert (_event(late).occurred_at, _event(late).actor_kind) == (midnight, "clock")
    assert Record.objects.get(pk=early.pk).state == "open"
    assert list(clock.run(midnight + timedelta(hours=7))) == []
    assert timeline.of(Record.objects.get(pk=late.pk))[0].who == "Plumbline, by the clock"


def test_on_time_there_is_one_time_only(db, acme) -> None:
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    record = _action(Company("Acme"), midnight.date() - timedelta(1))
    assert len(list(clock.run(midnight + timedelta(minutes=1)))) == 1
    assert _event(record).occurred_at is None


def test_a_refusal_is_logged_once_and_hinders_nothing(db, acme, caplog) -> None:
    now, company, other = timezone.now(), Company("Acme"), Company("Bolt")
    first = _action(company, now.date() - timedelta(2), result="")
    second, third = _action(company, now.date() - timedelta(2)), _action(other, now.date() - timedelta(2))
    with caplog.at_level(logging.WARNING):
        acts = [*clock.run(now), *clock.run(now)]
    assert {act.number for act in acts if act.refused} == {first.number}
    done = Record.objects.filter(state="done").values_list("pk", flat=True)
    assert set(done) == {second.pk, third.pk}
    assert len(caplog.records) == 1
    assert first.number in caplog.text


def test_a_register_that_fails_hinders_no_other(db, acme, monkeypatch, caplog) -> None:
    def fails(organisation, now):
        raise RuntimeError("a broken rule")

    monkeypatch.setattr(register_of("nonconformity"), "by_clock", fails)
    record = _action(Company("Acme"), timezone.now().date() - timedelta(2))
    assert [act.number for act in clock.run(timezone.now())] == [record.number]
    assert "a broken rule" in caplog.text


def test_what_somebody_changed_meanwhile_is_left_alone(db, acme, monkeypatch) -> None:
    company, now = Company("Acme"), timezone.now()
    record = _action(company, now.date() - timedelta(2))
    stale = list(_the_day_after(company.organisation, now))
    actions.edit(record, by=company.actor, title="Label every shelf")
    monkeypatch.setattr(register_of("action"), "by_clock", lambda organisation, now: stale)
    [act] = clock.run(now)
    assert "Somebody else changed this" in act.refused
    assert Record.objects.get(pk=record.pk).state == "open"


def test_nothing_is_done_before_its_time(db, acme, monkeypatch) -> None:
    company, now = Company("Acme"), timezone.now()
    record = _action(company, now.date())
    soon = [(record, "finish", now + timedelta(seconds=1))]
    monkeypatch.setattr(register_of("action"), "by_clock", lambda organisation, now: soon)
    assert list(clock.run(now)) == []


def test_one_at_a_time(real_db) -> None:
    seen: list[bool] = []

    def try_it() -> None:
        try:
            with clock.alone() as mine:
                seen.append(mine)
        finally:
            connections.close_all()

    with clock.alone() as mine:
        assert mine
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    try_it()
    assert seen == [False, True]


def test_two_at_once_without_the_lock_still_act_once(real_db, acme) -> None:
    company, now = Company("Acme"), timezone.now()
    for _ in range(4):
        _action(company, now.date() - timedelta(2))
    start, acts = threading.Barrier(2), []

    def run() -> None:
        try:
            start.wait()
            acts.extend(clock.run(now))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([act for act in acts if not act.refused]) == 4
    assert Event.objects.filter(verb="finish").count() == 4
    assert not list(verify_deep())
