"""What is told to other programs: signed, to whom it is due, until it is taken; nothing hidden and nothing twice."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook as Checker
from standardwebhooks import WebhookVerificationError

from plumbline.faces.hooks import sending, signing
from plumbline.faces.hooks.models import Delivery, Sender, Webhook
from plumbline.kernel import actions
from plumbline.kernel.models import Comment, Notice
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company


@pytest.fixture
def acme(db, settings) -> Company:
    settings.PLUMBLINE_WEBHOOK_INNER = ["127.0.0.0/8"]
    return Company("Acme")


def made(company: Company, listener, **values) -> tuple[Webhook, str]:
    values = {"name": "Chat", "url": listener.url, "made_by": company.ann, **values}
    hook = actions.create(Webhook, by=company.actor, **values)
    return hook, sending.begin(hook)


def task(company: Company, title: str = "Label the shelves", **values):
    return actions.create(register_of("action"), by=company.actor, title=title, owner=company.bob, **values)


def run(after: timedelta = timedelta()) -> list[dict]:
    return list(sending.run(timezone.now() + after))


def test_what_happens_is_told_once_and_signed(acme, listener) -> None:
    task(acme, "Before there was a webhook")
    _hook, secret = made(acme, listener)
    record = task(acme)
    actions.create(Comment, by=acme.actor, record=record, text="Red ones first")
    assert [told["refused"] for told in run()] == ["", ""]
    assert run() == []
    (path, headers, body), (_path, _headers, second) = listener.got
    facts = Checker(secret).verify(body, headers)
    assert path == "/hook"
    assert facts["type"] == "action.create"
    assert facts["data"]["record"]["number"] == record.number
    assert facts["data"]["record"]["owner"] == "Bob Carter"
    assert facts["data"]["by"] == "Ann Bell"
    assert facts["data"]["record"]["url"].endswith(f"/r/{record.uid}/")
    assert json.loads(second)["type"] == "action.comment.create"
    assert "Red ones first" not in second.decode(), "who is told comes and reads"
    with pytest.raises(WebhookVerificationError):
        Checker(signing.new_secret()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Checker(secret).verify(body.replace(b"shelves", b"drawers"), headers)


def test_a_chat_channel_gets_one_line(acme, listener) -> None:
    made(acme, listener, form="chat")
    record = task(acme)
    run()
    body = json.loads(listener.got[0][2])
    assert body == {"text": f"{record.number} Label the shelves: new (Ann Bell) http://127.0.0.1:8000/r/{record.uid}/"}
    actions.edit(record, by=acme.actor, title="<!here> @all & co")
    run()
    assert "&lt;!here&gt; @\u200ball &amp; co" in json.loads(listener.got[1][2])["text"], "calls nobody, links nowhere"


def test_only_the_kinds_and_events_that_were_asked_for(acme, listener) -> None:
    made(acme, listener, kinds=["nonconformity"], verbs=["create"])
    record = actions.create(register_of("nonconformity"), by=acme.actor, title="A burr", description="At the edge")
    actions.edit(record, by=acme.actor, title="A burr at the edge")
    task(acme)
    run()
    assert [json.loads(body)["type"] for _p, _h, body in listener.got] == ["nonconformity.create"]


def test_nothing_confidential_and_nothing_of_another_organisation(acme, listener) -> None:
    other = Company("Brightco")
    made(acme, listener)
    secret = task(acme, "Somebody drinks", confidential=True)
    actions.create(Comment, by=acme.actor, record=secret, text="Not at work")
    task(other, "Of another house")
    later = task(acme, "Open today")
    listener.answer = lambda nth: 500
    run()
    actions.edit(later, by=acme.actor, confidential=True)
    run(timedelta(hours=1))
    said = b"".join(body for _p, _h, body in listener.got).decode()
    assert len(listener.got) == 1, "sent while it was open, not tried again once it was not"
    for words in ("drinks", "another house", secret.number, str(secret.uid)):
        assert words not in said
    assert not Delivery.objects.exclude(body="").exists()


def test_who_does_not_answer_is_asked_again_later_and_others_do_not_wait(acme, listener) -> None:
    made(acme, listener, url=listener.url.replace(str(listener.port), "9"))
    made(acme, listener, name="Other")
    task(acme)
    task(acme, "Paint the floor")
    assert len(listener.got) == 0
    assert [bool(told["refused"]) for told in run()] == [True, False, False]
    assert Sender.objects.exclude(failing_since=None).count() == 1
    assert len(listener.got) == 2
    for day in range(2 * (len(sending.WAITS) + 1)):
        run(timedelta(days=day, hours=1))
    given_up = Delivery.objects.filter(webhook__name="Chat", delivered_at=None, next_try_at=None)
    assert given_up.count() == 2
    assert {row.tries for row in given_up} == {len(sending.WAITS) + 1}
    assert Notice.objects.filter(verb="undelivered", person=acme.ann).count() == 2


def test_taken_at_the_second_try_with_the_same_id(acme, listener) -> None:
    made(acme, listener)
    task(acme)
    listener.answer = lambda nth: 503 if nth == 0 else 200
    run()
    run(timedelta(seconds=30))
    assert len(listener.got) == 1
    run(timedelta(minutes=2))
    ids = [headers["webhook-id"] for _p, headers, _b in listener.got]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert Sender.objects.get().failing_since is None


def test_killed_between_the_answer_and_the_note_of_it_the_same_id_comes_again(acme, listener, monkeypatch) -> None:
    made(acme, listener)
    task(acme)
    task(acme, "Paint the floor")
    kept = sending.post

    def killed(*asked):
        kept(*asked)
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "post", killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.setattr(sending, "post", kept)
    run()
    ids = [headers["webhook-id"] for _p, headers, _b in listener.got]
    assert len(ids) == 3, "the first twice, the second once"
    assert len(set(ids)) == 2


def test_gone_is_given_up_at_once_and_paused_hears_nothing(acme, listener) -> None:
    hook, _secret = made(acme, listener)
    task(acme)
    listener.answer = lambda nth: 410
    run()
    assert Delivery.objects.get().next_try_at is None
    actions.edit(hook, by=acme.actor, paused=True)
    task(acme, "While it is paused")
    run(timedelta(hours=1))
    actions.edit(Webhook.objects.get(), by=acme.actor, paused=False)
    run(timedelta(hours=2))
    assert len(listener.got) == 1


def test_one_that_was_loaded_without_its_secret_waits_for_a_new_one(acme, listener) -> None:
    hook = actions.create(Webhook, by=acme.actor, name="Chat", url=listener.url, made_by=acme.ann)
    task(acme, "Unheard")
    assert run() == []
    page = acme.client(acme.ann).get(f"/acme/settings/webhooks/{hook.uid}/").content.decode()
    assert "Needs a secret" in page
    answer = acme.client(acme.ann).post(f"/acme/settings/webhooks/{hook.uid}/test/", follow=True)
    assert "it has no secret yet" in answer.content.decode()
    secret = sending.renew(hook, timezone.now())
    task(acme, "Heard")
    run()
    [(_path, headers, body)] = listener.got
    assert Checker(secret).verify(body, headers)["data"]["record"]["title"] == "Heard"


def test_a_new_secret_and_the_old_one_both_sign_for_a_day(acme, listener) -> None:
    hook, old = made(acme, listener)
    task(acme)  # waits while it is renewed, twice: the first answer was lost
    listener.answer = lambda nth: 500 if nth == 0 else 200
    run()
    unseen, new = (sending.renew(hook, timezone.now()) for _time in range(2))
    run(timedelta(minutes=2))
    _path, headers, body = listener.got[-1]
    for secret in (old, unseen, new):
        Checker(secret).verify(body, headers)
    task(acme, "Two days later")
    run(timedelta(days=2))
    _path, headers, body = listener.got[-1]
    Checker(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Checker(old).verify(body, headers)


def test_its_page_is_for_who_runs_the_organisation(acme, listener, settings) -> None:
    ann, bob = acme.client(acme.ann), acme.client(acme.bob)
    page = "/acme/settings/webhooks/"
    assert bob.get(page).status_code == 403
    assert bob.post(page + "new/", {"name": "X", "url": "https://example.org/", "form": "full"}).status_code == 403
    assert "Into this network only where" in ann.get(page + "new/").content.decode()
    refused = ann.post(page + "new/", {"name": "X", "url": "https://user@example.org/", "form": "full"})
    assert refused.status_code == 422
    assert "Leave name and password out" in refused.content.decode()
    asked = {"name": "Chat", "url": listener.url, "form": "full", "kinds": "action", "words": "create, clsoe"}
    assert "There is no event “clsoe”" in ann.post(page + "new/", asked).content.decode()
    answer = ann.post(page + "new/", {"name": "Chat", "url": listener.url, "form": "full", "words": "create, close"})
    hook = Webhook.objects.get()
    assert answer["Location"] == f"{page}{hook.uid}/"
    assert hook.verbs == ["create", "close"]
    assert "whsec_" in ann.get(answer["Location"]).content.decode()
    assert "whsec_" not in ann.get(answer["Location"]).content.decode(), "shown once"
    assert Company("Brightco").client(acme.ann).get(f"/brightco/settings/webhooks/{hook.uid}/").status_code == 404
    ann.post(f"{page}{hook.uid}/test/")
    assert json.loads(listener.got[0][2])["type"] == "plumbline.test"
    listener.answer = lambda nth: 302
    told = ann.post(f"{page}{hook.uid}/test/", follow=True).content.decode()
    assert "302 Found: redirections are not followed" in told
    assert (len(listener.got), "Nothing is taken there" in told, "tries" in told) == (2, True, False)
    for what in ("pause", "resume", "secret", "end"):
        assert ann.post(f"{page}{hook.uid}/{what}/").status_code == 302
    assert ann.get(f"{page}{hook.uid}/").status_code == 404
    assert bob.post(f"{page}{hook.uid}/end/").status_code == 403
    settings.PLUMBLINE_WEBHOOK_INNER = []
    assert "It must not lead into this network, unless" in ann.get(page + "new/").content.decode()
