"""A loaded company sends nothing until somebody says so, then only what comes; against real mail and web servers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from plumbline.desk import mailing
from plumbline.desk.models import Mailed
from plumbline.faces.hooks import sending
from plumbline.faces.hooks.models import Delivery, Webhook
from plumbline.faces.portable import quiet
from plumbline.faces.portable.models import Loaded
from plumbline.kernel import actions, notices
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.organisation.models import Account

BOB = "bob@acme.example"
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def noon(days: int = 0) -> datetime:
    """Noon in the company's zone, so many days from today."""
    return timezone.localtime().replace(hour=12, minute=0) + timedelta(days=days)


@pytest.fixture
def acme(db, post, settings, listener) -> Company:
    """Loaded long ago; it has a webhook with a secret, and Bob owes something since yesterday."""
    settings.PLUMBLINE_WEBHOOK_INNER = ["127.0.0.0/8"]
    company = Company("Acme")
    Account.objects.update(joined_at=BEFORE)
    Loaded.objects.create(organisation=company.organisation)
    hook = actions.create(Webhook, by=company.actor, name="Chat", url=listener.url, made_by=company.ann)
    sending.begin(hook)
    happen(company, "Label the shelves")
    return company


def happen(company: Company, title: str) -> None:
    """Something that mails and webhooks tell of: new, overdue, and Bob is reminded of it."""
    due = company.organisation.today() - timedelta(days=1)
    record = actions.create(register_of("action"), by=company.actor, title=title, owner=company.bob, due=due)
    notices.nudge({company.bob.pk}, record, company.actor)


def run(now: datetime) -> list[str]:
    """What goes out in a run of the clock, refused or not."""
    told = [*mailing.send(now), *sending.run(max(now, timezone.now()))]
    return ["webhook" if "webhook" in one else one["mail"].partition(".")[0][1:] for one in told]


def speak(company: Company) -> datetime:
    """Say in the settings that it sends from here; when that was."""
    answer = company.client(company.ann).post("/acme/settings/send-from-here/", follow=True)
    assert "From now on mails and webhooks go out from here." in answer.content.decode()
    since = Loaded.objects.get(pk=company.organisation.pk).sends_from
    assert since is not None
    return since


@pytest.mark.slow  # the clock runs through eleven days
def test_quiet_sends_nothing_and_confirmed_only_what_comes(acme, post, listener) -> None:
    assert [run(noon(day)) for day in range(0, 9, 4)] == [[]] * 3, "no digest, no reminder, no webhook"
    assert not Mailed.objects.exists()
    happen(acme, "Oil the door")  # after the last run, before it is said
    speak(acme)
    assert run(noon()) == [], "nothing that waited bursts out"
    happen(acme, "Empty the bins")
    assert sorted(run(noon())) == ["reminder", "webhook"]
    text = post.to(BOB)[0].get_body(("plain",)).get_content()
    assert "Empty the bins" in text
    assert "Label the shelves" not in text
    assert [b"Empty the bins" in body for _path, _headers, body in listener.got] == [True]
    days = [day for day in range(1, 8) if "digest" in run(noon(day))]
    monday = 7 - acme.organisation.today().weekday()
    assert days == sorted({1, monday}), "tomorrow because something new is pressing, and on the next Monday"
    assert "3 things to do" in post.to(BOB)[-1]["Subject"], "what is owed stands there, whenever it began"
    assert "you are waited for" not in post.to(BOB)[-1].get_body(("plain",)).get_content(), "but no old news"


def test_what_was_pressing_already_is_no_reason_to_write_on_the_next_day(acme, post) -> None:
    run(noon())
    speak(acme)
    assert [day for day in range(8) if run(noon(day))] == [7 - acme.organisation.today().weekday()]


def test_saying_so_is_an_event_of_who_and_when_and_only_once(acme) -> None:
    since = speak(acme)
    acme.client(acme.ann).post("/acme/settings/send-from-here/")
    [event] = Event.objects.filter(home=acme.organisation.pk, table="organisation", verb=quiet.SEND)
    assert event.actor == acme.ann.pk
    assert abs(event.at - since) < timedelta(seconds=5)
    assert Loaded.objects.get(pk=acme.organisation.pk).sends_from == since


def test_who_does_not_run_the_organisation_cannot_say_so(acme) -> None:
    assert acme.client(acme.bob).post("/acme/settings/send-from-here/").status_code == 403
    assert quiet.is_quiet(acme.organisation)


def test_it_is_told_where_somebody_would_wonder(acme) -> None:
    ann = acme.client(acme.ann)
    told = {page: "Nothing is sent from here." in ann.get(f"/acme/{page}").content.decode() for page in PAGES}
    assert all(told.values()), told
    speak(acme)
    assert not any("Nothing is sent from here." in ann.get(f"/acme/{page}").content.decode() for page in PAGES)


PAGES = ("settings/", "settings/webhooks/", "my-notices/")


def test_made_quiet_again_what_waits_is_dropped_and_another_company_is_not_touched(acme, post, listener) -> None:
    """The installation a company left for good: its command makes it quiet, as if it had been loaded."""
    other = Company("Bolt")
    speak(acme)
    happen(acme, "Empty the bins")
    listener.answer, post.refused = lambda nth: 503, {BOB}
    assert sorted(run(noon())) == ["reminder", "webhook"], "refused both, and both wait"
    assert quiet.change(acme.organisation, False, acme.actor)
    assert not quiet.change(acme.organisation, False, acme.actor)
    happen(other, "Sweep the yard")
    post.refused = set()
    assert sorted(run(noon(1))) == ["digest", "reminder"], "of the other company"
    assert [mail["To"] for mail in post.got] == ["bob@bolt.example"] * 2
    assert not Delivery.objects.exclude(next_try_at=None).exists()
    assert "quiet" in Delivery.objects.get().said
    assert not quiet.is_quiet(other.organisation)
