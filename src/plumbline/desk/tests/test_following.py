"""Who hears of what: those whose turn it is, those who follow; once, nothing hidden, and not what is switched off."""

import pytest
from django.utils import timezone

from plumbline.desk import digest, news, work
from plumbline.desk.models import NewsChoice
from plumbline.faces.following import noting
from plumbline.faces.following.models import Follow
from plumbline.kernel import actions
from plumbline.kernel.models import Comment, Notice
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, RoleHolding, Site
from plumbline.organisation.roles import Role

PAGE = "/acme/my-notices/"


@pytest.fixture
def acme(db) -> Company:
    company = Company("Acme")
    noting.run()  # from now on
    return company


def task(company: Company, owner: Person | None = None, **values):
    values = {"title": "Label the shelves", "owner": owner or company.ann, **values}
    return actions.create(register_of("action"), by=company.actor, **values)


def heard(person: Person) -> list[str]:
    """What this person's news say, oldest first."""
    noting.run()
    return [news.words(one) for one in news.unread(Actor.of(person)).select_related("record")][::-1]


def test_whoever_it_is_up_to_hears_it_once_and_who_did_it_does_not(acme) -> None:
    record = task(acme, acme.bob)
    assert heard(acme.bob) == ["your turn: Done"]
    assert heard(acme.bob) == ["your turn: Done"]
    assert heard(acme.ann) == []
    Notice.objects.update(read_at=timezone.now())
    actions.edit(record, by=acme.actor, title="Label all shelves")
    assert heard(acme.bob) == [], "an edit makes it nobody's turn"


def test_after_much_has_happened_the_news_let_others_work_in_between(acme, monkeypatch) -> None:
    """They are read in the process that answers: without pauses every request waited behind thousands of events."""
    paused: list[float] = []
    monkeypatch.setattr(noting.time, "sleep", paused.append)
    monkeypatch.setattr(noting, "AT_ONCE", 2)
    for number in range(5):
        task(acme, acme.bob, title=f"Shelf {number}")
    assert heard(acme.bob) == ["your turn: Done"] * 5
    assert len(paused) == 2
    assert min(paused) > 0


def test_of_an_import_one_hears_some_and_of_what_one_follows_by_name_all(acme, monkeypatch) -> None:
    """Ten thousand lines of one sort would bury the comment that names somebody."""
    monkeypatch.setattr(noting, "SAME", 3)
    monkeypatch.setattr(noting, "AT_ONCE", 4)
    rows = [{"title": f"Shelf {number}", "owner": acme.bob} for number in range(9)]
    made = actions.create_many(register_of("action"), rows, by=acme.actor)
    Follow.objects.create(person=acme.bob, record=made[8])
    assert heard(acme.bob) == ["your turn: Done"] * 3 + ["new"]
    task(acme, acme.bob)
    assert heard(acme.bob) == ["your turn: Done"] * 3 + ["new", "your turn: Done"], "the next run tells again"


def test_a_turn_that_is_over_is_no_news_any_more(acme) -> None:
    """An import that was taken back left thousands of turns at records that are cancelled."""
    record, other = task(acme, acme.bob), task(acme, acme.bob, title="Sweep")
    assert heard(acme.bob) == ["your turn: Done"] * 2
    actions.act(record, "cancel", by=acme.actor, reason="Brought in by mistake")
    assert [one.record_id for one in news.unread(Actor.of(acme.bob))] == [other.pk]
    mailed = digest.digest_of(Actor.of(acme.bob), acme.organisation.today())
    assert [line.why for line in mailed.news] == ["your turn: Done"]


def test_news_that_are_not_all_shown_say_so(acme, monkeypatch) -> None:
    monkeypatch.setattr(work, "NEWS", 3)
    for number in range(3):
        task(acme, acme.bob, title=f"Shelf {number}")
    assert heard(acme.bob)
    said = acme.client(acme.bob).get("/acme/my-work/").content.decode()
    assert "The newest 3 are shown." in said


def test_the_holders_of_a_role_hear_it_where_they_hold_it(acme) -> None:
    quinn = acme.join("Quinn Hart", "quinn@acme.example", Role.QUALITY)
    here, there = (actions.create(Site, by=acme.actor, name=name) for name in ("Hall 1", "Hall 2"))
    joined = [acme.join(name, f"{name[:3].lower()}@acme.example") for name in ("Hal One", "Hat Two")]
    for person, site in zip(joined, (here, there), strict=True):
        actions.create(RoleHolding, by=acme.actor, person=person, role=Role.QUALITY, site=site)
    found = actions.create(
        register_of("nonconformity"), by=Actor.of(acme.bob), title="A burr", description="At the edge", site=here
    )
    noting.run()
    assert not Notice.objects.exists(), "it is the turn of whoever reported it"
    actions.act(found, "correct", by=Actor.of(acme.bob), correction="Filed off")
    noting.run()
    told = {notice.person_id for notice in Notice.objects.filter(verb="turn:settle")}
    assert told == {acme.ann.pk, quinn.pk, joined[0].pk}


