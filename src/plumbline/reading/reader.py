"""`read`: one file, of whatever kind, to a Reading or a reason why not."""

from pathlib import PurePosixPath

from plumbline.reading.drawings import read_drawing, read_vectors
from plumbline.reading.markup import read_html, read_markdown
from plumbline.reading.opendocument import read_opendocument
from plumbline.reading.pdf import read_pdf
from plumbline.reading.pictures import read_picture
from plumbline.reading.plain import read_csv, read_text
from plumbline.reading.readings import Reading
from plumbline.reading.recognising import fits, recognise
from plumbline.reading.refusals import Refused, Remark
from plumbline.reading.slides import read_slides
from plumbline.reading.sources import Origin, Source
from plumbline.reading.word import read_word
from plumbline.reading.workbook import read_workbook

READERS = {
    "docx": read_word,
    "odt": read_opendocument,
    "pdf": read_pdf,
    "xlsx": read_workbook,
    "csv": read_csv,
    "pptx": read_slides,
    "md": read_markdown,
    "txt": read_text,
    "html": read_html,
    "dxf": read_drawing,
    "svg": read_vectors,
    "image": read_picture,
}


def read(name: str, origin: Origin) -> Reading:
    """What the file says; `origin` is its bytes, a path or a binary stream. Raises Refused."""
    with Source(origin) as source:
        kind = recognise(source, name)
        try:
            reading = READERS[kind](source)
        except MemoryError as error:
            raise Refused("too_complex") from error
        reading.sha256, reading.size = source.sha256, source.size
    if not fits(kind, name):
        suffix = PurePosixPath(name).suffix or name
        reading.notes.append(Remark("name_mismatch", suffix=suffix, kind=kind))
    if kind != "image" and not reading.text:
        if kind in ("txt", "csv", "md"):
            raise Refused("empty_file")
        if not any(getattr(note, "code", "") == "no_text" for note in reading.notes):
            reading.notes.append(Remark("no_text"))
    return reading
