"""What a document says of itself: labels and their values in margins, on the first page and in table cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from pathlib import PurePosixPath

from plumbline.reading.dates import first_date
from plumbline.reading.readings import Reading

_PAIR = re.compile(
    r"(?:^|\s{2,}|\|\s*|[;,]\s+)((?:[A-Za-zÄÖÜäöüß./-]+\s?){1,4}?)\s?[:=]\s*([^|:]{1,120}?)(?=$|\s*\|"
    r"|\s{2,}|[;,]\s+[\w .-]{2,25}:|\s+(?:[A-ZÄÖÜ][\w.-]+\s?){1,3}:)"
)
_CODE = (
    r"(?:[A-Z]{1,6}[A-Za-z]{0,2}(?:[-_./ ][A-Z]{1,5}){0,3}[-_./ ]?\d{1,5}(?:[-._/]\d{1,5}){0,3}[A-Za-z]?(?![A-Za-z0-9])"
    r"|\d{1,2}[-.]\d{2,4}(?:[-.]\d{1,4}){0,2})"
)
_NUMBER_LABEL = re.compile(
    r"^(?:(?:document|doc|dok|dokument\w*|sop|procedure|form|formular|formblatt|policy|instruction|va|aa|qm|wi|verfahren\w*|anweisung\w*|control|record|report|"
    r"arbeitsanweisung\w*|prozess|process|file|bericht\w*|zertifikat\w*|certificate)?[-.\s]*(?:number|no|nr|nummer|id|code|kennung|reference|ref)|dok|dokument|doc)\W*$",
    re.I,
)
_INLINE_NUMBER = re.compile(
    r"\b(?:document|doc|dok|dokument(?:en)?|sop|procedure|form|formular|formblatt|policy)[-.\s]{0,2}(?:number|no|nr|nummer|id|code|kennung)\b\.?\s*[:|#]?\s*("
    + _CODE
    + r")",
    re.I,
)
_ANY_CODE = re.compile(r"(?<![\w./-])" + _CODE)
_PREFIX = re.compile(
    r"(?<![\w./-])((?:QMH|QMS|QM|QP|QA|QR|QF|QV|QAA|QVA|VA|VAW|AA|AAW|PA|FB|FO|FM|FBL|FOR|FORM|SOP|WI|PR|PRO|PROC|POL|REC|MAN|MHB|HB|CL|KP|PB|BA|RL|SP|GP|TP|OP|LI|DOC|F|P)"
    r"(?:[-_./ ]?[A-Z]{1,5}\d?(?=[-_./ ]?\d|[-_./ ][A-Z])){0,3}[-_./ ]?\d{1,4}(?:[-._/]\d{1,4}){0,3}[a-z]?)(?![\w])"
)
_NO_CODE = re.compile(
    r"^(?:ISO|DIN|EN|IEC|IATF|VDA|BS|AS|ASTM|REV|VER|VERSION|V|R|SEITE|PAGE|BLATT|TEL|FAX|PDF|AMD|ED|"
    r"ABS|ART|NR|NO|KW|Q|MM|HRB|D|A|DE|AT|CH|IP|RAL|M)[-_./ ]*\d|[FP]\d$|COVID|\d+\.\d+$",
    re.I,
)
_REVISION = re.compile(
    r"(?<![A-Za-z])(?:revision(?:sstand|snummer|sindex|s-?nr)?|rev|version(?:snummer)?|vers|ver|ausgabe(?:stand)?|issue|edition|index|änderungsstand|änderungsindex|fassung)"
    r"\.?\s*(?:number|no|nr|nummer)?\.?\s*[:|=]?\s*[vV]?((?:\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?|[A-H])(?![\w]))(?!\s*(?:von|of)\b)",
    re.I,
)
_NAME_REVISION = re.compile(
    r"(?:^|[_\s(-])(?:v|ver|version|rev|r|ausgabe|index|issue)[-_. ]?(\d{1,3}(?:[._]\d{1,2}){0,2}|[A-H])(?=$|[_\s).-])",
    re.I,
)
_REVISION_LABEL = re.compile(
    r"(?:rev\w*|version\w*|ausgabe|issue|index|änderungs(?:stand|index)|edition)[\s.]*(?:no|nr|nummer|number)?\.?", re.I
)
_REVISION_VALUE = re.compile(r"[vV]?(\d{1,3}(?:\.\d{1,3}){0,2}|[A-H])$")
_QUOTED = re.compile(r"\b[A-Z]{1,4}[-_ ][A-Z0-9]{1,4}[-_ ]\d{1,3}\s*(?:[„“”\"»]\s?([A-Z])\s?[“”\"«]|-([A-Z])\b)")
_STAND = re.compile(
    r"\bstand\s*[:|]?\s*((?:\d{1,2}\.\s?)?(?:\d{1,2}[./]|[A-Z][a-zä]{2,8}\s)\s?\d{4}|\d{4}-\d\d(?:-\d\d)?)", re.I
)
_EFFECTIVE = re.compile(r"effective|valid from|valid as of|gültig\s*(?:ab|seit)|in kraft|inkraft|in force", re.I)
_ISSUED = re.compile(
    r"\b(?:date|datum|stand|issued?|released|approved|ausgabe|freigabe|freigegeben|erstell|revis|version|letzte|last|aktualisier|updated)",
    re.I,
)
_CHANGED = re.compile(r"\b(?:geändert|revised|updated|aktualisier|überarbeitet|last change|letzte änderung)", re.I)
_NOT_ISSUED = re.compile(
    r"next|nächste|expir|review due|birth|geburt|liefer|delivery|order|bestell|eintritt|due|fällig", re.I
)
_OWNERS = (
    re.compile(
        r"^(?:document |process |dokumenten?|prozess)?(?:owner|eigner|eigentümer|verantwortliche[rn]?|"
        r"verantwortlich)\b",
        re.I,
    ),
    re.compile(r"^(?:responsible(?: person| for)?|verantwortung|zuständig)\b", re.I),
    re.compile(
        r"^(?:author|autor|verfasser|ersteller|bearbeiter|prepared|written|created|erstellt|drafted|issued by)\b", re.I
    ),
)
_DULL_AUTHORS = {
    *("", "admin", "administrator", "user", "unknown", "microsoft office user", "owner", "python-docx", "openpyxl"),
    *("anonymous", "root", "benutzer", "office", "test"),
}


@dataclass(frozen=True)
class Said:
    """A value and the line it was taken from."""

    value: str = ""
    line: str = ""


def _front(reading: Reading) -> list[str]:
    return [*reading.margins, *reading.paragraphs[len(reading.margins) : len(reading.margins) + 45]]


def pairs(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Label, value and line: of "Label: value", of neighbouring cells, and of cells below each other."""
    for line in _front(reading):
        for found in _PAIR.finditer(line):
            yield found[1].strip(" .-*"), found[2].strip(" *_"), line
        cells = [cell.strip() for cell in line.split(" | ")]
        for label, value in pairwise(cells):
            if len(label) < 40 and len(value) < 120:
                yield label.rstrip(": "), value, line
    for table in reading.tables[:4]:
        for above, below in pairwise(table[:7]):
            for label, value in zip(above, below, strict=False):
                if 0 < len(label) < 40 and 0 < len(value) < 120:
                    yield label.rstrip(": "), value, f"{label} | {value}"