def test_who_follows_a_record_or_a_register_hears_what_others_do(acme) -> None:
    record = task(acme)
    noting.run()
    client = acme.client(acme.bob)
    page = f"/acme/actions/{record.number}/"
    assert "Follow: hear what happens to it" in client.get(page).content.decode()
    client.post(f"{page}follow/")
    client.post(f"{page}follow/")
    assert Follow.objects.count() == 1
    assert "You follow this: stop" in client.get(page).content.decode()
    actions.create(Comment, by=acme.actor, record=record, text="Red ones first")
    actions.create(Comment, by=Actor.of(acme.bob), record=record, text="As you say")
    actions.edit(record, by=acme.actor, title="Label all shelves")
    assert heard(acme.bob) == ["comment: new", "changed"]
    client.post(f"{page}follow/", {"end": "1"})
    client.post(f"{PAGE}news/", {"app": list(news.SORTS), "mail": list(news.SORTS), "kinds": ["nonconformity"]})
    actions.create(register_of("nonconformity"), by=acme.actor, title="A burr", description="At the edge")
    task(acme, title="Not followed")
    assert heard(acme.bob) == ["comment: new", "changed", "new"]
    client.post(f"{PAGE}news/", {"app": list(news.SORTS), "mail": list(news.SORTS)})
    assert not Follow.objects.exists()


def test_nothing_hidden_and_nothing_of_another_organisation(acme) -> None:
    other = Company("Brightco")
    Follow.objects.create(person=acme.bob, kind="action")
    task(acme, title="Somebody drinks", confidential=True)
    task(other, title="Of another house")
    assert heard(acme.bob) == []
    opened = task(acme)
    assert heard(acme.bob) == ["new"]
    actions.edit(opened, by=acme.actor, confidential=True)
    assert heard(acme.bob) == [], "it became confidential before it was read"
    assert opened.number not in acme.client(acme.bob).get(PAGE).content.decode()


def test_what_one_follows_and_may_not_see_any_more_is_not_listed(acme) -> None:
    record = task(acme, title="Label the shelf")
    Follow.objects.create(person=acme.bob, record=record)
    client, page = acme.client(acme.bob), "/acme/my-notices/"
    assert record.number in client.get(page).content.decode()
    actions.edit(record, by=acme.actor, confidential=True)
    told = client.get(page).content.decode()
    assert record.number not in told
    assert "Label the shelf" not in told


def test_each_sort_is_switched_off_in_the_app_and_in_the_mail_by_itself(acme) -> None:
    record = task(acme, acme.bob)
    Follow.objects.create(person=acme.bob, record=record)
    actions.create(Comment, by=acme.actor, record=record, text="@Bob Carter look")
    actions.edit(record, by=acme.actor, title="Label all shelves")
    everything = heard(acme.bob)
    sorts = {"your turn: Done": "turn", "a comment names you": "mention", "changed": "follow"}
    assert set(sorts) <= set(everything)
    for words, sort in sorts.items():
        NewsChoice.objects.update_or_create(person=acme.bob, defaults={"app": [sort], "mail": []})
        assert words not in heard(acme.bob)
        NewsChoice.objects.update_or_create(person=acme.bob, defaults={"app": [], "mail": [sort]})
        assert words in heard(acme.bob)
        mailed = digest.digest_of(Actor.of(acme.bob), acme.organisation.today())
        assert words not in [line.why for line in mailed.news]
    client = acme.client(acme.bob)
    client.post(f"{PAGE}news/", {"app": ["mention"], "mail": []})
    assert heard(acme.bob) == ["a comment names you"]
    assert digest.digest_of(Actor.of(acme.bob), acme.organisation.today()).news == []


def test_cut_off_in_the_middle_nothing_is_lost_or_told_twice(acme, monkeypatch) -> None:
    Follow.objects.create(person=acme.bob, kind="action")
    for number in range(3):
        task(acme, title=f"Shelf {number}")
    kept = Notice.objects.bulk_create

    def killed(*rows, **how):
        kept(*rows, **how)
        raise KeyboardInterrupt

    monkeypatch.setattr(type(Notice.objects), "bulk_create", lambda self, *rows, **how: killed(*rows, **how))
    with pytest.raises(KeyboardInterrupt):
        noting.run()
    monkeypatch.undo()
    assert Notice.objects.count() == 0
    assert heard(acme.bob) == ["new", "new", "new"]
    assert heard(acme.bob) == ["new", "new", "new"]


def test_who_only_reads_follows_nothing(acme) -> None:
    record = task(acme)
    client = acme.client(acme.cleo)
    assert "Follow" not in client.get(f"/acme/actions/{record.number}/").content.decode()
    client.post(f"/acme/actions/{record.number}/follow/")
    client.post(f"{PAGE}news/", {"kinds": ["action"]})
    assert not Follow.objects.exists()
