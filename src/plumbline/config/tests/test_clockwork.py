"""The clock as a process: mails once though it is killed, catching up at the start, ending when told, one at a time."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from plumbline.config import clockwork
from plumbline.desk.models import Mailed
from plumbline.faces import clock
from plumbline.kernel import actions, notices
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from .installations import PLUMB, Installation

pytestmark = pytest.mark.slow  # every run of `plumb` is a process that sets Django up


@pytest.fixture
def pressing(acme, post) -> Installation:
    """Acme, where it is noon, Ann has an address, and one thing to do is overdue since yesterday."""
    ann = Person.objects.get()
    noon = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # POSIX counts westward
    actions.edit(ann.organisation, by=Actor.of(ann), zone=noon)
    ann = Person.objects.get()
    due = ann.organisation.today() - timedelta(days=1)
    actions.create(register_of("action"), by=Actor.of(ann), title="Label the shelves", due=due)
    acme.environment["PLUMBLINE_MAIL_URL"] = post.url
    return acme


def _killed(installation: Installation, post, when: str) -> None:
    """A tick that is killed with -9 at that moment of its mail."""
    process = subprocess.Popen([str(PLUMB), "tick"], env=installation.environment, stderr=subprocess.PIPE)
    setattr(post, when, lambda: os.kill(process.pid, signal.SIGKILL))
    assert process.wait(300) == -signal.SIGKILL, process.stderr.read()
    setattr(post, when, lambda: None)


def test_killed_before_the_mail_is_taken_it_is_sent_once(pressing, post) -> None:
    _killed(pressing, post, "before")
    assert post.got == []
    [told] = pressing.json("tick")
    assert (told["organisation"], told["refused"]) == ("acme", "")
    assert pressing.json("tick") == []
    assert [mail["Message-ID"] for mail in post.got] == [told["mail"]]
    assert Mailed.objects.get().sent_at


def test_killed_after_the_mail_is_taken_it_comes_again_as_the_same(pressing, post) -> None:
    _killed(pressing, post, "after")
    assert len(post.got) == 1
    assert len(pressing.json("tick")) == 1
    assert pressing.json("tick") == []
    assert len({mail["Message-ID"] for mail in post.got}) == 1
    assert len(post.got) == 2


@pytest.mark.parametrize(("when", "taken"), [("before", 1), ("after", 2)])
def test_killed_at_a_reminder_it_comes_once_or_as_the_same(pressing, post, when, taken) -> None:
    record, ann = Record.objects.get(kind="action"), Person.objects.get()
    notices.nudge({ann.pk}, record, Actor.clock(ann.organisation))
    _killed(pressing, post, when)
    assert len(pressing.json("tick")) == 2
    assert pressing.json("tick") == []
    told = [mail["Message-ID"] for mail in post.got if mail["Message-ID"].startswith("<reminder.")]
    assert (len(told), len(set(told))) == (taken, 1)


def test_what_is_refused_is_said_and_kept(pressing, post) -> None:
    post.refused = {"ann@example.org"}
    [told] = pressing.json("tick")
    assert "no such mailbox" in told["refused"]
    assert Mailed.objects.get().next_try_at


def test_the_server_catches_up_at_its_start_and_ends_when_told(pressing, post) -> None:
    with pressing.served() as served:
        _until(lambda: post.got)
    assert served.ended == 0, "it waited for the clock's minute, longer than it is given to end"
    assert "Traceback" not in served.log.read_text()
    assert len(post.got) == 1


def test_a_command_beside_another_clock_does_nothing(pressing, post) -> None:
    with clock.alone() as mine:
        assert mine
        assert pressing.json("tick") == []
    assert post.got == []
    assert len(pressing.json("tick")) == 1


def test_two_at_one_digest_send_it_once(pressing, post) -> None:
    command = [str(PLUMB), "tick"]
    both = [subprocess.Popen(command, env=pressing.environment, stderr=subprocess.PIPE) for _each in range(2)]
    said = [process.communicate(timeout=300)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert len(post.got) == 1
    assert pressing.json("tick") == []


def test_the_act_and_then_the_mail(pressing, post, monkeypatch) -> None:
    def overdue(organisation, now):
        for record in Record.objects.filter(organisation=organisation, kind="action").open():
            yield register_of("action").model.objects.get(pk=record.pk), "cancel", now - timedelta(hours=8)

    register = register_of("action")
    monkeypatch.setattr(register, "by_clock", overdue)
    acts = list(clockwork.tick(datetime.now(UTC)))
    assert [act.get("refused") for act in acts] == ["Say why: the reason stays with the record.", ""]
    assert len(post.got) == 1


def _until(happened: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)
