"""Dates as English and German documents write them."""

import re
from datetime import date

_NAMES = {
    **{
        name: number
        for number, name in enumerate(
            ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
        )
    },
    **{"jän": 1, "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12},
}
_MONTH = r"(?:jan|jän|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zä]*\.?"
_FORMS = (
    (re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"), ""),
    (re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>(?:19|20)?\d\d)(?![\d.]\d)"), ""),
    (re.compile(r"(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>(?:19|20)?\d\d)(?!\d)"), "slashes"),
    (
        re.compile(
            rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?P<n>{_MONTH})[\s,-]+(?P<y>(?:19|20)\d\d)", re.I
        ),
        "",
    ),
    (re.compile(rf"\b(?P<n>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)", re.I), ""),
    (re.compile(rf"\b(?P<n>{_MONTH})[\s-]+(?P<y>(?:19|20)\d\d)", re.I), ""),
    (re.compile(r"(?<![\d/.])(?P<m>0?[1-9]|1[0-2])[/.](?P<y>20\d\d)(?!\d)"), ""),
)


def first_date(text: str) -> date | None:
    """The first date written in a text; a month without a day is its first."""
    found: list[tuple[int, date]] = []
    for pattern, kind in _FORMS:
        for written in pattern.finditer(text[:2000]):
            if day := _date(written.groupdict(), slashes=bool(kind)):
                found.append((written.start(), day))
                break
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _date(parts: dict[str, str | None], *, slashes: bool) -> date | None:
    year = int(parts["y"] or 0)
    year += 2000 if year < 70 else (1900 if year < 100 else 0)
    month = _NAMES.get((parts.get("n") or "")[:3].lower(), 0) or int(parts.get("m") or 0)
    day = int(parts.get("d") or 1)
    if slashes and month > 12 >= day:
        day, month = month, day
    try:
        return date(year, month, day) if 1970 <= year <= 2100 else None
    except ValueError:
        return None
