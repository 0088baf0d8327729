"""Numbers: unique, without gaps, in a scheme of the organisation's own."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plumbline.ledger.statements import fetched
from plumbline.organisation.models import Organisation

from .models import Counter
from .register import Register

OTHER = r"(?:[^{}]|\{(?:prefix|year|yy)\})*"
STEP = "UPDATE kernel_counter SET last = last + %s WHERE organisation_id = %s AND series = %s RETURNING last"
USED = "SELECT number FROM kernel_record WHERE organisation_id = %s AND kind = %s AND number IN ({})"
SCHEME = re.compile(OTHER + r"\{n(?::0?\d)?\}" + OTHER)


def check_scheme(scheme: str) -> None:
    """Refuse a scheme that cannot make unique numbers, or that would not fit an address."""
    if not SCHEME.fullmatch(scheme):  # before it is filled in: a width of a billion would fill the memory
        raise ValidationError(_("It may use {prefix}, {year}, {yy} and must use {n}, e.g. {prefix}-{year}-{n:03}."))
    check_number(scheme.format(prefix="X", year=2026, yy="26", n=1))


def check_number(number: str) -> None:
    if not re.fullmatch(r"[\w.\-]{1,40}", number):
        raise ValidationError(_("Use letters, digits, “-”, “_” and “.” only, at most 40 characters."))


def for_rows(register: Register, organisation: Organisation, rows: list[dict]) -> Iterator[str]:
    """A number for every row that brings none, each from its own series."""
    series = [register.series(organisation, row) for row in rows if not row.get("number")]
    taken = {one: iter(take(register, organisation, series.count(one), *one)) for one in sorted(set(series))}
    return (next(taken[one]) for one in series)


def take(register: Register, organisation: Organisation, how_many: int, prefix: str, scheme: str) -> list[str]:
    """The next numbers of a series of the register; the counter stays locked until the transaction ends."""
    year = organisation.today().year
    fixed = {"prefix": prefix, "year": year, "yy": f"{year % 100:02}"}
    series = re.sub(r"\{n[^}]*\}", "#", scheme).format(**fixed)
    numbers: list[str] = []
    while wanted := how_many - len(numbers):
        last = _counted(organisation, series, wanted)
        candidates = [scheme.format(**fixed, n=last - wanted + step) for step in range(1, wanted + 1)]
        used = set(fetched(USED.format(", ".join(["%s"] * wanted)), [organisation.uid, register.kind, *candidates]))
        numbers += [number for number in candidates if (number,) not in used]
    return numbers


def _counted(organisation: Organisation, series: str, steps: int) -> int:
    """Where the counter stands after so many steps."""
    if found := fetched(STEP, [steps, organisation.uid, series]):
        return found[0][0]
    Counter.objects.get_or_create(organisation=organisation, series=series)  # the first of its series
    return _counted(organisation, series, steps)
