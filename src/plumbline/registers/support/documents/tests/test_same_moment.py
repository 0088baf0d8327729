"""Many at the same moment, through their pages: each counts once, one of two wins, and nothing is half done."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from plumbline.kernel import actions, duties, signing
from plumbline.kernel.models import Duty, Signature
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import PASSWORD, Company
from plumbline.ledger.models import Event
from plumbline.ledger.verify import verify_deep
from plumbline.organisation.roles import Role
from plumbline.registers.support.documents.models import DocumentKind, Reading, Recipient, Revision, Step, Validity
from plumbline.registers.support.documents.tests.house import TODAY, House

pytestmark = pytest.mark.slow  # threads on a private copy of the database
LOG = "plumbline.kernel.signing"


@pytest.fixture
def house(real_db) -> House:
    return House(Company("Acme"))


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Run all of them at the same moment; the status of each answer."""
    ready, told = Barrier(len(steps)), [None] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        try:
            ready.wait()
            told[place] = step().status_code
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def poster(house: House, person: Any, name: str, revision: Revision, *args: str, **typed: Any) -> Callable[[], Any]:
    """What this person sends from a tab of her own."""
    client, url = house.acme.client(person), reverse(f"revisions:{name}", args=["acme", revision.number, *args])
    return lambda: client.post(url, typed)


def whole(house: House, revision: Revision) -> Revision:
    """The revision as it stands, after a look that nothing about it is half done."""
    found = Revision.objects.get(pk=revision.pk)
    said = [(one.person_id, one.role, one.verb, one.due) for one in duties.of(found, register_of(found))]
    rows = Duty.objects.filter(record=found.pk).values_list("person", "role", "verb", "due")
    assert sorted(map(str, rows)) == sorted(map(str, said))
    assert list(verify_deep(house.acme.organisation.uid)) == []
    return found


def handed_in(house: House, **rules: Any) -> tuple[Revision, dict[str, Any]]:
    """A revision that waits for its approval with the password, and what a page that shows it sends."""
    values = {"sort": "procedure", "prefix": "PRO", "route": [{"place": 1, "does": "approve", "role": "quality"}]}
    actions.create(DocumentKind, by=house.acme.actor, strength="again", **values, **rules)
    revision = house.act(house.draft(), "submit", house.dora)
    seen = signing.digest_of(signing.manifest(revision))
    return revision, {"version": revision.version, "seen": seen, "password": PASSWORD}


def events(revision: Revision, *verbs: str) -> list[str]:
    return sorted(Event.objects.filter(subject=revision.pk, verb__in=verbs).values_list("verb", flat=True))


def test_fifty_confirm_on_their_own_pages(house) -> None:
    people = [house.acme.join(f"Reader {n:02}", f"reader{n}@acme.example") for n in range(50)]
    actions.create(Recipient, by=house.acme.actor, record=house.document, role="member")
    revision = house.in_force(TODAY + timedelta(days=2))
    others = Reading.objects.filter(record_id=revision.pk).exclude(person__in=people).count()
    told = at_once(*(poster(house, person, "read", revision) for person in people))
    assert told == [302] * 50
    done = Reading.objects.filter(record_id=revision.pk).exclude(read_at=None)
    assert {one.person_id for one in done} == {person.pk for person in people}
    assert Event.objects.filter(subject__in=[one.pk for one in done], verb="edit").count() == 50
    assert Duty.objects.filter(record=revision.pk, verb="read").count() == others
    whole(house, revision)


def test_one_who_taps_eight_times_confirms_once(house) -> None:
    actions.create(Recipient, by=house.acme.actor, record=house.document, person=house.acme.bob)
    revision = house.in_force(TODAY + timedelta(days=2))
    told = at_once(*(poster(house, house.acme.bob, "read", revision) for _ in range(8)))
    assert told == [302] * 8
    assert Event.objects.filter(subject=Reading.objects.get().pk, verb="edit").count() == 1
    whole(house, revision)


def test_signing_twice_in_the_same_moment(house, caplog) -> None:
    revision, typed = handed_in(house)
    with caplog.at_level(logging.WARNING, LOG):
        at_once(*(poster(house, house.acme.ann, "act", revision, "approve", **typed) for _ in range(2)))
    assert (whole(house, revision).state, Signature.objects.count()) == ("approved", 1)
    assert events(revision, "approve") == ["approve"]
    assert len([line for line in caplog.messages if revision.number in line]) == 1


def test_two_who_hold_the_role_sign_the_one_step_in_the_same_moment(house, caplog) -> None:
    cara = house.acme.join("Cara Holm", "cara@acme.example", Role.QUALITY)
    revision, typed = handed_in(house)
    with caplog.at_level(logging.WARNING, LOG):
        at_once(*(poster(house, who, "act", revision, "approve", **typed) for who in (house.acme.ann, cara)))
    assert (whole(house, revision).state, Signature.objects.count()) == ("approved", 1)
    signed = Signature.objects.get()
    assert [step.decided_by_id for step in Step.objects.filter(record_id=revision.pk)] == [signed.by_id]
    assert len([line for line in caplog.messages if revision.number in line]) == 1


def test_one_approves_while_another_asks_for_changes(house) -> None:
    cara = house.acme.join("Cara Holm", "cara@acme.example", Role.QUALITY)
    revision, typed = handed_in(house)
    at_once(
        poster(house, house.acme.ann, "act", revision, "approve", **typed),
        poster(house, cara, "act", revision, "change", version=typed["version"], reason="Name the suppliers"),
    )
    state, signatures = whole(house, revision).state, Signature.objects.count()
    assert (state, signatures, events(revision, "approve", "change")) in (
        ("approved", 1, ["approve"]),
        ("draft", 0, ["change"]),
    )


def test_two_put_it_into_force_on_two_days_in_the_same_moment(house) -> None:
    revision = house.approved()
    days = [TODAY + timedelta(days=n) for n in (3, 9)]
    typed = [{"version": revision.version, "effective_on": day.isoformat()} for day in days]
    told = at_once(
        poster(house, house.acme.ann, "act", revision, "put_into_force", **typed[0]),
        poster(house, house.dora, "act", revision, "put_into_force", **typed[1]),
    )
    found = whole(house, revision)
    assert found.effective_on in days
    assert [span.from_on for span in Validity.objects.all()] == [found.effective_on]
    assert sorted(told)[0] == 302 < sorted(told)[1]
    assert events(revision, "put_into_force") == ["put_into_force"]
