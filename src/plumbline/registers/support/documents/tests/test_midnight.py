"""Coming into force at the midnight of the organisation's zone, on days that have 23 or 25 hours or no midnight."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from unittest.mock import Mock, patch
from zoneinfo import ZoneInfo

import pytest

from plumbline.faces import clock
from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.ledger.verify import verify_deep
from plumbline.organisation.models import Organisation
from plumbline.registers.support.documents.models import Document, Revision, Validity
from plumbline.registers.support.documents.tests.house import House

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
DAYS = {  # zone, day, and the first moment of that day in UTC, as the zone's law has it
    "the night clocks go forward": ("Europe/Berlin", date(2027, 3, 28), datetime(2027, 3, 27, 23, tzinfo=UTC)),
    "the night after, an hour earlier": ("Europe/Berlin", date(2027, 3, 29), datetime(2027, 3, 28, 22, tzinfo=UTC)),
    "the night clocks go back": ("Europe/Berlin", date(2027, 10, 31), datetime(2027, 10, 30, 22, tzinfo=UTC)),
    "the night after, an hour later": ("Europe/Berlin", date(2027, 11, 1), datetime(2027, 10, 31, 23, tzinfo=UTC)),
    "a day that begins at one": ("America/Santiago", date(2027, 9, 5), datetime(2027, 9, 5, 4, tzinfo=UTC)),
    "a day after an hour that came twice": ("America/Santiago", date(2027, 4, 4), datetime(2027, 4, 4, 4, tzinfo=UTC)),
    "another that begins at one": ("Asia/Beirut", date(2027, 3, 28), datetime(2027, 3, 27, 22, tzinfo=UTC)),
    "a midnight that comes an hour late": ("Asia/Beirut", date(2027, 10, 31), datetime(2027, 10, 30, 22, tzinfo=UTC)),
    "a midnight that comes twice": ("America/Havana", date(2027, 11, 7), datetime(2027, 11, 7, 4, tzinfo=UTC)),
}
EVERY = pytest.mark.parametrize("zone, day, begins", DAYS.values(), ids=DAYS.keys())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The server's clock shows that moment, to the pages and to the log."""
    shown = Mock(wraps=datetime, now=lambda zone: moment.astimezone(zone))
    with ExitStack() as held:
        held.enter_context(patch("django.utils.timezone.now", lambda: moment.astimezone(UTC)))
        held.enter_context(patch("plumbline.ledger.writer.datetime", shown))
        yield


@pytest.fixture
def house() -> House:
    return House(Company("Acme"))


def waiting(house: House, zone: str, day: date, **answers: date) -> Revision:
    """One in force for a month, and the next that has its date; both put into force at noon."""
    house.acme.organisation = actions.edit(house.acme.organisation, by=house.acme.actor, zone=zone)
    for on in (day - timedelta(days=30), day):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)) - timedelta(days=30)
        with at(noon):
            later = house.act(house.approved(), "put_into_force", effective_on=on, **(answers if on == day else {}))
    assert later.state == "approved"
    return later


def run(moment: datetime) -> list[tuple[str, str]]:
    """What the clock of the server does then, in UTC as it asks it."""
    with at(moment):
        return [(one.verb, one.refused) for one in clock.run(moment.astimezone(UTC))]


def in_force(house: House, moment: datetime) -> tuple[str, list[str]]:
    """The revision the document names, and the states of all of them, as somebody sees them then."""
    with at(moment):
        document = Document.objects.get(pk=house.document.pk)
        spans = document.in_force(Organisation.objects.get(pk=document.home_id).today())
        named = {Revision.objects.get(pk=span.record_id).revision_no for span in spans}
    assert {document.revision_no} == named
    return document.revision_no, [one.state for one in Revision.objects.order_by("uid")]


@EVERY
def test_it_comes_into_force_with_the_first_moment_of_its_day(house, zone, day, begins) -> None:
    later = waiting(house, zone, day)
    for before in (timedelta(hours=1, minutes=30), timedelta(minutes=30), SECOND):
        assert run(begins - before) == [], before
        assert (begins - before).astimezone(ZoneInfo(zone)).date() == day - timedelta(days=1), before
    assert in_force(house, begins - SECOND) == ("1.0", ["effective", "approved"])
    assert run(begins) == [("take_effect", ""), ("supersede", "")]
    assert in_force(house, begins) == ("1.1", ["superseded", "effective"])
    for event in Event.objects.filter(verb__in=("take_effect", "supersede")):
        assert (event.occurred_at, event.at, event.zone) == (None, begins, zone)
        assert event.at.astimezone(ZoneInfo(zone)).date() == day
    assert run(begins + timedelta(hours=1)) == []
    assert {span.from_on: span.until_on for span in Validity.objects.order_by("from_on")} == {
        day - timedelta(days=30): day,
        day: None,
    }
    assert Revision.objects.get(pk=later.pk).effective_on == day


@EVERY
def test_a_server_that_was_down_catches_up_with_the_right_date_on_record(house, zone, day, begins) -> None:
    later = waiting(house, zone, day)
    comes_back = begins + timedelta(hours=58)
    assert run(comes_back) == [("take_effect", ""), ("supersede", "")]
    assert in_force(house, comes_back) == ("1.1", ["superseded", "effective"])
    for event in Event.objects.filter(verb__in=("take_effect", "supersede")):
        assert (event.occurred_at, event.at, event.zone) == (begins, comes_back, zone)
        assert event.occurred_at.astimezone(ZoneInfo(zone)).date() == day
    assert Revision.objects.get(pk=later.pk).effective_on == day
    assert list(verify_deep(house.acme.organisation.uid)) == []


@EVERY
def test_one_for_a_time_ends_with_its_last_day(house, zone, day, begins) -> None:
    """Its last day is the one before: the one it stood in for goes on from that midnight."""
    waiting(house, zone, day - timedelta(days=2), effective_until=day - timedelta(days=1))
    assert [verb for verb, _ in run(begins - timedelta(days=1, hours=12))] == ["take_effect"]
    assert run(begins - SECOND) == []
    assert in_force(house, begins - SECOND)[0] == "1.1"
    assert run(begins) == [("supersede", "")]
    assert in_force(house, begins) == ("1.0", ["effective", "superseded"])
