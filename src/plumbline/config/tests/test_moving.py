"""`plumb export` and `plumb load` as a person meets them: the demo company moves, between the two databases as well."""

import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from plumbline.config.commands import moving_in
from plumbline.config.tests.installations import PLUMB, Installation
from plumbline.faces.clock import alone
from tests.peers import databases

pytestmark = pytest.mark.slow  # installations of their own, each made by a command

ALONE = ("PLUMBLINE_DATABASE_URL", "PLUMBLINE_DATABASE_OWNER_URL")
WALK = """
from django.test import Client
from django.utils import translation
from plumbline.kernel.register import registers
from plumbline.organisation.models import Account, Organisation, Person, RoleHolding
company = Organisation.objects.get(slug="linden")
quality = RoleHolding.objects.filter(organisation=company, role="quality").exclude(person__account=None).first()
client = Client()
client.force_login(quality.person.account, backend="plumbline.organisation.accounts.Backend")
opened = 0
for address in ("", "my-work/", "library/", "people/", "standard/", "settings/", "search/?q=welding"):
    assert client.get(f"/linden/{address}", follow=True).status_code == 200, address
for register in registers():
    for record in [None, *register.model.objects.filter(organisation=company)]:
        address = f"/linden/{register.slug}/" + (f"{record.number}/" if record else "")
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, (address, answer.status_code)
        assert not record or record.number in answer.content.decode(), address
        opened += 1
print("opened", opened)
"""


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Installation:
    """A folder of which nothing exists yet, on SQLite whatever the others run on."""
    kept = {name: value for name, value in os.environ.items() if name not in (*ALONE, "PLUMBLINE_SECRET")}
    return Installation(tmp_path / "sqlite", kept | {"PLUMBLINE_DATA": str(tmp_path / "sqlite")})


@pytest.fixture
def installation_beside(tmp_path_factory) -> Iterator[Installation]:
    """One more, migrated and empty, with its own keys."""
    name = f"plumbline_real_{uuid.uuid4().hex[:12]}"
    data = tmp_path_factory.mktemp("beside") / name
    told = databases.copied(databases.migrated(), data, name)
    kept = {key: value for key, value in os.environ.items() if key != "PLUMBLINE_SECRET"}
    yield Installation(data, kept | told)
    databases.dropped(data, name)


def proven(installation: Installation, *more: str) -> dict:
    """What `plumb verify --deep` says of Linden, after nothing was found."""
    rows = {one["organisation"]: one for one in installation.json("verify", "--deep", *more)}
    return rows["linden"]


