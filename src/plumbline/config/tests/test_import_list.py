"""`plumb import-list`: checked, brought in, killed in the middle and gone on with, taken back."""

import os
import signal
import subprocess
import time

import pytest

from plumbline.faces.sheets.models import Row
from plumbline.kernel.models import Record
from plumbline.ledger.models import Event

from .installations import PLUMB

pytestmark = pytest.mark.slow  # every run of `plumb` is a process that sets Django up

ROWS = 1500
TO = ("--into", "actions", "--organisation", "acme", "--by", "ann@example.org")


def ours():
    return Record.objects.filter(kind="action")


@pytest.fixture
def table(tmp_path):
    """A list of actions as others keep it."""
    file = tmp_path / "actions.csv"
    lines = [f"Label shelf {number};Ann Bell;{number % 28 + 1}.3.2027" for number in range(ROWS)]
    file.write_text("Worum;Wer;Bis wann\n" + "\n".join(lines), encoding="cp1252")
    return file


def test_it_is_checked_brought_in_and_taken_back(acme, table) -> None:
    lines = table.read_text(encoding="cp1252").splitlines()[:31]
    table.write_text("\n".join(lines))
    columns = ("-c", "Worum=title")
    asked = acme.plumb("import-list", table, *TO, *columns, "--dry-run")
    assert "Nothing was written" in asked.stderr, asked.stderr
    assert ours().count() == 0
    done = acme.plumb("import-list", table, *TO)
    assert done.returncode == 1, "nobody said what Worum is"
    table.write_text(table.read_text() + "\nNo owner;Nobody;1.3.2027\n")
    [told] = acme.plumb("import-list", table, *TO, *columns, "--json").stdout.splitlines()
    assert "Nobody" in told
    made = ours().count()
    assert made == 30
    refused = acme.plumb("import-list", table, *TO)
    assert refused.returncode == 1, "the same file again"
    assert ours().count() == made
    back = acme.plumb("import-list", table, *TO, "--undo", "the wrong list")
    assert back.returncode == 0, back.stderr
    assert not ours().exclude(state="cancelled").exists()
    assert acme.json("verify", "--deep")


def test_killed_in_the_middle_it_goes_on_and_nothing_is_doubled(acme, table) -> None:
    command = [str(PLUMB), "import-list", str(table), *TO, "-c", "Worum=title"]
    process = subprocess.Popen(command, env=acme.environment, stderr=subprocess.PIPE)
    while ours().count() == 0:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(60)
    cut = ours().count()
    assert 0 < cut < ROWS
    assert Row.objects.filter(state="done").count() == cut, "half a batch was kept"
    again = acme.plumb("import-list", table, *TO)
    assert again.returncode == 0, again.stderr
    assert "begun before" in again.stderr
    titles = list(ours().values_list("title", flat=True))
    assert (len(titles), len(set(titles))) == (ROWS, ROWS)
    assert Event.objects.filter(verb="create", table="action").count() == ROWS
    assert acme.json("verify", "--deep")
