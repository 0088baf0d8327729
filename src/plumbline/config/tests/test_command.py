"""The command line as a person and as a script meet it."""

import json
import os
import subprocess
import sys

import pytest

from plumbline.ledger.models import Checkpoint, Event, Log
from plumbline.organisation.models import Account, Person, RoleHolding

from .installations import PASSWORD, PLUMB

pytestmark = pytest.mark.slow  # every run of `plumb` is a process that sets Django up


def test_help_needs_no_django() -> None:
    code = "import sys, plumbline.config.command; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert done.stdout.strip() == "False", done.stderr


def test_usage_is_exit_2_and_refusal_exit_1(acme) -> None:
    for wrong in ((), ("nothing",), ("list",), ("serve", "--port", "0"), ("serve", "--host", "0.0.0.0")):
        done = acme.plumb(*wrong)
        assert done.returncode == 2, (wrong, done.stderr)
    for refused in (("list", "nothing", "--organisation", "acme"), ("list", "actions", "--organisation", "nobody")):
        done = acme.plumb(*refused)
        assert (done.returncode, done.stdout) == (1, ""), refused
        assert "There is no" in done.stderr
        assert "There are" in done.stderr


def test_a_command_before_init_says_what_to_do(empty) -> None:
    done = empty().plumb("list", "actions", "--organisation", "acme")
    assert (done.returncode, done.stdout) == (1, "")
    assert "plumb migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_list_prints_json_lines_only(acme) -> None:
    rows = acme.json("list", "nonconformities", "--organisation", "acme")
    assert [row["title"] for row in rows] == ["Wrong label", "Scratch on the housing"]
    assert {row["owner"] for row in rows} == {"Ann Bell"}
    assert rows[0]["description"] == "Batch 7"
    assert [row["title"] for row in acme.json("list", "nonconformity", "--organisation", "acme", "-q", "scratch")] == [
        "Scratch on the housing"
    ]
    assert acme.json("list", "nonconformities", "--organisation", "acme", "-f", "state=closed") == []
    done = acme.plumb("list", "nonconformities", "--organisation", "acme", "-f", "colour=red")
    assert done.returncode == 1
    assert "is no filter" in done.stderr


def test_init_makes_everything_and_refuses_twice(empty) -> None:
    made = empty()
    words = ("init", "--organisation", "Acme", "--admin", "ann@example.org", "--password-env", "ANN_PASSWORD")
    done = made.plumb(*words, "--json")
    assert done.returncode == 1
    assert "ANN_PASSWORD holds no password" in done.stderr
    assert made.plumb(*words, "--json", ANN_PASSWORD="short").returncode == 1
    [told] = made.json(*words, ANN_PASSWORD=PASSWORD)
    assert told["organisation"] == "acme"
    again = made.plumb(*words, "--json", ANN_PASSWORD=PASSWORD)
    assert (again.returncode, again.stdout) == (1, "")
    assert "There is an organisation “acme” here already" in again.stderr
    rows = {row["organisation"]: row for row in made.json("verify", "--deep", "--derived")}
    assert rows["acme"]["events"] == 5
    assert rows["(installation)"]["events"] == 2
    for name in ("secret", "log.ed25519"):
        assert (made.data / "keys" / name).stat().st_mode & 0o777 == 0o600
    marks = [json.loads(line) for line in (made.data / "heads.jsonl").read_text().splitlines()]
    assert sorted(mark["size"] for mark in marks) == [2, 5]


def test_an_init_that_is_refused_leaves_no_account_behind(empty) -> None:
    made = empty()
    words = ("init", "--organisation", "Acme", "--admin", "ann@example.org", "--password-env", "ANN_PASSWORD", "--json")
    for wrong, told in (
        (("--zone", "Mars/Base"), "is not a time zone"),
        (("--language", "kl"), "is not one of en, de"),
    ):
        done = made.plumb(*words, *wrong, ANN_PASSWORD=PASSWORD)
        assert (done.returncode, done.stdout, told in done.stderr) == (1, "", True), done.stderr
    done = made.plumb(*words, ANN_PASSWORD=PASSWORD)
    assert done.returncode == 0
    assert "has an account already" not in done.stderr
    assert made.data.stat().st_mode & 0o777 == 0o700, "what the folder holds is for nobody else on this machine"


