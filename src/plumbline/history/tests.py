"""The history against the standards it follows and against programs we did not write."""

import os
import shutil
import stat
import subprocess
import threading
from base64 import b64decode, b64encode
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from plumbline.history import notes
from plumbline.history.canonical import Unencodable, canonical, fixed, plain
from plumbline.history.merkle import (
    EMPTY,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from plumbline.history.uids import uuid7

GO_SOURCES = Path("/usr/share/gocode")


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"event %d" % number) for number in range(count)]


def test_uids_are_version_7_and_grow():
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}
    assert abs((made[0].int >> 80) / 1000 - datetime.now(UTC).timestamp()) < 60


def test_uids_of_many_threads_do_not_collide():
    made: list[UUID] = []
    threads = [threading.Thread(target=lambda: made.extend([uuid7() for _ in range(2_000)])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 16_000


def test_each_kind_of_value_has_one_spelling():
    berlin = timezone(timedelta(hours=2))
    assert plain(
        {
            "scale": Decimal("1.50"),
            "minus nothing": Decimal("-0.00"),
            "large": Decimal("1E+3"),
            "at": datetime(2026, 5, 1, 2, 0, tzinfo=berlin),
            "on": date(2026, 5, 1),
            "who": UUID(int=1),
            "bytes": b"\x00\xff",
            "letters": "e\u0301",
            "list": (1, None, True),
        }
    ) == {
        "scale": "1.50",
        "minus nothing": "0.00",
        "large": "1000",
        "at": "2026-05-01T00:00:00.000000Z",
        "on": "2026-05-01",
        "who": "00000000-0000-0000-0000-000000000001",
        "bytes": "00ff",
        "letters": "\u00e9",
        "list": [1, None, True],
    }


@pytest.mark.parametrize(
    "value", [1.5, "a\0b", "\ud800", datetime(2026, 5, 1), {1: "one"}, {1}, object(), Decimal("NaN"), 2**60, [[0.1]]]
)
def test_what_has_no_single_spelling_is_refused(value):
    with pytest.raises(Unencodable):
        canonical({"value": value})


def test_a_decimal_is_never_rounded_silently():
    assert fixed(Decimal("2.5"), 2) == "2.50"
    with pytest.raises(Unencodable):
        fixed(Decimal("2.505"), 2)


def test_canonical_is_rfc_8785():
    # From RFC 8785, 3.2.3: names sorted by UTF-16 code units, short escapes.
    assert canonical({"\u20ac": "Euro", "\r": "CR", "\U0001f600": "Smiley", "1": '\n"\\\u000f'}) == (
        '{"\\r":"CR","1":"\\n\\"\\\\\\u000f","\u20ac":"Euro","\U0001f600":"Smiley"}'.encode()
    )


@given(st.integers(0, 200))
def test_roots_are_those_of_pymerkle(size):
    tree, frontier = InmemoryTree(algorithm="sha256"), Frontier()
    for number in range(size):
        tree.append_entry(b"event %d" % number)
        frontier.append(leaf_hash(b"event %d" % number))
    expected = tree.get_root() if size else EMPTY
    assert frontier.root() == root_of(leaves(size)) == expected
    assert Frontier.from_bytes(frontier.to_bytes()).root() == expected


def test_an_empty_frontier_and_a_damaged_one():
    assert Frontier.from_bytes(b"").size == 0
    for damaged in (b"x", b"\0" * 7 + b"\3" + b"x" * 32, b"\0" * 8 + b"x" * 32):
        with pytest.raises(ValueError):
            Frontier.from_bytes(damaged)


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_inclusion_is_proven_and_only_where_it_is_true(case):
    size, index = case
    tree = leaves(size)
    proof, root = inclusion_proof(index, tree), root_of(tree)
    assert verify_inclusion(tree[index], index, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"forged"), index, size, proof, root)
    assert not verify_inclusion(tree[index], index, size, [*proof, root], root)
    assert not verify_inclusion(tree[index], size, size, proof, root)
    if proof:
        assert not verify_inclusion(tree[index], index, size, proof[:-1], root)


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(1, size))))
def test_consistency_is_proven_and_a_fork_is_not(case):
    size, first = case
    tree = leaves(size)
    proof, old, new = consistency_proof(first, tree), root_of(tree[:first]), root_of(tree)
    assert verify_consistency(first, size, proof, old, new)
    fork = root_of([leaf_hash(b"forged"), *tree[1:first]])
    assert not verify_consistency(first, size, proof, fork, new)
    if proof:
        assert not verify_consistency(first, size, proof[:-1], old, new)
        assert not verify_consistency(first, size, [*proof[:-1], EMPTY], old, new)


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "keys" / "log.ed25519"
    key = notes.SigningKey.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert notes.SigningKey.load(path).verifier("a") == key.verifier("a")
    with pytest.raises(FileExistsError):
        notes.SigningKey.create(path)
    path.write_text("nonsense")
    with pytest.raises(notes.BadNote):
        notes.SigningKey.load(path)


