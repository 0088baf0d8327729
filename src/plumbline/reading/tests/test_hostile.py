# ruff: noqa: E501 - files written out as XML stay in one piece
"""Every harmful or broken file is refused with its reason, or read in part with a remark: soon, and in little memory."""

import contextlib
import io
import os
import resource
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from plumbline.reading import REASONS, Reading, Refused, limits, read, walk
from plumbline.reading.tests import hostile
from plumbline.reading.tests.hostile import archive, paragraph, pdf, png, word, workbook

LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {x} "{("&" + y + ";") * 10}">' for x, y in zip("bcdefghi", "abcdefgh", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
MACROS = "vnd.ms-word.document.macroEnabled.main+xml"

REFUSED = {
    "empty": ("a.docx", lambda: b"", "empty_file"),
    "only blanks": ("a.txt", lambda: b"  \n\n ", "empty_file"),
    "word bomb": ("a.docx", hostile.word_bomb, "bomb"),
    "overlapping entries": ("a.docx", hostile.overlapping, "bomb"),
    "too many parts": ("a.docx", lambda: hostile.many_entries(limits.ARCHIVE_ENTRIES + 1), "too_many_entries"),
    "entity expansion": ("a.docx", lambda: word(paragraph("&i;"), before=LAUGHS), "entities"),
    "external entity": ("a.docx", lambda: word(paragraph("&x;"), before=OUTSIDE), "entities"),
    "entity after a long comment": ("a.docx", lambda: word("&x;", before=f"<!--{'-x' * 99_999}-->{OUTSIDE}"), "entities"),
    "entity in utf-16": ("a.docx", lambda: archive({"[Content_Types].xml": "<T/>", "word/document.xml": f'<?xml version="1.0" encoding="utf-16"?>{OUTSIDE}<d>&x;</d>'.encode("utf-16")}), "entities"),
    "entity in the styles of an odt": ("a.odt", lambda: archive({"mimetype": "application/vnd.oasis.opendocument.text", "styles.xml": f"{OUTSIDE}<d>&x;</d>", "content.xml": "<d/>"}), "entities"),
    "macros by type": ("a.docx", lambda: word(paragraph("x"), kind=MACROS), "macros"),
    "macros by part": ("a.docx", lambda: word(paragraph("x"), **{"word__vbaProject.bin": b"\0"}), "macros"),
    "macros in an odt": ("a.odt", lambda: archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<d/>", "Basic/Standard/Module1.xml": "<m/>"}), "macros"),
    "cut short": ("a.docx", lambda: word(paragraph("x" * 3000))[:-300], "damaged"),
    "broken xml": ("a.docx", lambda: archive({"[Content_Types].xml": "<T/>", "word/document.xml": "<d><p>"}), "damaged"),
    "deep xml": ("a.docx", lambda: word("<w:p>" * 5000 + "</w:p>" * 5000), "too_complex"),
    "too many elements": ("a.docx", lambda: word("<w:r/>" * (limits.ELEMENTS + 10)), "bomb too_complex too_slow"),
    "locked office file": ("a.docx", lambda: hostile.compound("EncryptedPackage"), "encrypted"),
    "old office file": ("a.doc", lambda: hostile.compound("WordDocument"), "old_office"),
    "locked odt": ("a.odt", lambda: archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "", "META-INF/manifest.xml": "<m><encryption-data/></m>"}), "encrypted"),
    "locked pdf": ("a.pdf", lambda: pdf(encrypt=True), "encrypted"),
    "cut pdf": ("a.pdf", lambda: pdf()[:90], "damaged"),
    "pdf in name only": ("a.pdf", lambda: b"%PDF-1.7\n" + os.urandom(4000), "damaged"),
    "too many pages": ("a.pdf", lambda: pdf(60_000, shared=True), "too_many_pages damaged"),
    "program": ("a.docx", lambda: b"MZ\x90\0" + bytes(2000), "unknown_kind"),
    "unknown archive": ("a.docx", lambda: archive({"x.txt": "x"}), "unknown_kind"),
    "word in name only": ("a.docx", lambda: b"no document at all\n", "not_as_named"),
    "program of its own name": ("a.exe", lambda: b"\x7fELF\x02\x01\x01" + bytes(2000), "unknown_kind"),
    "rich text": ("a.txt", lambda: b"{\\rtf1 x}", "unknown_kind"),
    "script": ("a.txt", lambda: b"#!/bin/sh\nrm -rf /\n", "unknown_kind"),
    "vector image with entities": ("a.svg", lambda: b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "unknown_kind"),
    "half a vector image": ("a.svg", lambda: b"<svg><text>12</svg>", "damaged"),
    "drawing of another program": ("a.dwg", lambda: b"AC1032\0\0\0\1\2\3", "dwg"),
    "binary text": ("a.txt", lambda: bytes(range(256)) * 20, "unknown_kind"),
    "pixel bomb": ("a.png", lambda: png(60_000, 60_000), "too_many_pixels"),
    "cut image": ("a.jpg", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(50), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name, make, codes", REFUSED.values(), ids=REFUSED.keys())
def test_a_harmful_file_is_refused_with_its_reason(name, make, codes):
    content = make()
    began = time.process_time()
    with pytest.raises(Refused) as refusal:
        read(name, content)
    assert refusal.value.code in codes.split()
    assert refusal.value.code in REASONS
    assert refusal.value.text.endswith(".")
    assert time.process_time() - began < 5


def deep_html() -> bytes:
    return b"<html><body>" + b"<div><b>" * 200_000 + b"calibration"


READ_IN_PART = {
    "a lying size": ("a.docx", hostile.lying_word_bomb, None),
    "deep html": ("a.html", deep_html, None),
    "unclosed brackets": ("a.md", lambda: b"[" * 200_000 + b"text", None),
    "nested quotes": ("a.md", lambda: b"> " * 100_000 + b"text", None),
    "emphasis": ("a.md", lambda: b"*a_ " * 100_000, None),
    "backticks": ("a.md", lambda: b"".join(b"`" * (n % 40) + b"x" for n in range(20_000)), None),
    "a million columns": ("a.csv", lambda: b"a;" * 1_000_000 + b"\nb;c\n", "cut_table"),
    "nuls": ("a.txt", lambda: b"calibration of gauges\0 every year", "odd_characters"),
    "bad utf-8": ("a.txt", lambda: "Prüfmittel".encode("cp1252"), None),
    "many pages": ("a.pdf", lambda: pdf(2000, shared=True), "cut_pages"),
    "endless rows": ("a.xlsx", lambda: workbook("".join(f"<row><c><v>{n * 7919}</v></c></row>" for n in range(60_000))), "cut_table"),
}  # fmt: skip


@pytest.mark.parametrize("name, make, remark", READ_IN_PART.values(), ids=READ_IN_PART.keys())
def test_an_excessive_file_is_read_in_part_or_refused(name, make, remark):
    content = make()
    began = time.process_time()
    try:
        reading = read(name, content)
    except Refused:
        if remark is not None:
            raise
    else:
        assert isinstance(reading, Reading)
        assert remark is None or remark in [note.code for note in reading.notes]
        assert len(reading.text) <= limits.CHARACTERS + 100
    assert time.process_time() - began < 5


@pytest.mark.slow  # writes and reads the largest files that are let in, in a program of their own
def test_the_worst_files_stay_in_512_megabytes(tmp_path):
    for name, make in {
        "bomb.docx": hostile.lying_word_bomb,
        "deep.html": deep_html,
        "wide.csv": lambda: b"," * 60_000_000,
    }.items():
        (tmp_path / name).write_bytes(make())
    program = (
        "import re, sys\nfrom plumbline.reading import read, Refused\n"
        "for path in sys.argv[1:]:\n    try: read(path, path)\n    except Refused: pass\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"  # its own, not who started it
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 512 * 1024


def test_the_pdf_program_keeps_to_its_memory():
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    assert soft == resource.RLIM_INFINITY or soft > limits.CHILD_BYTES
    content = pdf().replace(b"/MediaBox [0 0 612 792]", b"/MediaBox [0 0 9e9 9e9]")
    assert "Hello" in read("a.pdf", content).text


@pytest.mark.slow  # lets the separate program run into its limit of processor time
def test_a_pdf_whose_page_unpacks_to_240_megabytes_ends_soon():
    stream = zlib.compress(b"0 0 m " * 40_000_000, 9)
    plain = pdf().replace(b"/Length 40", b"/Filter /FlateDecode /Length %d" % len(stream))
    start = plain.index(b"stream\n") + 7
    content = plain[:start] + stream + plain[plain.index(b"\nendstream") :]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with contextlib.suppress(Refused):
        read("a.pdf", content)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 10  # 4 are allowed, 20 by the clock


def test_a_file_over_the_limit_is_refused_while_it_comes(monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES", 1000)
    with pytest.raises(Refused, match="larger than"):
        read("a.txt", io.BytesIO(b"x" * 2_000_000))


def test_links_and_scripts_are_named_and_never_followed():
    relations = '<Relationships xmlns="x"><Relationship Type="y/attachedTemplate" TargetMode="External" Target="http://192.0.2.1/t.dotm"/></Relationships>'
    reading = read("a.docx", word(paragraph("Calibration"), **{"word___rels__settings.xml.rels": relations}))
    assert [note.code for note in reading.notes] == ["external_links"]
    page = read("a.html", b"<html><script>alert('calibration')</script><p>Text</p><img src=http://192.0.2.1/x></html>")
    assert page.text == "Text"
    assert [note.code for note in page.notes] == ["script"]


class TestArchives:
    def names(self, path: Path) -> dict[str, str]:
        return {found.name: found.refused.code if found.refused else "" for found in walk(path)}

    def test_entries_that_would_leave_the_archive_are_refused_and_the_others_go_on(self, tmp_path):
        path = tmp_path / "in.zip"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("../../etc/evil.txt", "x")
            file.writestr("/etc/evil.txt", "x")
            file.writestr("C:\\evil.txt", "x")
            file.writestr("inner.zip", archive({"a.txt": "a"}))
            link = zipfile.ZipInfo("link.txt")
            link.external_attr = 0o120777 << 16
            file.writestr(link, "/etc/hostname")
            file.writestr("__MACOSX/._good.txt", "x")
            file.writestr("folder/good.txt", "Good")
        found = self.names(path)
        assert found == {
            "../../etc/evil.txt": "outside_path",
            "/etc/evil.txt": "outside_path",
            "C:/evil.txt": "outside_path",
            "inner.zip": "nested_archive",
            "link.txt": "symbolic_link",
            "folder/good.txt": "",
        }
        listed = [one for one in walk(path) if not one.refused]
        assert [read(one.name, one.open()).text for one in listed] == ["Good"]

    def test_a_bomb_inside_an_archive_gets_its_own_line(self, tmp_path):
        path = tmp_path / "in.zip"
        path.write_bytes(archive({"bomb.txt": b"0" * 30_000_000, "good.txt": b"Good"}))
        assert self.names(path) == {"bomb.txt": "bomb", "good.txt": ""}

    def test_an_archive_of_shared_bytes_or_too_many_entries_is_refused_whole(self, tmp_path):
        (tmp_path / "a.zip").write_bytes(hostile.overlapping())
        (tmp_path / "b.zip").write_bytes(hostile.many_entries(limits.ARCHIVE_ENTRIES + 1))
        (tmp_path / "c.zip").write_bytes(b"PK\x03\x04 not an archive")
        (tmp_path / "d.txt").write_text("Good")
        assert self.names(tmp_path) == {"a.zip": "bomb", "b.zip": "too_many_entries", "c.zip": "damaged", "d.txt": ""}

    def test_a_damaged_entry_is_refused_when_it_is_read(self, tmp_path):
        path = tmp_path / "in.zip"
        content = bytearray(archive({"a.txt": os.urandom(5000)}))
        content[200] ^= 255
        path.write_bytes(content)
        (one,) = list(walk(path))
        with pytest.raises(Refused, match="damaged"):
            read(one.name, one.open())

    def test_names_in_utf8_without_the_flag_are_read_as_meant(self, tmp_path):
        path = tmp_path / "in.zip"
        content = archive({"Prüfung.txt": b"x"})
        flagged = (0x800).to_bytes(2, "little")
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = content.index(mark) + at
            assert content[start : start + 2] == flagged
            content = content[:start] + b"\0\0" + content[start + 2 :]
        path.write_bytes(content)
        assert list(self.names(path)) == ["Prüfung.txt"]


def test_a_folder_is_walked_in_order_without_hidden_linked_or_special_files(tmp_path):
    for name in ("b.txt", "A.txt", "~$b.docx", ".hidden", "Thumbs.db", "sub/c.txt", ".git/x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    (tmp_path / "up").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe.txt")
    found = {one.name: one.refused.code if one.refused else "" for one in walk(tmp_path)}
    assert found == {
        "up": "symbolic_link",
        "A.txt": "",
        "b.txt": "",
        "link.txt": "symbolic_link",
        "pipe.txt": "not_a_file",
        "sub/c.txt": "",
    }
    assert list(found)[1:] == ["A.txt", "b.txt", "link.txt", "pipe.txt", "sub/c.txt"]
    with pytest.raises(FileNotFoundError):
        list(walk(tmp_path / "missing"))
