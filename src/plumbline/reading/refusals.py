"""Why a file was not read, and what is worth knowing of one that was: stable codes with English texts."""


def _(text: str) -> str:
    """Mark a text for translation where Django is not: whoever shows it translates it."""
    return text


REASONS = {
    "empty_file": _("The file is empty. Find the original, or leave it out."),
    "too_large": _("The file is larger than {limit} MB. Split it or save it with smaller pictures."),
    "unknown_kind": _(
        "Unknown kind of file ({found}). Save it as .docx, .odt, .pdf, .xlsx, .csv, .pptx, .md, .txt, "
        ".html, .dxf, .svg or as an image."
    ),
    "not_as_named": _(
        "Its name ends in {found}, and it holds something else. Open it in the program it was made with and save it "
        "again."
    ),
    "old_office": _("An old binary Office file (.doc, .xls, .ppt). Open it and save it as .docx, .xlsx or .pptx."),
    "dwg": _("A DWG drawing is read by its own program only. Save it as DXF or PDF, or keep it as it is."),
    "encrypted": _("The file is protected by a password. Save it without the password and try again."),
    "damaged": _(
        "The file is damaged or incomplete ({kind}). Open it in the program it was made with, save it "
        "again, or find the original."
    ),
    "macros": _(
        "The file contains macros, which are programs. Save it without macros (.docx, .xlsx, .pptx, "
        ".odt) and try again."
    ),
    "bomb": _(
        "The file unpacks to far more than it seems to hold ({entry}). It is not opened; ask the sender "
        "for another copy."
    ),
    "entities": _(
        "The file declares XML entities, which Office files never need and attacks use. It is not "
        "opened; save it again."
    ),
    "outside_path": _("The archive names a place outside itself ({entry}). This entry is not opened."),
    "symbolic_link": _("A symbolic link, not a file. Put the file itself there."),
    "not_a_file": _("Not a regular file, or it may not be read. Check its permissions."),
    "nested_archive": _("An archive inside an archive. Unpack it and put its files in directly."),
    "too_many_entries": _("More than {limit} files in one archive or folder. Split it."),
    "repeated_name": _("The archive has two files of the same name ({entry}). Only the first is read."),
    "too_complex": _("The file has more parts than can be read safely. Save it again in a simpler form, or as PDF."),
    "too_slow": _("Reading the file took longer than it may. Save it again in a simpler form, or as PDF."),
    "too_many_pages": _("The file has {pages} pages. Split it."),
    "too_many_pixels": _("The image is {width} by {height} pixels, too large to show safely. Save a smaller one."),
}

REMARKS = {
    "name_mismatch": _("The name ends in {suffix}, but the content is {kind}."),
    "cut_text": _("Only the first {limit} characters were read."),
    "cut_bytes": _("Only the first {limit} MB were read."),
    "cut_pages": _("Only {read} of {pages} pages were read."),
    "cut_table": _("Only the first {rows} rows and {columns} columns were read."),
    "no_text": _("No text was found; it may be a scan."),
    "tracked_changes": _("There are tracked changes; the text is read as if they were accepted."),
    "embedded": _("There are embedded files; they are kept and never opened."),
    "external_links": _("There are links to content outside the file; they are never followed."),
    "script": _("There are scripts or actions inside; they are kept and never run."),
    "odd_characters": _("Some characters could not be decoded."),
    "long_markdown": _("Too long for Markdown; read as plain text."),
}


class Refused(Exception):
    """A file that is not read: a stable code, the figures and names that fill its text, and the English text."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        self.text = REASONS[code].format(**details)
        super().__init__(self.text)


class Remark(str):
    """An English sentence about a file that was read; `code` and `details` let the caller translate it."""

    code: str
    details: dict[str, object]

    def __new__(cls, code: str, **details: object) -> "Remark":
        remark = super().__new__(cls, REMARKS[code].format(**details))
        remark.code = code
        remark.details = details
        return remark