def test_a_note_opens_with_its_key_and_no_other(tmp_path):
    key, other = (notes.SigningKey.create(tmp_path / name) for name in ("one", "other"))
    head = notes.Checkpoint("plumb.example/log/7", 5, root_of(leaves(5)))
    note = key.sign(head.text, head.origin)
    verifier = notes.Verifier.from_text(key.verifier(head.origin).text)
    assert notes.Checkpoint.from_text(notes.open_note(note, [verifier])) == head
    for forged in (note.replace("\n5\n", "\n6\n"), note[:-1], note + "x", "", "\n\n", note.replace("\u2014", "-")):
        with pytest.raises(notes.BadNote):
            notes.open_note(forged, [verifier])
    with pytest.raises(notes.BadNote):
        notes.open_note(note, [other.verifier(head.origin)])
    with pytest.raises(notes.BadNote):
        notes.open_note(note, [key.verifier("plumb.example/log/8")])


@pytest.mark.parametrize("text", ["", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", "a\n1\n!\n"])
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(notes.BadNote):
        notes.Checkpoint.from_text(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_a_key_has_a_name_a_signature_line_can_carry(name):
    with pytest.raises(notes.BadNote):
        notes.Verifier(name, b"x" * 32)


def test_a_proof_survives_being_written_and_read():
    written = notes.tlog_proof(3, leaves(2), "origin\n1\nroot\n\n\u2014 sig\n")
    assert notes.read_proof(written) == (3, leaves(2), "origin\n1\nroot\n\n\u2014 sig\n")
    assert notes.read_proof(notes.tlog_proof(0, [], "checkpoint"))[1] == []
    for damaged in ("", written.replace("index 3", "index x"), written.replace("c2sp", "c3sp")):
        with pytest.raises(notes.BadNote):
            notes.read_proof(damaged)


GO_PROGRAM = """package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func hashOf(text string) tlog.Hash {
	content, err := base64.StdEncoding.DecodeString(text)
	must(err)
	var hash tlog.Hash
	copy(hash[:], content)
	return hash
}

func main() {
	verifierText, _ := os.ReadFile("verifier")
	signed, _ := os.ReadFile("checkpoint")
	verifier, err := note.NewVerifier(strings.TrimSpace(string(verifierText)))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root := hashOf(lines[2])
	proofs, _ := os.Open("proofs")
	scanner := bufio.NewScanner(proofs)
	checked := 0
	for scanner.Scan() {
		words := strings.Fields(scanner.Text())
		at, err := strconv.ParseInt(words[1], 10, 64)
		must(err)
		var path []tlog.Hash
		for _, step := range words[3:] {
			path = append(path, hashOf(step))
		}
		if words[0] == "leaf" {
			must(tlog.CheckRecord(path, size, root, at, hashOf(words[2])))
		} else {
			must(tlog.CheckTree(path, size, root, at, hashOf(words[2])))
		}
		checked++
	}
	fmt.Println("checked", checked)
}
"""


def test_go_opens_our_notes_and_checks_our_proofs(tmp_path):
    if not shutil.which("go"):
        pytest.skip("the program `go` is not installed (Debian: golang-go)")
    if not (GO_SOURCES / "src/golang.org/x/mod/sumdb/note").exists():
        pytest.skip("Go's x/mod is not installed (Debian: golang-golang-x-mod-dev)")
    tree = leaves(11)
    key, head = notes.SigningKey.create(tmp_path / "key"), notes.Checkpoint("plumb.example/log", 11, root_of(tree))
    (tmp_path / "verifier").write_text(key.verifier(head.origin).text)
    (tmp_path / "checkpoint").write_text(key.sign(head.text, head.origin))
    (tmp_path / "main.go").write_text(GO_PROGRAM)
    told = [("leaf", at, tree[at], inclusion_proof(at, tree)) for at in range(11)]
    told += [("tree", size, root_of(tree[:size]), consistency_proof(size, tree)) for size in range(1, 12)]
    lines = [f"{what} {at} " + " ".join(b64encode(one).decode() for one in (it, *path)) for what, at, it, path in told]

    def check(written: list[str]) -> subprocess.CompletedProcess:
        (tmp_path / "proofs").write_text("\n".join(written) + "\n")
        return subprocess.run([tmp_path / "check"], cwd=tmp_path, capture_output=True, text=True)

    environment = os.environ | {"GO111MODULE": "off", "GOPATH": str(GO_SOURCES), "GOCACHE": str(tmp_path / "cache")}
    built = subprocess.run(
        ["go", "build", "-o", "check", "main.go"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    assert check(lines).stdout == "checked 22\n"
    words = lines[4].split()
    words[2] = b64encode(b64decode(words[2])[::-1]).decode()
    assert "refused" in check([*lines, " ".join(words)]).stdout
