"""A reminder is a mail too: within a minute, once, and not to whoever wants none; against a real mail server."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from plumbline.desk import mailing
from plumbline.desk.models import MailChoice, NewsChoice, Reminder
from plumbline.kernel import actions, notices
from plumbline.kernel.models import Notice
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.organisation.models import Account

BOB = "bob@acme.example"
TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def acme(db, post) -> Company:
    """A company on a Tuesday afternoon whose mails of the morning are out."""
    company = Company("Acme")
    Account.objects.update(joined_at=TUESDAY - timedelta(hours=30))
    list(mailing.send(TUESDAY))
    post.got.clear()
    return company


def task(company: Company, **values):
    values = {"title": "Label the shelves", "owner": company.bob, "due": (TUESDAY + timedelta(days=20)).date()} | values
    return actions.create(register_of("action"), by=company.actor, **values)


def sent(now: datetime) -> list[str]:
    return [told["mail"] for told in mailing.send(now) if not told["refused"]]


def test_within_a_minute_and_once_however_often_it_is_pressed(acme, post) -> None:
    record = task(acme)
    for again in range(3):
        assert notices.nudge({acme.bob.pk}, record, acme.actor) == (1 if again == 0 else 0)
        sent(TUESDAY + timedelta(minutes=again))
    [mail] = post.to(BOB)
    assert mail["Subject"] == "Acme: Somebody waits for you"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for words in (text, html):
        assert f"{record.number} Label the shelves" in words
        assert "Done · due " in words
        assert f"http://127.0.0.1:8000/acme/actions/{record.number}/" in words


def test_several_at_once_are_one_mail_and_the_weekly_one_says_it_not_again(acme, post) -> None:
    for title in ("Label the shelves", "Empty the bins"):
        notices.nudge({acme.bob.pk}, task(acme, title=title), acme.actor)
    assert len(sent(TUESDAY)) == 1
    assert "Empty the bins" in post.to(BOB)[0].get_body(("plain",)).get_content()
    assert len(sent(TUESDAY + timedelta(days=6))) == 1, "Monday"
    text = post.to(BOB)[1].get_body(("plain",)).get_content()
    assert "Empty the bins" in text
    assert "you are waited for" not in text


def test_reminded_again_after_it_was_seen_is_a_mail_again(acme, post) -> None:
    record = task(acme)
    notices.nudge({acme.bob.pk}, record, acme.actor)
    assert len(sent(TUESDAY)) == 1
    Notice.objects.update(read_at=timezone.now())
    assert notices.nudge({acme.bob.pk}, record, acme.actor) == 1
    assert len(sent(TUESDAY + timedelta(minutes=1))) == 1


@pytest.mark.parametrize("wish", ["news", "never", "done", "seen"])
def test_not_to_whoever_wants_none_or_has_done_it(acme, post, wish) -> None:
    record = task(acme)
    notices.nudge({acme.bob.pk}, record, acme.actor)
    if wish == "news":
        NewsChoice.objects.create(person=acme.bob, mail=["nudge"])
    elif wish == "never":
        MailChoice.objects.create(person=acme.bob, often="never")
    elif wish == "done":
        actions.edit(record, by=acme.actor, owner=acme.ann)
    else:
        Notice.objects.update(read_at=timezone.now())
    assert sent(TUESDAY) == []
    assert not Reminder.objects.exclude(next_try_at=None).exists()
    assert not post.to(BOB)


def test_what_the_server_does_not_take_comes_later_as_the_same(acme, post, settings) -> None:
    notices.nudge({acme.bob.pk}, task(acme), acme.actor)
    settings.EMAIL_PORT = 1
    [refused] = mailing.send(TUESDAY)
    assert refused["refused"]
    settings.EMAIL_PORT = post.port
    assert sent(TUESDAY + timedelta(minutes=4)) == []
    assert sent(TUESDAY + timedelta(minutes=5)) == [refused["mail"]] == [post.to(BOB)[0]["Message-ID"]]


def test_what_is_confidential_is_told_only_to_who_sees_it(acme, post) -> None:
    secret = task(acme, owner=acme.ann, confidential=True)
    notices.nudge({acme.bob.pk}, secret, acme.actor)
    assert sent(TUESDAY) == []


def test_looking_costs_three_questions_more(acme, post, django_assert_num_queries) -> None:
    for n in range(5):
        notices.nudge({acme.bob.pk}, task(acme, title=f"Shelf {n}"), acme.actor)
    sent(TUESDAY)
    with django_assert_num_queries(5):
        assert sent(TUESDAY + timedelta(minutes=1)) == []