@pytest.mark.parametrize(
    "told, words",
    [
        ({"PLUMBLINE_DATABASE_URL": "mysql://somewhere/plumb"}, "must begin with postgresql://"),
        ({"PLUMBLINE_MAX_UPLOAD": "200MB"}, "must be a whole number"),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_one_line(acme, told, words) -> None:
    done = acme.plumb("verify", **told)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_enough_is_no_error_of_the_disk(acme) -> None:
    script = f"{PLUMB} coverage acme --json | head -1"
    done = subprocess.run(["sh", "-c", script], env=acme.environment, capture_output=True, text=True)
    assert json.loads(done.stdout)["id"] == "4.1-1"
    assert "Errno" not in done.stderr
    assert "Traceback" not in done.stderr


def test_init_on_a_second_company_keeps_the_account(acme) -> None:
    [told] = acme.json("init", "--organisation", "Bolt & Nut", "--admin", "Ann@example.org")
    assert told["organisation"] == "bolt-nut"
    account = Account.objects.get()
    assert account.check_password(PASSWORD)
    roles = RoleHolding.objects.filter(person__organisation__slug="bolt-nut").values_list("role", flat=True)
    assert set(roles) == {"administrator", "quality", "management"}
    assert Person.objects.filter(account=account).count() == 2


def test_a_command_that_wrote_signs_what_it_wrote(acme) -> None:
    assert Checkpoint.objects.count() == 0
    acme.json("init", "--organisation", "Bolt", "--admin", "ann@example.org")
    heads = dict(Checkpoint.objects.values_list("log", "size"))
    assert heads == dict(Log.objects.values_list("home", "size"))


def test_verify_names_what_was_changed_behind_the_history(acme) -> None:
    assert acme.plumb("verify", "--deep").returncode == 0
    drop = "ALTER TABLE kernel_record DISABLE TRIGGER USER"
    if acme.environment.get("PLUMBLINE_DATABASE_URL", "").startswith("postgres"):
        acme.sql(drop)
    else:
        acme.sql('DROP TRIGGER "plumbline_kernel_record_update"')
    acme.sql("UPDATE kernel_record SET title = 'All is well' WHERE title = 'Wrong label'")
    assert acme.plumb("verify").returncode == 0, "the log itself is whole; only --deep reads the rows"
    done = acme.plumb("verify", "--deep", "--json")
    assert done.returncode == 1
    [problem] = [row for line in done.stdout.splitlines() if "problem" in (row := json.loads(line))]
    assert (problem["organisation"], problem["kind"]) == ("acme", "nonconformity")
    assert problem["number"].startswith("NC-")
    assert "title" in problem["problem"]


def test_derived_rows_are_compared_and_rebuilt(acme) -> None:
    assert acme.plumb("verify", "--derived").returncode == 0
    acme.sql("DELETE FROM kernel_duty")
    acme.sql("UPDATE search_searchrow SET words = 'nothing'")
    done = acme.plumb("verify", "--derived", "--json")
    assert done.returncode == 1
    assert "plumb rebuild" in done.stdout
    assert acme.plumb("rebuild").returncode == 0
    assert acme.plumb("verify", "--derived").returncode == 0


def test_another_standard_is_a_file(acme, tmp_path) -> None:
    file = tmp_path / "fourteen.csv"
    file.write_text("id,clause,title,requirement,question,basis\nE1,4.1,Context,Know your surroundings,Do you?,shall\n")
    words = ("standard", file, "--organisation", "acme", "--code", "iso14001:2015", "--name", "ISO 14001:2015")
    assert [row["status"] for _ in range(2) for row in acme.json(*words)] == ["new", "unchanged"]
    before = Event.objects.count()
    file.write_text("id,clause\nE1,4.1\n")
    done = acme.plumb(*words)
    assert done.returncode == 1
    assert "columns missing" in done.stderr
    assert acme.plumb(*words[:-3], "iso9001:2015", "--name", "Mine").returncode == 1
    assert Event.objects.count() == before


def test_a_tick_with_nothing_due_says_nothing(acme) -> None:
    done = acme.plumb("tick", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_django_is_one_word_away(acme) -> None:
    assert "kernel" in acme.plumb("showmigrations", "kernel").stdout
    assert acme.plumb("django", "check").returncode == 0
    assert acme.plumb("migrate", "--check").returncode == 0
