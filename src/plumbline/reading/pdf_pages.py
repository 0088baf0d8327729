"""Run as its own short-lived program: a PDF's text as JSON on standard output, under limits of memory and time.

PDFium is native code and not safe for threads; what a hostile file does to it ends with this program.
Arguments: path, bytes of memory, seconds of processor time, pages, characters.
"""

import contextlib
import json
import sys
import time


def limit(memory: int, seconds: int) -> None:
    """Bound memory and processor time where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pages(document, most: int, characters: int, until: float) -> list[str]:
    """The text of the first pages, until a limit is met."""
    texts, total = [], 0
    for number in range(min(len(document), most)):
        page = document[number]
        try:
            text_page = page.get_textpage()
            count = min(text_page.count_chars(), characters - total)
            text = text_page.get_text_range(0, count) if count > 0 else ""
            text_page.close()
        finally:
            page.close()
        texts.append(text)
        total += len(text)
        if total >= characters or time.process_time() > until:
            break
    return texts


def outline(document) -> list[str]:
    """The titles of the outline, at most 300."""
    titles = []
    for bookmark in document.get_toc(max_depth=4):
        titles.append(bookmark.get_title()[:200])
        if len(titles) >= 300:
            break
    return titles


def main(path: str, memory: str, seconds: str, most: str, characters: str) -> dict[str, object]:
    """What the file says, or an `error` code."""
    limit(int(memory), int(seconds))
    import pypdfium2

    until = time.process_time() + int(seconds) * 0.6
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        return {"error": "encrypted" if "assword" in str(error) or "ecurity" in str(error) else "damaged"}
    found: dict[str, object] = {"pages": len(document), "properties": document.get_metadata_dict(skip_empty=True)}
    if len(document) == 0:
        return {"error": "damaged"}
    try:
        found["texts"] = pages(document, int(most), int(characters), until)
    except pypdfium2.PdfiumError:
        return {"error": "damaged"}
    with contextlib.suppress(pypdfium2.PdfiumError, RecursionError, ValueError):
        found["outline"] = outline(document)
    with contextlib.suppress(pypdfium2.PdfiumError, AttributeError):
        found["form"] = document.get_formtype() != 0
    return found


if __name__ == "__main__":
    try:
        answer = main(*sys.argv[1:6])
    except MemoryError:
        answer = {"error": "too_complex"}
    sys.stdout.buffer.write(json.dumps(answer).encode("utf-8", "surrogatepass"))
    sys.stdout.flush()
