"""How a file writes dates and numbers, recognised from its cells; and one cell read that way."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from .workbook import Number

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d\d:\d\d(?::\d\d)?)?$")
PIECES = re.compile(r"(\d{1,4})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,4})\.?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?$")
DATES = {"dmy": "31.12.2026", "mdy": "12/31/2026", "ymd": "2026-12-31"}
YES = {"yes", "y", "true", "1", "x", "✓", "ja", "j", "wahr"}
NO = {"no", "n", "false", "0", "–", "-", "nein", "falsch"}


def date_order(cells: Iterable[str], language: str) -> tuple[str, bool]:
    """The order of day, month and year, and whether the cells decide it (else the language does)."""
    first, second, dotted, seen = 0, 0, False, False
    for cell in cells:
        found = PIECES.match(cell.strip())
        if not found or ISO.match(cell.strip()):
            continue
        if len(found[1]) > 2:
            return "ymd", True
        seen = True
        first, second = max(first, int(found[1])), max(second, int(found[2]))
        dotted = dotted or "." in cell
    if first > 12 or second > 12:
        return ("mdy", True) if second > 12 >= first else ("dmy", True)
    if dotted:
        return "dmy", True
    return ("dmy" if language == "de" or not seen else "mdy" if language == "en-us" else "dmy"), not seen


def decimal_sign(cells: Iterable[str], language: str) -> tuple[str, bool]:
    """The sign before the decimals, and whether the cells decide it."""
    for cell in cells:
        text = cell.strip().replace(" ", "").replace("\u00a0", "").lstrip("+-")
        if isinstance(cell, Number) or not re.fullmatch(r"[\d.,']+", text):
            continue
        if "," in text and "." in text:
            return ("," if text.rindex(",") > text.rindex(".") else "."), True
        if re.fullmatch(r"\d+,(\d{1,2}|\d{4,})", text):
            return ",", True
        if re.fullmatch(r"\d+\.(\d{1,2}|\d{4,})", text):
            return ".", True
    return ("," if language == "de" else "."), False


def is_day(cell: str) -> bool:
    """Whether it looks like a day, in whatever order."""
    return bool(PIECES.match(cell.strip()) or ISO.match(cell.strip()))


def is_number(cell: str) -> bool:
    """Whether it looks like a number, whatever its signs."""
    return bool(re.fullmatch(r"[+-]?[\d.,' \u00a0]+", cell.strip()))


def read_date(cell: str, order: str) -> date:
    """The day; raises ValueError with the words for it."""
    text = cell.strip()
    if iso := ISO.match(text):
        year, month, day = iso[1], iso[2], iso[3]
    elif found := PIECES.match(text):
        year, month, day = {
            "dmy": (found[3], found[2], found[1]),
            "mdy": (found[3], found[1], found[2]),
            "ymd": (found[1], found[2], found[3]),
        }["ymd" if len(found[1]) > 2 else order]
    else:
        raise ValueError(
            _("“%(cell)s” is not a date, e.g. %(example)s.") % {"cell": cell[:40], "example": DATES[order]}
        )
    whole = int(year) if len(year) > 2 else 2000 + int(year) if int(year) < 70 else 1900 + int(year)
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        raise ValueError(_("There is no such day: “%(cell)s”.") % {"cell": cell[:40]}) from None


def read_number(cell: str, sign: str) -> Decimal:
    """The number; raises ValueError with the words for it."""
    text = cell.strip()
    if not isinstance(cell, Number):
        text = re.sub(r"[\s\u00a0\u202f']", "", text)
        text = text.replace(".", "").replace(",", ".") if sign == "," else text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(_("“%(cell)s” is not a number.") % {"cell": cell[:40]})
    return number


def read_truth(cell: str) -> bool:
    """Yes or no; raises ValueError with the words for it."""
    word = cell.strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError(_("“%(cell)s” is neither yes nor no.") % {"cell": cell[:40]})


def unquoted(cell: str) -> str:
    """A text without the apostrophe that our own export puts before what looks like a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r") else cell