def test_the_demo_company_moves_and_moves_back(empty, on_sqlite, tmp_path):
    """On PostgreSQL: from it to SQLite and back; on SQLite from one to another."""
    first, last = empty(), empty()
    first.json("demo")
    [out] = first.json("export", "linden", "-o", tmp_path / "x.zip")
    [into] = on_sqlite.json("load", tmp_path / "x.zip")
    told = proven(first)
    assert set(told) == {"organisation", "events", "epoch", "head", "state_digest"}
    assert len(bytes.fromhex(told["head"])) == len(bytes.fromhex(told["state_digest"])) == 32
    assert proven(on_sqlite, "--derived") == told
    assert {name: out[name] for name in told} == {name: into[name] for name in told} == told
    assert out["files"] == into["files"] == sum(path.is_file() for path in (on_sqlite.data / "files").rglob("*"))
    [back] = on_sqlite.json("export", "linden", "-o", tmp_path / "y.zip")
    assert back["events"] == told["events"] + 1, "that it went out again is in its history"
    last.json("load", tmp_path / "y.zip")
    assert proven(last, "--derived") == proven(on_sqlite)
    assert proven(last)["state_digest"] == told["state_digest"]
    done = subprocess.run(
        [str(PLUMB), "shell", "-c", WALK],
        env=last.environment | {"PLUMBLINE_LOOPBACK": "1", "PLUMBLINE_HOSTS": "testserver"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout.split()[-1]) > 80


def test_words_and_refusals(acme, empty, tmp_path):
    zipped, other = tmp_path / "acme.zip", empty()
    done = acme.plumb("export", "acme", "-o", zipped)
    assert (done.returncode, done.stdout) == (0, "")
    assert "Acme, 8 events" in done.stderr
    done = acme.plumb("export", "acme", "-o", zipped, "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "replaces nothing" in done.stderr
    assert acme.plumb("export", "nobody", "-o", tmp_path / "n.zip").returncode == 1
    done = acme.plumb("load", zipped)
    assert (done.returncode, "is here already" in done.stderr) == (1, True)
    with alone("load", moving_in.KEY):
        done = acme.plumb("load", zipped)
    assert (done.returncode, "is under way" in done.stderr) == (1, True)
    done = other.plumb("load", zipped)
    assert (done.returncode, done.stdout) == (0, "")
    assert "acme is loaded and proven: 8 events" in done.stderr
    assert "1 accounts were made, without a password" in done.stderr
    assert "It is quiet" in done.stderr
    assert [other.json("sending", "acme", *said)[0]["sends"] for said in ([], ["--on"], ["--off"])] == [
        False,
        True,
        False,
    ]
    broken = tmp_path / "broken.zip"
    broken.write_bytes(zipped.read_bytes()[:-3000])
    done = empty().plumb("load", broken)
    assert done.returncode == 1
    assert "cut short or damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_large_company_goes_through_little_memory(acme, on_sqlite, tmp_path):
    """200 MB in one file: neither command may ever hold it."""
    from plumbline.kernel import actions, files
    from plumbline.kernel.models import Record
    from plumbline.organisation.actor import Actor
    from plumbline.organisation.models import Person

    ann = Person.objects.get()
    kept = files.keep(ann.organisation_id, (os.urandom(1 << 20) for _ in range(200)), "film.bin")
    actions.attach(Record.objects.first(), kept, "film.bin", by=Actor.of(ann))
    used = [_memory(acme, "export", "acme", "-o", tmp_path / "x.zip"), _memory(on_sqlite, "load", tmp_path / "x.zip")]
    assert (tmp_path / "x.zip").stat().st_size > 200 << 20
    small = _memory(acme, "verify")
    assert max(used) < small + (60 << 10), (small, used)


def _memory(installation: Installation, *arguments: object) -> int:
    """The most memory the command had, in KB."""
    code = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
    code += " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    command = ["python3", "-c", code, str(PLUMB), *map(str, arguments)]
    done = subprocess.run(command, env=installation.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def _killed(installation: Installation, *arguments: object, after: float) -> None:
    """Start the command, and end it without a word of warning so many seconds later."""
    command = [str(PLUMB), *map(str, arguments)]
    process = subprocess.Popen(
        command, env=installation.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def test_a_kill_leaves_nothing_half_done(acme, installation_beside, tmp_path):
    """kill -9 at points spread over both commands: there is all of it or nothing, and the next try works."""
    zipped, half = tmp_path / "acme.zip", tmp_path / "acme.zip.part"
    begun = time.monotonic()
    acme.json("export", "acme", "-o", tmp_path / "whole.zip")
    took, tries = time.monotonic() - begun, int(os.environ.get("PLUMBLINE_KILLS", "3"))
    for step in range(1, tries + 1):
        _killed(acme, "export", "acme", "-o", zipped, after=took * (0.4 + 0.6 * step / tries))
        if zipped.exists():
            with ZipFile(zipped) as archive:
                assert archive.testzip() is None
            zipped.unlink()
        assert {path.name for path in tmp_path.iterdir()} <= {"whole.zip", half.name}
    [facts] = acme.json("export", "acme", "-o", zipped)
    loaded, there = False, installation_beside
    for step in range(1, tries + 1):
        _killed(there, "load", zipped, after=took * (0.4 + 0.9 * step / tries))
        found = {one["organisation"]: one for one in there.json("verify", "--deep")}
        assert set(found) <= {"(installation)", "acme"}
        loaded = "acme" in found
        if loaded:
            break
        assert [path for path in (there.data / "files").glob("[!.]*") if path.is_file()] == []
    if not loaded:
        there.json("load", zipped)
    found = {one["organisation"]: one for one in there.json("verify", "--deep", "--derived")}
    assert found["acme"]["state_digest"] == facts["state_digest"]
    assert list((there.data / "files").glob(".loading-*")) == []


def test_loaded_twice_at_the_same_moment_it_is_here_once(acme, installation_beside, tmp_path):
    """The other one says what is under way, or that it is here already; neither takes the other's files."""
    from plumbline.kernel import actions, files
    from plumbline.kernel.models import Record
    from plumbline.organisation.actor import Actor
    from plumbline.organisation.models import Person

    ann, there = Person.objects.get(), installation_beside
    for number in range(20):
        kept = files.keep(ann.organisation_id, [os.urandom(1 << 16)], f"{number}.bin")
        actions.attach(Record.objects.first(), kept, f"{number}.bin", by=Actor.of(ann))
    [facts] = acme.json("export", "acme", "-o", tmp_path / "acme.zip")
    command, piped = [str(PLUMB), "load", str(tmp_path / "acme.zip")], subprocess.PIPE
    both = [subprocess.Popen(command, env=there.environment, stderr=piped, text=True) for _each in range(2)]
    said = [process.communicate(timeout=600)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 1], said
    assert "Traceback" not in str(said)
    assert any("under way" in words or "is here already" in words for words in said), said
    found = {one["organisation"]: one for one in there.json("verify", "--deep")}
    assert found["acme"]["state_digest"] == facts["state_digest"]
