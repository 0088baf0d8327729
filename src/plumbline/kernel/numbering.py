"""Numbers: unique, without gaps, in a scheme of the organisation's own."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plumbline.organisation.models import Organisation

from .models import Counter
from .register import Register

OTHER = r"(?:[^{}]|\{(?:prefix|year|yy)\})*"
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
    counters = Counter.objects.select_for_update().filter(organisation=organisation, series=series)
    if (counter := next(iter(counters), None)) is None:  # the first of its series
        Counter.objects.get_or_create(organisation=organisation, series=series)
        counter = counters.get()
    numbers: list[str] = []
    while len(numbers) < how_many:
        wanted = how_many - len(numbers)
        candidates = [scheme.format(**fixed, n=counter.last + step) for step in range(1, wanted + 1)]
        counter.last += wanted
        taken = set(
            register.model.objects.filter(
                organisation=organisation, kind=register.kind, number__in=candidates
            ).values_list("number", flat=True)
        )
        numbers += [number for number in candidates if number not in taken]
    counter.save(update_fields=["last"])
    return numbers
