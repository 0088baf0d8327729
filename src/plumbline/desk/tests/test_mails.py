"""One mail with what somebody owes: to whom, on which days, saying what, once; against a real mail server."""

from datetime import UTC, date, datetime, timedelta

import pytest

from plumbline.desk import mailing
from plumbline.desk.models import MailChoice, Mailed
from plumbline.kernel import actions
from plumbline.kernel.models import Comment
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.organisation.models import Account, Organisation, Person

ANN, BOB = "ann@acme.example", "bob@acme.example"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def morning(weekday: int) -> datetime:
    """Nine o'clock on a day of that week: 0 is its Monday, 7 the next."""
    return MONDAY + timedelta(days=weekday)


@pytest.fixture
def acme(db, post) -> Company:
    company = Company("Acme")
    Account.objects.update(joined_at=MONDAY - timedelta(days=30))
    return company


def task(company: Company, owner: Person, due: datetime | None = None, **values):
    values = {"title": "Label the shelves", "owner": owner, "due": due and due.date(), **values}
    return actions.create(register_of("action"), by=company.actor, **values)


def sent(now: datetime) -> list[str]:
    """The Message-IDs of what one run sends."""
    return [told["mail"] for told in mailing.send(now) if not told["refused"]]


def test_on_monday_morning_one_mail_says_what_is_owed(acme, post) -> None:
    record = task(acme, acme.bob, morning(4))
    assert sent(MONDAY.replace(hour=4)) == [], "five o'clock in Berlin is too early"
    assert len(sent(MONDAY)) == 1
    assert sent(MONDAY + timedelta(minutes=1)) == []
    [mail] = post.to(BOB)
    assert mail["Subject"] == "Acme: 1 thing to do"
    assert mail["Message-ID"] == f"<digest.20261123.{acme.bob.pk.hex}@127.0.0.1>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for words in (text, html):
        assert f"{record.number} Label the shelves" in words
        assert "next: Done · due in 4 days" in words
        assert f"http://127.0.0.1:8000/acme/actions/{record.number}/" in words
        assert "http://127.0.0.1:8000/acme/my-notices/" in words


