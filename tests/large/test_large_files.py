"""What a file of 200 MB and a Word file of 300 pages add to the memory of a real server."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plumbline.composition import to_word
from plumbline.composition.tests.contents import manual

from .visiting import PIECE, Visitor

pytestmark = pytest.mark.slow  # a server of its own, files of 200 MB and 300 pages
DOCUMENTS = "/linden/documents/"
MOST = 100  # MB


def processes(first: int) -> Iterator[int]:
    """The server and the process that answers for it, without what they start for a while."""
    for entry in Path("/proc").iterdir():
        try:
            stat = (entry / "stat").read_text() if entry.name.isdecimal() else ""
            told = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        parent = int(stat.rsplit(")", 1)[1].split()[1]) if stat else 0
        if int(entry.name if stat else 0) == first or (parent == first and b"plumb" in told and b"serve" in told):
            yield int(entry.name)


def held(process: int, what: str) -> float:
    found = re.search(rf"{what}:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


class Watch:
    """The memory of the server's own processes: what it grows by while something is done."""

    def __init__(self, first: int) -> None:
        self.own = list(processes(first))
        assert len(self.own) == 2, self.own

    def grown(self, work: Callable[[], object]) -> float:
        """MB between what was held before and the most that was held meanwhile."""
        for one in self.own:
            Path(f"/proc/{one}/clear_refs").write_text("5")
        before = sum(held(one, "VmRSS") for one in self.own)
        work()
        return sum(held(one, "VmHWM") for one in self.own) - before


@pytest.fixture
def ruth(live) -> Visitor:
    return Visitor(live.url, "ruth@linden.example")


@pytest.fixture
def watch(live) -> Watch:
    return Watch(live.process)


def begun(ruth: Visitor, file: Path) -> str:
    """A new document of this file; the address of its draft."""
    ruth.send(f"{DOCUMENTS}new/?how=file&title=Large&sort=form", {"title": file.stem}, file)
    assert "/revisions/" in ruth.at
    return ruth.at


def downloaded(ruth: Visitor, address: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with ruth.get(address) as answer:
        while piece := answer.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def test_two_hundred_megabytes_come_in_and_go_out(ruth, watch, tmp_path) -> None:
    small, large = tmp_path / "small.dwg", tmp_path / "large.dwg"
    small.write_bytes(os.urandom(PIECE))
    digest = hashlib.sha256()
    with large.open("wb") as out:
        for _ in range(199):
            piece = os.urandom(PIECE)
            digest.update(piece)
            out.write(piece)
    downloaded(ruth, begun(ruth, small) + "content/")
    drafts = []
    taken = watch.grown(lambda: drafts.append(begun(ruth, large)))
    shown = watch.grown(lambda: downloaded(ruth, drafts[0] + "shown/"))
    came = []
    sent = watch.grown(lambda: came.append(downloaded(ruth, drafts[0] + "content/")))
    assert came == [(digest.hexdigest(), 199 * PIECE)]
    copied = watch.grown(lambda: downloaded(ruth, drafts[0] + "copy.pdf"))
    told = {"taken": taken, "shown": shown, "sent": sent, "copied": copied}
    print({name: round(value) for name, value in told.items()})
    assert max(told.values()) < MOST, told


def test_a_word_file_of_three_hundred_pages(ruth, watch, tmp_path) -> None:
    told: dict[str, float] = {}
    for pages in (6, 300):
        file = tmp_path / f"manual-{pages}.docx"
        file.write_bytes(to_word(manual(pages)))
        draft: list[str] = []
        told["taken"] = watch.grown(lambda file=file, draft=draft: draft.append(begun(ruth, file)))
        told["shown"] = watch.grown(lambda draft=draft: downloaded(ruth, draft[0] + "shown/"))
        told["copied"] = watch.grown(lambda draft=draft: downloaded(ruth, draft[0] + "copy.pdf"))
        told["turned"] = watch.grown(lambda draft=draft: ruth.send(draft[0], {}, to="/turn/"))
        told["word"] = watch.grown(lambda draft=draft: downloaded(ruth, draft[0] + "word/"))
        if pages < 300:  # laid out by the same program as the copy above, which takes a minute for each
            told["written copy"] = watch.grown(lambda draft=draft: downloaded(ruth, draft[0] + "copy.pdf"))
        print(pages, {name: round(value) for name, value in told.items()})
    assert max(told.values()) < MOST, told
