"""Run as its own short-lived program: the text of a PDF's pages as JSON on standard output, under limits.

PDFium is native code and not safe for threads; what a hostile file does to it ends with this program.
Arguments: path, bytes of memory, seconds of processor time, pages, characters.
"""

import contextlib
import json
import sys


def limit(memory: int, seconds: int) -> None:
    """Bound memory and processor time where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pages(path: str, most: int, characters: int) -> list[str]:
    """The text of the first pages, until a limit is met."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    texts: list[str] = []
    for number in range(min(len(document), most)):
        page = document[number]
        text_page = page.get_textpage()
        count = min(text_page.count_chars(), characters)
        texts.append(text_page.get_text_range(0, count) if count > 0 else "")
        characters -= count
        text_page.close()
        page.close()
        if characters <= 0:
            break
    return texts


if __name__ == "__main__":
    memory, seconds, most, characters = (int(argument) for argument in sys.argv[2:6])
    limit(memory, seconds)
    sys.stdout.buffer.write(json.dumps(pages(sys.argv[1], most, characters)).encode("ascii"))
