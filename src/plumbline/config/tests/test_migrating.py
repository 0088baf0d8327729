"""After an update what is derived has the new program's form: worked out at once, or said what to do."""

import pytest

from plumbline.config.commands import migrating, verifying
from plumbline.faces.search.models import SearchRow
from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company


@pytest.fixture
def updated(db, monkeypatch) -> Company:
    """A company whose words are of an older program; what `migrate` itself does is tried elsewhere."""
    acme = Company("Acme")
    actions.create(register_of("action"), by=acme.actor, title="Label the shelves")
    SearchRow.objects.update(words="old")
    counted = iter([7, 8])
    monkeypatch.setattr(migrating, "_applied", lambda: next(counted, 8))
    monkeypatch.setattr(migrating, "execute_from_command_line", lambda _line: None)
    return acme


def test_words_are_afresh_once_it_migrated(updated, capsys) -> None:
    assert verifying.run(deep=False, derived=True, json=False) == 1
    assert "history is sound: `plumb rebuild`" in capsys.readouterr().err
    migrating.run([])
    assert "shelves" in SearchRow.objects.get().words
    assert verifying.run(deep=False, derived=True, json=False) == 0


def test_very_many_wait_for_the_command_and_a_single_step_is_left_alone(updated, capsys, monkeypatch) -> None:
    monkeypatch.setattr(migrating, "AT_ONCE", 0)
    migrating.run([])
    assert "Now run `plumb rebuild`" in capsys.readouterr().err
    migrating.run(["search"])
    assert SearchRow.objects.get().words == "old"