def number(reading: Reading, name: str) -> Said:
    """The document's number as written; the cells of a CSV file are about anything but the file."""
    if reading.media_type == "text/csv":
        reading = replace(reading, text="", margins=[], headings=[], tables=[])
    for label, value, line in pairs(reading):
        if _NUMBER_LABEL.match(label) and (code := _code(value)) and not _is_one_of_many(reading, code):
            return Said(code, line)
    for line in _front(reading):
        if found := _INLINE_NUMBER.search(line):
            return Said(_trim(found[1]), line)
    stem = PurePosixPath(name).stem
    for line in [
        *reading.margins,
        stem.replace("_", " "),
        stem,
        *reading.headings[:2],
        *(_of_itself(line, reading) for line in _front(reading)[:8]),
        reading.properties.get("title", ""),
    ]:
        for found in _PREFIX.finditer(line):
            if not _NO_CODE.match(found[1]) and not _is_one_of_many(reading, _trim(found[1])):
                return _as_printed(_trim(found[1]), line, reading)
    for key, value in reading.properties.items():
        if key.startswith("custom.") and _NUMBER_LABEL.match(key[7:]) and (code := _code(value)):
            return Said(code, f"{key[7:]}: {value}")
    return next(
        (
            Said(_trim(found[0]), stem)
            for found in _ANY_CODE.finditer(stem)
            if found.start() == 0 and not _NO_CODE.match(found[0])
        ),
        Said(),
    )