def test_a_mail_is_stopped_from_the_mail_itself_and_begun_again(acme, post, client) -> None:
    task(acme, acme.bob, morning(4))
    sent(MONDAY)
    [mail] = post.to(BOB)
    stop = mail["List-Unsubscribe"].strip(" <>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(stop in mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    path = stop.removeprefix("http://127.0.0.1:8000")
    assert "Stop these mails" in client.get(path).content.decode()
    assert not MailChoice.objects.exists(), "looking changes nothing"
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert sent(morning(7)) == []
    assert "No mail comes to you" in client.get(path).content.decode()
    assert client.post(path, {"again": "1"}).status_code == 200
    assert len(sent(morning(14))) == 1
    assert client.post(path[:-3] + "xx/").status_code == 404, "nobody else's address can be made up"


def test_the_rest_of_the_week_only_what_is_newly_pressing(acme, post) -> None:
    task(acme, acme.bob, morning(3))
    days = [day for day in range(8) if sent(morning(day))]
    assert days == [0, 2, 4, 7], "Monday; due tomorrow; overdue since yesterday; Monday again"
    assert "1 overdue" in post.to(BOB)[-1]["Subject"]
    MailChoice.objects.create(person=acme.bob, urgent=False)
    task(acme, acme.bob, morning(9))
    assert [day for day in range(8, 15) if sent(morning(day))] == [14]


def test_daily_never_and_as_the_organisation_says(acme, post) -> None:
    task(acme, acme.bob)
    choice = MailChoice.objects.create(person=acme.bob, often="daily")
    assert [day for day in range(3) if sent(morning(day))] == [0, 1, 2]
    choice.often = "never"
    choice.save()
    assert [day for day in range(3, 9) if sent(morning(day))] == []
    choice.delete()
    actions.edit(acme.organisation, by=acme.actor, settings={"mails": "daily"})
    assert [day for day in range(9, 11) if sent(morning(day))] == [9, 10]
    assert not post.to(ANN), "she owes nothing"


def test_after_a_monday_down_the_mail_comes_on_tuesday(acme, post) -> None:
    task(acme, acme.bob)
    assert [day for day in (-3, 1, 2) if sent(morning(day))] == [-3, 1]


def test_who_joined_since_waits_for_the_next_monday(acme, post) -> None:
    Account.objects.update(joined_at=morning(2))
    task(acme, acme.bob)
    assert [day for day in range(2, 9) if sent(morning(day))] == [7]


def test_no_mail_for_those_without_address_or_account_who_left_or_only_read(acme, post) -> None:
    bob = acme.bob
    paper = actions.create(Person, by=acme.actor, name="Pat Paper", email="pat@acme.example")
    left = acme.join("Lea Left", "lea@acme.example")
    sleeping = acme.join("Sam Sleep", "sam@acme.example")
    for person in (bob, paper, left, sleeping, acme.cleo):
        task(acme, person)
    Account.objects.update(joined_at=MONDAY - timedelta(days=30))
    Account.objects.filter(email="sam@acme.example").update(is_active=False)
    actions.edit(bob, by=acme.actor, email="")
    actions.edit(left, by=acme.actor, ended_on=date(2026, 11, 22))
    assert sent(MONDAY) == []
    assert post.got == []


def test_who_leaves_while_a_mail_waits_gets_none(acme, post) -> None:
    task(acme, acme.bob)
    post.refused = {BOB}
    assert sent(MONDAY) == []
    actions.edit(acme.bob, by=acme.actor, ended_on=date(2026, 11, 23))
    post.refused = set()
    assert sent(morning(1)) == []
    assert not Mailed.objects.exclude(next_try_at=None).exists()


def test_demo_accounts_get_mails_only_where_they_may_sign_in(acme, post, settings) -> None:
    task(acme, acme.bob)
    Account.objects.update(demo=True)
    settings.PLUMBLINE_LOOPBACK = False
    assert sent(MONDAY) == []


def test_confidential_records_are_named_only_to_those_who_see_them(acme, post) -> None:
    secret = task(acme, acme.ann, title="Dismissal of a supplier", confidential=True)
    for _each in range(2):
        actions.create(Comment, record=secret, by=acme.actor, text="@Bob Carter look at this")
    task(acme, acme.bob)
    sent(MONDAY)
    [mail] = post.to(BOB)
    assert "Dismissal" not in mail.as_string()
    assert "News" not in mail.get_body(("plain",)).get_content()
    assert "Dismissal" in post.to(ANN)[0].get_body(("plain",)).get_content()


def test_news_alone_are_worth_a_mail_on_monday(acme, post) -> None:
    record = task(acme, acme.ann)
    actions.create(Comment, record=record, by=acme.actor, text="@Bob Carter look at this")
    sent(MONDAY)
    [mail] = post.to(BOB)
    assert mail["Subject"] == "Acme: News for you"
    assert "a comment names you" in mail.get_body(("html",)).get_content()


def test_in_the_persons_language_and_the_organisations_zone(acme, post) -> None:
    task(acme, acme.bob, morning(-1))
    Account.objects.filter(email=BOB).update(language="de")
    actions.edit(acme.organisation, by=acme.actor, zone="Pacific/Auckland")
    assert sent(datetime(2026, 11, 22, 18, tzinfo=UTC)), "Monday, seven o'clock in Auckland"
    [mail] = post.to(BOB)
    assert mail["Subject"] == "Acme: 1 Aufgabe, 1 überfällig"
    assert "seit 1 Tag überfällig" in mail.get_body(("plain",)).get_content()


def test_a_title_cannot_break_the_mail(acme, post) -> None:
    task(acme, acme.bob, title="<script>alert(1)</script> & more")
    actions.edit(acme.organisation, by=acme.actor, name="Acme\nBcc: all@acme.example")
    sent(MONDAY)
    [mail] = post.to(BOB)
    assert "<script>" not in mail.get_body(("html",)).get_content()
    assert "<script>alert(1)</script> & more" in mail.get_body(("plain",)).get_content()
    assert mail["Bcc"] is None


def test_what_is_refused_waits_longer_each_time_and_hinders_nobody(acme, post) -> None:
    for person in (acme.ann, acme.bob):
        task(acme, person)
    post.refused = {BOB}
    told = list(mailing.send(MONDAY))
    assert len([one for one in told if one["refused"]]) == 1
    assert "no such mailbox" in str(told)
    tries = [m for m in range(1, 60) if list(mailing.send(MONDAY + timedelta(minutes=m)))]
    assert tries == [5, 15, 35]
    post.refused = set()
    assert len(sent(morning(1))) == 1
    assert [mail["Message-ID"] for mail in post.to(BOB)] == [f"<digest.20261123.{acme.bob.pk.hex}@127.0.0.1>"]
    assert len(post.to(ANN)) == 1


def test_a_server_that_is_down_is_asked_again(acme, post, settings) -> None:
    task(acme, acme.bob)
    settings.EMAIL_PORT = 1
    [told] = mailing.send(MONDAY)
    assert told["refused"]
    settings.EMAIL_PORT = post.port
    assert sent(MONDAY + timedelta(minutes=4)) == []
    assert len(sent(MONDAY + timedelta(minutes=5))) == 1


def test_a_mail_that_cannot_be_written_hinders_no_other(acme, post, monkeypatch, caplog) -> None:
    for person in (acme.ann, acme.bob):
        task(acme, person)
    real = mailing.digest_of

    def fails_for_ann(actor, day):
        if actor.person == acme.ann and Mailed.objects.exists():
            raise RuntimeError("a broken rule")
        return real(actor, day)

    monkeypatch.setattr(mailing, "digest_of", fails_for_ann)
    assert len(sent(MONDAY)) == 1
    assert "a broken rule" in caplog.text
    assert len(post.to(BOB)) == 1


def test_looking_costs_nothing_once_it_is_done(acme, post, django_assert_num_queries) -> None:
    task(acme, acme.bob)
    sent(MONDAY)
    organisations = Organisation.objects.count()
    with django_assert_num_queries(4 + organisations):
        assert sent(MONDAY + timedelta(minutes=1)) == []


def test_a_long_list_is_cut_with_a_link_to_the_rest(acme, post) -> None:
    rows = [{"title": f"Shelf {n}", "owner": acme.bob} for n in range(45)]
    actions.create_many(register_of("action"), rows, by=acme.actor)
    sent(MONDAY)
    text = post.to(BOB)[0].get_body(("plain",)).get_content()
    assert text.count("Shelf ") == 40
    assert "And 5 more: http://127.0.0.1:8000/acme/my-work/" in text
