"""Run as its own short-lived program: takes a PDF apart and puts its pages on sheets with head and foot.

PDFium is native code, and what it reads came from outside: it works under limits, and what a hostile file does to it
ends here. Sheets are made anew, so that only what a page shows comes along: no script, no action, no attachment.
`open` SOURCE FLAT: the pages with forms and notes drawn in; `place` FLAT STAMPS TARGET SHEETS (JSON): the copy;
`finish` TOLD (JSON) TARGET: its parts as one.
"""

import contextlib
import json
import sys
from typing import Any

TOGETHER = 20  # sheets of one part: with each sheet PDFium takes longer for the next


def limit(memory: int, seconds: int) -> None:
    """Bound memory and processor time where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def flattened(source: str, target: str, most: int) -> dict:
    """Write the pages with what was filled in and noted drawn into them; tell their sizes in points."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        return {"refused": "encrypted" if "password" in str(error).lower() else "broken"}
    if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
        return {"refused": "encrypted"}
    if not 0 < len(document) <= most:
        return {"refused": "pages" if len(document) else "broken"}
    for number in range(len(document)):
        page = document[number]
        raw.FPDFPage_Flatten(page, raw.FLAT_PRINT)
        page.close()
    sizes = [document.get_page_size(number) for number in range(len(document))]
    document.save(target)
    return {"sizes": sizes}


def place(flat: str, stamps: str, target: str, sheets: list) -> dict:
    """Each page on its sheet: (width, height, scale, left, bottom), and the stamp of the same number over it."""
    import pypdfium2

    source, stamped = pypdfium2.PdfDocument(flat), pypdfium2.PdfDocument(stamps)
    parts: list[str] = []
    made = pypdfium2.PdfDocument.new()
    for number, (width, height, scale, left, bottom) in enumerate(sheets):
        if number and number % TOGETHER == 0:
            parts.append(_saved(made, target, len(parts)))
            made = pypdfium2.PdfDocument.new()
        page = source[number]
        sheet = made.new_page(width, height)
        matrix = upright(page).scale(scale, scale).translate(left, bottom)
        page.set_rotation(0)  # else PDFium turns what it captures itself, by a matrix that it places wrongly
        body = source.page_as_xobject(number, made).as_pageobject()
        body.set_matrix(matrix)
        sheet.insert_obj(body)
        sheet.insert_obj(stamped.page_as_xobject(number, made).as_pageobject())
        sheet.gen_content()
        sheet.close()
        page.close()
    parts.append(_saved(made, target, len(parts)))
    return {"parts": parts}


def _saved(made: Any, target: str, number: int) -> str:
    place = f"{target}.{number}"
    made.save(place)
    made.close()
    return place


def finish(parts: list, target: str, title: str, author: str, language: str, identifier: str) -> dict:
    """The same bytes for the same copy: title and language of ours, an identifier that follows from the facts."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter()
    for part in parts:
        for page in PdfReader(part).pages:
            writer.add_page(page)
    writer.compress_identical_objects()  # the fonts of the file and our code to scan come with every page
    writer.metadata = {"/Title": title, "/Author": author, "/Producer": "Plumbline"}
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(language)
    root[NameObject("/ViewerPreferences")] = DictionaryObject()
    made = ByteStringObject(bytes.fromhex(identifier))
    writer._ID = ArrayObject((made, made))
    writer.write(target)
    return {}


def upright(page: Any) -> Any:
    """The matrix that turns a page as it is seen; what PDFium captures begins at the corner of what is visible."""
    from pypdfium2 import PdfMatrix

    left, bottom, right, top = page.get_bbox()
    across, up, turned = right - left, top - bottom, page.get_rotation()
    back = {0: (0, 0), 90: (0, across), 180: (across, up), 270: (up, 0)}[turned]
    return PdfMatrix().rotate(turned, ccw=False).translate(*back)


if __name__ == "__main__":
    memory, seconds, task, *arguments = sys.argv[1:]
    limit(int(memory), int(seconds))
    if task == "open":
        said = flattened(arguments[0], arguments[1], int(arguments[2]))
    elif task == "finish":
        with open(arguments[0], encoding="ascii") as file:
            said = finish(target=arguments[1], **json.load(file))
    else:
        with open(arguments[3], encoding="ascii") as file:
            said = place(arguments[0], arguments[1], arguments[2], json.load(file))
    sys.stdout.write(json.dumps(said))