def _is_one_of_many(reading: Reading, code: str) -> bool:
    """Whether the number stands in a column of numbers, of one table or of several: a list of other documents."""
    columns: dict[str, set[str]] = {}
    for table in reading.tables:
        for head, *cells in zip_longest(*table, fillvalue=""):
            columns.setdefault(head, set()).update(filter(None, map(_code, cells)))
    return any(
        code in codes and len(codes) > (1 if _NUMBER_LABEL.match(head) else 2) for head, codes in columns.items()
    )


def _of_itself(line: str, reading: Reading) -> str:
    """The part that likely is about this document: no sentence; of a PDF, whose lines run together, its start."""
    told = len(line) > 100 or (line.endswith(".") and len(line.split()) > 6)
    if not told or line in reading.margins or re.match(rf"[A-Z]{{2,}}[-_ ](?:{_CODE}|\d+)", line):
        return line
    return line[:100] if reading.media_type == "application/pdf" else ""


def is_heading_of_list(line: str, label: str) -> bool:
    """Whether the cell before this label is a label too, so that what follows is no value."""
    cells = [cell.strip() for cell in line.split(" | ")]
    return label in cells[1:] and bool(_NUMBER_LABEL.match(cells[cells.index(label) - 1]))


def _as_printed(code: str, line: str, reading: Reading) -> Said:
    """The same number as the document itself writes it: file names put other marks between its parts."""
    loose = r"[-_./ ]?".join(map(re.escape, re.split(r"[-_./ ]", code)))
    for other in _front(reading):
        if found := re.search(rf"(?<![\w-]){loose}(?!\w)", other):
            return Said(found[0], other)
    return Said(code, line)


def _code(value: str) -> str:
    found = _ANY_CODE.match(value) or re.match(r"[\w][\w./-]{0,24}\d[\w./-]{0,10}(?=$|\s|,|;)", value)
    return (
        _trim(found[0])
        if found and not first_date(value[:11]) and not re.match(r"(?:rev|version)\b", value, re.I)
        else ""
    )


def _trim(code: str) -> str:
    return code.strip(" .-_/")


def revision(reading: Reading, name: str) -> Said:
    """The revision: a label, a letter after the number, the file's name, a property, or the month of issue."""
    front = _front(reading)
    for line in front:
        itself = _of_itself(line, reading)
        for found in _REVISION.finditer(line):
            if found[0] not in itself and not re.search(r"[:=|]", found[0]) and not _INLINE_NUMBER.search(line):
                continue
            if not first_date(line[found.start(1) : found.start(1) + 10]) and not quotes_standard(line):
                return Said(found[1].upper() if found[1].isalpha() else found[1], line)
    for line in front:
        if quoted := _QUOTED.search(line):
            return Said(quoted[1] or quoted[2], line)
    for label, value, line in pairs(reading):
        if _REVISION_LABEL.fullmatch(label) and (stated := _REVISION_VALUE.match(value)):
            return Said(stated[1], line)
    return _revision_outside(reading, name) or next(
        (Said(stand[1], line) for line in front if (stand := _STAND.search(line)) and not quotes_standard(line)), Said()
    )


