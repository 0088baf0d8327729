"""The peers themselves: copies are private and commit, flushing is refused, the browser tells what it met."""

import threading
from types import SimpleNamespace

import pytest
from django.db import connections, transaction
from django.test import TransactionTestCase

from plumbline.organisation.models import Account
from tests.peers import databases


def _account(name: str) -> None:
    Account.objects.create_user(f"{name}@acme.example", "plumb-and-level", name=name)


@pytest.mark.parametrize("again", [1, 2])
def test_a_private_copy_commits_and_leaves_nothing(real_db, again: int) -> None:
    assert Account.objects.count() == 0, "the copy of another test shows through"

    def work() -> None:
        with transaction.atomic():
            _account("ann")
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert Account.objects.get().name == "ann"
    assert (real_db / "plumbline.sqlite3").exists() is not databases.on_postgresql()


class _Flushes(TransactionTestCase):
    """What nobody may write."""


@pytest.mark.parametrize(
    "fixtures, cls",
    [(["transactional_db"], None), (["live_server"], None), (["db", "real_db"], None), ([], _Flushes)],
)
def test_a_test_that_would_flush_is_told_what_to_use(fixtures: list[str], cls: type | None) -> None:
    item = SimpleNamespace(fixturenames=fixtures, cls=cls, get_closest_marker=lambda name: None)
    with pytest.raises(pytest.fail.Exception, match="real_db"):
        databases.pytest_runtest_setup(item)


@pytest.mark.journey
def test_the_sign_in_page_opens_in_every_look_without_barriers(live, every_look, no_barriers) -> None:
    every_look.goto(live.url + "/accounts/login/")
    assert every_look.locator("input[type=password]").is_visible()
    no_barriers(every_look)


@pytest.mark.journey
@pytest.mark.allow_page_errors  # the refused request is one
def test_a_page_asks_nobody_but_its_server(live, page) -> None:
    page.goto(live.url + "/accounts/login/")
    assert page.evaluate("fetch('http://192.0.2.1/').then(() => 'out', () => 'kept in')") == "kept in"
