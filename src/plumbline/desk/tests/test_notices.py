"""The person's own page of notices, and the calendar that other programs read by a secret address."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import icalendar
import pytest
from django.db import connection
from django.test import Client

from plumbline.desk.models import CalendarKey, MailChoice
from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.organisation.models import Account, Person

PAGE = "/acme/my-notices/"


@pytest.fixture
def acme(db) -> Company:
    return Company("Acme")


def task(company: Company, owner: Person, **values):
    values = {"title": "Label the shelves", "owner": owner, "due": company.organisation.today(), **values}
    return actions.create(register_of("action"), by=company.actor, **values)


def address(company: Company, person: Person, register: str = "") -> str:
    CalendarKey.renew(person)
    token = CalendarKey.objects.get(person=person).token
    return f"/acme/calendar/{token}{'/' if register else ''}{register}.ics"


def events(path: str) -> list:
    answer = Client().get(path)
    assert answer.status_code == 200, answer.status_code
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_person_chooses_and_the_organisation_says_what_is_usual(acme) -> None:
    client = acme.client(acme.bob)
    assert "As Acme has it: Every Monday" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"often": "daily", "language": "de"}).status_code == 302
    choice = MailChoice.objects.get(person=acme.bob)
    assert (choice.often, choice.urgent) == ("daily", False)
    assert Account.objects.get(pk=acme.bob.account_id).language == "de"
    assert Account.objects.get(pk=acme.ann.account_id).language == "en"
    assert client.post(PAGE, {"often": "hourly", "language": "de"}).status_code == 422
    assert client.post(PAGE, {"often": "", "urgent": "on", "language": "en"}).status_code == 302
    actions.edit(acme.organisation, by=acme.actor, settings={"mails": "never"})
    assert "As Acme has it: Never" in client.get(PAGE).content.decode()


def test_who_gets_no_mail_is_told_why(acme) -> None:
    assert "Who only reads gets no mails" in acme.client(acme.cleo).get(PAGE).content.decode()
    actions.edit(acme.bob, by=acme.actor, email="")
    assert "There is no e-mail address with your name" in acme.client(acme.bob).get(PAGE).content.decode()


def test_the_address_is_made_renewed_and_ended_on_the_page(acme) -> None:
    client, seen = acme.client(acme.bob), []
    for _each in range(2):
        assert client.post(f"{PAGE}calendar/new/").status_code == 302
        seen.append(f"/acme/calendar/{CalendarKey.objects.get().token}.ics")
        page = client.get(PAGE).content.decode()
        assert f"http://127.0.0.1:8000{seen[-1]}" in page
    assert [Client().get(path).status_code for path in seen] == [404, 200]
    assert client.post(f"{PAGE}calendar/end/").status_code == 302
    assert Client().get(seen[-1]).status_code == 404
    assert client.post(f"{PAGE}calendar/else/").status_code == 404
    assert client.get(f"{PAGE}calendar/new/").status_code == 405


def test_what_is_owed_with_a_date_is_a_day_in_the_calendar(acme) -> None:
    record, path = task(acme, acme.bob), address(acme, acme.bob)
    task(acme, acme.bob, due=None)
    task(acme, acme.ann)
    [event] = events(path)
    assert event["DTSTART"].dt == record.due
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["SUMMARY"] == f"Done: {record.number} Label the shelves"
    assert event["URL"] == f"http://127.0.0.1:8000/acme/actions/{record.number}/"
    assert event["TRANSP"] == "TRANSPARENT"
    actions.edit(record, by=acme.actor, due=record.due + timedelta(days=3), title="Label every shelf, twice; \\ now")
    [moved] = events(path)
    assert moved["UID"] == event["UID"]
    assert moved["DTSTART"].dt == event["DTSTART"].dt + timedelta(days=3)
    assert moved["SUMMARY"].endswith("Label every shelf, twice; \\ now")
    assert icalendar.Calendar.from_ical(Client().get(path).content).errors == []
    actions.act(record, "finish", by=acme.actor, result="done")
    assert events(path) == []


def test_the_dates_of_a_register_are_those_one_may_see(acme) -> None:
    record = task(acme, acme.ann)
    secret = task(acme, acme.ann, title="Dismissal", confidential=True)
    assert {str(e["SUMMARY"]) for e in events(address(acme, acme.ann, "actions"))} > {str(secret)}
    path = address(acme, acme.bob, "actions")
    assert [str(e["SUMMARY"]) for e in events(path)] == [f"{record.number} Label the shelves"]
    actions.edit(secret, by=acme.actor, confidential=False)
    assert len(events(path)) == 2
    assert Client().get(address(acme, acme.bob, "nothing")).status_code == 404


def test_nobody_reads_on_who_has_left_or_may_not_sign_in(acme, settings) -> None:
    task(acme, acme.bob)
    path = address(acme, acme.bob)
    assert len(events(path)) == 1
    Account.objects.update(demo=True)
    settings.PLUMBLINE_LOOPBACK = False
    assert Client().get(path).status_code == 404
    Account.objects.update(demo=False)
    actions.edit(acme.bob, by=acme.actor, ended_on=acme.organisation.today() - timedelta(days=1))
    assert Client().get(path).status_code == 404


def test_an_address_is_good_in_its_own_organisation_only(acme) -> None:
    bolt, path = Company("Bolt"), address(acme, acme.bob)
    assert Client().get(path.replace("/acme/", "/bolt/")).status_code == 404
    assert bolt.client(bolt.bob).get(path).status_code == 404
    assert acme.client(acme.bob).get(path).status_code == 200
    assert Client().post(path).status_code == 405


def test_a_calendar_is_in_the_persons_language_and_asks_little(acme, django_assert_max_num_queries) -> None:
    records = [task(acme, acme.bob, title=f"Shelf {n}") for n in range(20)]
    Account.objects.update(language="de")
    path = address(acme, acme.bob)
    with django_assert_max_num_queries(8):
        found = events(path)
    assert len(found) == 20
    assert str(found[0]["SUMMARY"]).startswith(f"Erledigt: {records[0].number}")


def test_an_address_renewed_while_it_is_read_answers_or_is_gone(real_db) -> None:
    company = Company("Acme")
    for n in range(10):
        task(company, company.bob, title=f"Shelf {n}")
    old = address(company, company.bob)

    def asked(nth: int) -> int:
        try:
            if nth in (4, 5):
                CalendarKey.renew(company.bob)
            return Client().get(old).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(asked, range(12))) <= {200, 404}
    assert asked(0) == 404
    new = f"/acme/calendar/{CalendarKey.objects.get().token}.ics"
    assert len(events(new)) == 10