def quotes_standard(line: str) -> bool:
    """Whether the line names a standard with its number: an edition in it is the standard's."""
    return bool(re.search(r"\b(?:DIN|EN|ISO|IEC|IPC|VDE|ASTM|UL)[ -]+(?:[A-Z]{2,5}[ -]+)*\d{3,}", line))


def _revision_outside(reading: Reading, name: str) -> Said | None:
    """The revision in the file's name or among its properties."""
    if found := _NAME_REVISION.search(PurePosixPath(name).stem):
        return Said(found[1].replace("_", ".").upper(), name)
    for key in ("version", "custom.version", "custom.revision", "custom.rev", "custom.ausgabe"):
        for own, value in reading.properties.items():
            if own.casefold() == key and len(value) < 12:
                return Said(value, f"{own}: {value}")
    return None


def dated(reading: Reading) -> Said:
    """The date as YYYY-MM-DD: in force from, else issued, else the first one near the top."""
    kinds: dict[int, Said] = {}
    for label, value, line in pairs(reading):
        if day := first_date(value):
            rank = 0 if _EFFECTIVE.search(label) else 1 if _CHANGED.search(label) else 2 if _ISSUED.search(label) else 4
            if not _NOT_ISSUED.search(label):
                kinds.setdefault(rank, Said(day.isoformat(), line))
    for line in _front(reading):
        for pattern, rank in ((_EFFECTIVE, 0), (_CHANGED, 1), (_STAND, 2), (_ISSUED, 3)):
            found = pattern.search(line)
            day = first_date(line[found.start() : found.start() + 60]) if found else None
            if day and not _NOT_ISSUED.search(line[max(0, found.start() - 12) : found.start() + 12] if found else ""):
                kinds.setdefault(rank, Said(day.isoformat(), line))
    return kinds[min(kinds)] if kinds else _bare_date(reading)


def _bare_date(reading: Reading) -> Said:
    """A date without a label in the title, in a short line at the top, or beside a signature at the end."""
    lines = reading.paragraphs
    for line in [*lines[:5], *lines[-2:]]:
        if len(line) < 110 and (day := first_date(line)):
            return Said(day.isoformat(), line)
    return Said()


def owner(reading: Reading) -> Said:
    """Who answers for the document: owner, else responsible, else author."""
    best: dict[int, Said] = {}
    for label, value, line in pairs(reading):
        for rank, pattern in enumerate(_OWNERS):
            if pattern.match(label) and (person := _person(value)):
                best.setdefault(rank, Said(person, line))
    for line in _front(reading):
        if by := re.match(
            r"(?:prepared by|written by|erstellt (?:von|durch)|verfasst von)\s+([A-ZÄÖÜ].{2,60})", line, re.I
        ):
            best.setdefault(2, Said(_person(by[1]), line))
    if best and best[min(best)].value:
        return best[min(best)]
    author = reading.properties.get("author", "")
    return (
        Said()
        if author.casefold().strip() in _DULL_AUTHORS or "@" in author
        else Said(author[:80], f"author: {author}")
    )


def _person(value: str) -> str:
    """A name or role: letters, no sentence, no date, no placeholder."""
    value = re.split(r"\s+(?:am|on|date|datum)\b|[,;(|]|\s\d|\s+(?:Seite|Page|Rev|Version|Stand|Datum)\b", value)[
        0
    ].strip(" .:-_*")
    plain = 2 < len(value) <= 60 and not re.search(r"\d|_{2,}|\.{3}|\[|\{|<", value) and len(value.split()) <= 6
    label = re.match(
        r"(?:name|datum|date|unterschrift|signature|geprüft|freigegeben|approved|reviewed|checked|prüfung|freigabe|title|titel|position|revision|version|prepared|erstellt)\b",
        value,
        re.I,
    )
    return value if plain and value[:1].isalpha() and not label else ""
