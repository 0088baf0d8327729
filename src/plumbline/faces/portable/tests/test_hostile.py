"""What is broken or forged is refused in plain words that name it, and nothing of it is left behind."""

import io
import json
import shutil
import uuid
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.conf import settings

from plumbline.faces.portable import form, loading
from plumbline.faces.portable.form import Unfit
from plumbline.faces.portable.loading import Wishes, load
from plumbline.ledger.models import Checkpoint, Entry, Event, Log, Opening
from plumbline.ledger.verify import verify_deep
from plumbline.organisation.models import Account, Organisation, Person

from .forging import lines, resigned, rewritten

pytestmark = pytest.mark.slow  # one private installation, then some thirty ZIPs against it


def refused(path: Path, words: str) -> None:
    """The ZIP is refused with these words, and the installation is as empty as before."""
    with pytest.raises(Unfit) as error:
        load(path, Wishes(), lambda home: None)
    assert words in str(error.value)
    for model in (Organisation, Person, Account, Event, Opening, Entry, Log, Checkpoint):
        assert not model._base_manager.exists(), (words, model)
    files = Path(settings.PLUMBLINE_FILES)
    assert list(files.rglob("*")) == [], "no file is left"


def raw(path: Path, change) -> Path:
    broken = path.with_name("broken.zip")
    broken.write_bytes(change(path.read_bytes()))
    return broken


