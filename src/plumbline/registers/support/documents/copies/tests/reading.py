"""What is read back out of a copy."""

import io
import re
import subprocess
from pathlib import Path

FORBIDDEN = re.compile(rb"/(JS|JavaScript|OpenAction|AA|Launch|EmbeddedFiles?|GoToR|SubmitForm|RichMedia|URI)\b")


def texts(content: bytes) -> list[str]:
    """The words of each page, in one line."""
    from pypdf import PdfReader

    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def sizes(content: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in millimetres."""
    from pypdf import PdfReader

    return [
        (round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4))
        for page in PdfReader(io.BytesIO(content)).pages
    ]


def active(content: bytes) -> list[str]:
    """The names of everything in it that could run, open or carry something, streams unpacked."""
    from pypdf import PdfReader
    from pypdf.generic import ArrayObject, DictionaryObject

    found, reader = [], PdfReader(io.BytesIO(content))
    for number in range(1, int(reader.trailer["/Size"])):
        waiting = [reader.get_object(number)]
        while waiting:
            one = waiting.pop()
            if isinstance(one, DictionaryObject):
                found += [key for key in one if FORBIDDEN.fullmatch(key.encode())]
                waiting += [value for value in one.values() if isinstance(value, DictionaryObject | ArrayObject)]
                found += [str(value) for value in one.values() if FORBIDDEN.fullmatch(str(value).encode())]
            elif isinstance(one, ArrayObject):
                waiting += [value for value in one if isinstance(value, DictionaryObject | ArrayObject)]
    return found


def pictures(content: bytes) -> int:
    """How many pictures its pages hold."""
    from pypdf import PdfReader

    return sum(len(page.images) for page in PdfReader(io.BytesIO(content)).pages)


def drawn(content: bytes, number: int):
    """A page as a picture, by PDFium."""
    import pypdfium2

    page = pypdfium2.PdfDocument(content)[number]
    return page.render(scale=1).to_pil().convert("L")


def pdfsig(content: bytes, folder: Path) -> str:
    """What poppler's pdfsig says of its signatures."""
    file = folder / "copy.pdf"
    file.write_bytes(content)
    return subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
