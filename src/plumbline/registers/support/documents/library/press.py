"""Lays the rows of the master list out some at a time and binds the pages; for a long list run as its own program.

Arguments: bytes of memory, seconds of processor time, a folder with told.json and rows.txt (a row of HTML a line).
Says on its way how many rows are laid out, one number a line; what it makes is list.pdf in that folder.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

TOGETHER = 150  # rows laid out in one go; those on the last page begun go with the next ones
ROWS, BEFORE, PAGES = "<!-- rows -->", "[before]", "[pages]"  # where they go in what is told

Said = Callable[[int], Any]


def lay(folder: Path, said: Said) -> None:
    """The whole list, with the headings and "page n / m" on each page; only the bound pages grow with its length."""
    told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    parts: list[Path] = []
    pages = 0
    with (folder / "rows.txt").open(encoding="utf-8", newline="\n") as rows:
        for made, done in _some_pages(told, rows):
            parts.append(folder / f"{len(parts)}.pdf")
            made.write_pdf(parts[-1])
            pages += len(made.pages)
            said(done)
    last = folder / "total.pdf"
    _document(told["total"].replace(PAGES, str(pages))).write_pdf(last)
    bind(parts, last, told["title"], folder / "list.pdf")


def _some_pages(told: dict[str, str], rows: Iterator[str]) -> Iterator[tuple[Any, int]]:
    """Full pages, and how many rows stand on them and on those before."""
    waiting: list[str] = []
    done = pages = 0
    while True:
        waiting += islice(rows, TOGETHER - len(waiting))
        last = len(waiting) < TOGETHER
        sheet = told["next" if pages else "first"].replace(BEFORE, str(pages + 1))
        made = _document(sheet.replace(ROWS, "".join(waiting)))
        on_last = [int(name[1:]) for name in made.pages[-1].anchors if name[:1] == "r"]
        keep = done + len(waiting) if last or len(made.pages) == 1 else min(on_last)
        whole = made if keep == done + len(waiting) else made.copy(made.pages[:-1])
        waiting, done, pages = waiting[keep - done :], keep, pages + len(whole.pages)
        yield whole, done
        if last:
            return


def bind(parts: list[Path], total: Path, title: str, target: Path) -> None:
    """The pages of all parts; how many there are stands once in the file and is shown on each of them."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, NameObject, StreamObject

    writer = PdfWriter()
    for part in parts:
        writer.append(part, import_outline=False)
    last: Any = PdfReader(total).pages[0]
    shown = StreamObject()
    shown.set_data(last["/Contents"].get_object().get_data())
    told = {"/Type": "/XObject", "/Subtype": "/Form"}
    shown.update({NameObject(name): NameObject(value) for name, value in told.items()})
    shown[NameObject("/BBox")] = last.mediabox.clone(writer)
    shown[NameObject("/Resources")] = last["/Resources"].get_object().clone(writer)
    there = writer._add_object(shown)
    before, after = StreamObject(), StreamObject()
    before.set_data(b"q\n")
    after.set_data(b"\nQ\nq /Total Do Q\n")
    around = writer._add_object(before), writer._add_object(after)
    for page in writer.pages:
        page[NameObject("/Contents")] = ArrayObject((around[0], page.raw_get("/Contents"), around[1]))
        shows: Any = page["/Resources"]
        shows["/XObject"][NameObject("/Total")] = there
    writer.add_metadata({"/Title": title})
    writer.write(target)


def _document(html: str) -> Any:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=(), allow_redirects=False)
    return HTML(string=html, base_url=None, url_fetcher=nothing).render()


def limit(memory: int, seconds: int) -> None:
    """Bound memory and processor time where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    lay(Path(sys.argv[3]), lambda done: sys.stdout.write(f"{done}\n"))