def flipped(path: Path, name: str) -> Path:
    """One bit of a part's packed bytes turned over, as a bad disk does."""
    with ZipFile(path) as archive:
        entry = archive.getinfo(name)
    content = bytearray(path.read_bytes())
    extra = int.from_bytes(content[entry.header_offset + 28 : entry.header_offset + 30], "little")
    content[entry.header_offset + 30 + len(name) + extra + entry.compress_size // 2] ^= 1
    broken = path.with_name("broken.zip")
    broken.write_bytes(content)
    return broken


@pytest.fixture
def there(zipped, elsewhere) -> Path:
    """The ZIP, and an empty installation to load it into."""
    elsewhere()
    return zipped


def test_what_is_broken_is_named(there):
    with ZipFile(there) as archive:
        names = archive.namelist()
        parts = json.loads(archive.read(form.MANIFEST))["members"]
        file = next(name for name in names if name.startswith("files/"))
    assert set(names) == {*parts, form.MANIFEST, form.SEAL}
    for name in (
        file,
        "log/events.jsonl",
        "log/openings.jsonl",
        "evidence/person.jsonl",
        "README.txt",
        "accounts.jsonl",
    ):
        refused(flipped(there, name), f"{name} is damaged")
    for name in (file, "log/heads.jsonl", "evidence/nonconformity.jsonl"):
        refused(rewritten(there, **{name: lambda content: None}), f"{name} is missing")
    refused(rewritten(there, **{file: lambda content: content[:-1]}), f"{file} is damaged")
    with ZipFile(shutil.copy(there, there.with_name("more.zip")), "a") as archive:
        archive.writestr("registers/more.csv", b"x")
    refused(there.with_name("more.zip"), "registers/more.csv is in no manifest")
    both = rewritten(there, **{"README.txt": lambda content: None, "accounts.jsonl": lambda content: content + b"{}"})
    refused(both, "README.txt is missing; accounts.jsonl is damaged")


def test_what_is_no_zip_or_cut_short(there):
    refused(raw(there, lambda content: content[: len(content) // 2]), "cut short or damaged")
    refused(raw(there, lambda content: b"PK\x03\x04 hello"), "cut short or damaged")
    refused(raw(there, lambda content: b""), "cut short or damaged")
    empty = there.with_name("empty.zip")
    with ZipFile(empty, "w") as archive:
        archive.writestr("README.txt", b"hello")
    refused(empty, "it has no manifest.json")
    for content in (b"", b"[]", b"{", b'{"form": 1}', b"[" * 100_000, b'{"form": "plumbline-company", "number": "1"}'):
        refused(rewritten(there, manifest_dot_json=lambda _, content=content: content), "no company exported")


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "files/../../evil", "files\\evil", "evidence/x", "a\0b"])
def test_a_name_that_leads_elsewhere(there, name):
    with ZipFile(shutil.copy(there, there.with_name("evil.zip")), "a") as archive:
        archive.writestr(name, b"x")
    refused(there.with_name("evil.zip"), "that no export of Plumbline has")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_and_a_bomb(there):
    with ZipFile(shutil.copy(there, there.with_name("twice.zip")), "a") as archive:
        archive.writestr("README.txt", b"x")
    refused(there.with_name("twice.zip"), "README.txt twice")
    bomb = there.with_name("bomb.zip")
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive, archive.open("log/events.jsonl", "w") as stream:
        for _ in range(140):
            stream.write(bytes(1 << 20))
    refused(bomb, "times its size")
    long = resigned(there, {"evidence/site.jsonl": lambda content: b'{"row": "' + bytes(65 << 20)})
    refused(long, "a line of more than 64 MB")


def test_a_newer_version_says_so(there):
    newer = resigned(there, {}, lambda told: told.update(number=2, program="9.0"))
    refused(newer, "made by a newer Plumbline (9.0)")
    newer = resigned(there, {"README.txt": bytes.upper}, lambda told: told["schemas"].update(person=7))
    refused(newer, "person@7")
    newer = resigned(there, {"evidence/gauge.jsonl": lambda _: b"{}", "schemas/gauge@1.json": lambda _: b"[]"},
                     lambda told: told["schemas"].update(gauge=1))  # fmt: skip
    refused(newer, "does not know gauge@1")


def test_a_manifest_that_nobody_signed(there):
    def other(content: bytes) -> bytes:
        return json.dumps(json.loads(content) | {"state_digest": "0" * 64}).encode()

    refused(rewritten(there, manifest_dot_json=other), "is for another manifest")
    refused(rewritten(there, **{form.SEAL: lambda content: None}), form.SEAL)
    refused(rewritten(there, **{form.SEAL: lambda content: b"\xff"}), "does not hold")
    refused(
        rewritten(there, **{form.SEAL: lambda content: content.replace("— ".encode(), "— x".encode())}), "does not hold"
    )


def row(name: str, **values):
    return {f"evidence/{name}.jsonl": lines(lambda one: one | {"row": one["row"] | values})}


def test_a_forger_with_a_key_of_his_own_gets_no_history_past(there):
    """Sizes, digests and signature fit; what he cannot do is make the heads fit that the former installation signed."""
    refused(resigned(there, row("nonconformity", title="Nothing happened")), "it was altered outside the door: title")
    refused(resigned(there, row("roleholding", role="quality")), "it was altered outside the door: role")
    refused(resigned(there, {"evidence/comment.jsonl": lambda _: b"{}\n"}), "no export of Plumbline has")
    refused(resigned(there, {"evidence/nonconformity.jsonl": lambda _: b""}), "not in the ZIP")
    refused(resigned(there, {"evidence/roleholding.jsonl": lambda _: b""}), "the row vanished")
    refused(resigned(there, {"log/events.jsonl": lines(lambda one: one | {"verb": "x"})}), "the event was altered")
    refused(
        resigned(there, {"log/openings.jsonl": lines(lambda one: one | {"text": one["text"] + " "})}), "was altered"
    )
    refused(resigned(there, {"log/openings.jsonl": lambda content: content.partition(b"\n")[2]}), "was deleted")
    refused(
        resigned(there, {"log/events.jsonl": lambda content: content[: content[:-1].rindex(b"\n") + 1]}),
        "whose head its manifest names",
    )
    refused(resigned(there, {"log/heads.jsonl": lambda _: b""}), "newest head in the ZIP is not signed")
    refused(resigned(there, {}, lambda told: told["log"].update(root="0" * 64)), "whose head its manifest names")
    refused(
        resigned(there, {"README.txt": bytes.upper}, lambda told: told.update(state_digest="0" * 64)), "state digest"
    )


def test_rows_that_would_lead_out_of_the_company(there):
    other = str(uuid.uuid4())
    refused(resigned(there, row("nonconformity", organisation=other)), "belongs to another organisation")
    refused(resigned(there, row("nonconformity", owner=other)), "point to rows that are not in the ZIP")
    refused(resigned(there, row("file", sha256="../../../../etc/passwd" + "0" * 42)), "a digest that is none")
    refused(resigned(there, row("file", sha256=sha256(b"").hexdigest())), "is missing in the ZIP")
    refused(resigned(there, row("organisation", slug="api")), "reserved")
    refused(resigned(there, row("organisation", zone="Mars/Base")), "is not a time zone")
    refused(resigned(there, row("person", account=other)), "lacks the account")
    refused(resigned(there, {"accounts.jsonl": lines(lambda one: one | {"email": "no address"})}), "is no account")
    refused(resigned(there, {"kept/kernel.counter.jsonl": lines(lambda one: one | {"organisation": other})}), "kept/")


def test_a_file_that_is_another_one_than_was_looked_at(there, monkeypatch):
    """Somebody changes the ZIP between the look at it and the copying: what is written is digested once more."""

    def swapped(zipped, _wishes) -> None:
        honest = zipped.archive.open
        zipped.archive.open = lambda name: io.BytesIO(b"other") if name.startswith("files/") else honest(name)

    monkeypatch.setattr(loading, "_free", swapped)
    refused(there, "changed while it was read")


def test_what_goes_wrong_at_the_last_step_leaves_nothing(there, monkeypatch):
    def broken(home) -> None:
        raise Unfit("the power went")

    with pytest.raises(Unfit, match="the power went"):
        load(there, Wishes(), broken)
    monkeypatch.setattr(loading, "state_digest", lambda home: "0" * 64)
    refused(there, "state digest")
    monkeypatch.undo()
    load(there, Wishes(), lambda home: None)
    assert list(verify_deep(Organisation.objects.get().pk)) == []
