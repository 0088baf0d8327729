"""Counting retention: calendar months, and from the end of a year where a law says so."""

from calendar import monthrange
from datetime import date

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _

from plumbline.ui.charts import Series, stacked_bars

YEARS = 10  # shown one by one in the picture; the rest together


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month; 9999 is as late as it gets."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > 9999:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def year_end(day: date) -> date:
    return date(day.year, 12, 31)


def ends(records: QuerySet, today: date) -> list[tuple[str, dict[str, int]]]:
    """(year or word, how many end then by state of the picture) of the records that are still kept."""
    kept = records.order_by().filter(closed_at=None)
    counted = Count("pk"), Count("pk", filter=Q(state="held"))
    good = ExpressionWrapper(Q(category__months=None), output_field=BooleanField())
    years = kept.filter(keep_until__gte=today).annotate(year=ExtractYear("keep_until")).values("year")
    over = kept.filter(keep_until__lt=today).aggregate(all=counted[0], held=counted[1])
    open_ended = kept.filter(keep_until=None).annotate(good=good).values("good")
    rows = [(_("over"), _split(over["all"], over["held"], "not-met"))]
    found = {row["year"]: (row["all"], row["held"]) for row in years.annotate(all=counted[0], held=counted[1])}
    near = range(today.year, min(max(found, default=today.year), today.year + YEARS - 1) + 1)
    rows += [(str(year), _split(*found.get(year, (0, 0)))) for year in near]
    far = [pair for year, pair in found.items() if year not in near]
    rows += [(_("later"), _split(sum(pair[0] for pair in far), sum(pair[1] for pair in far)))] if far else []
    words = {True: _("for good"), False: _("not begun")}
    counts = open_ended.annotate(all=counted[0], held=counted[1])
    return rows + [(words[bool(row["good"])], _split(row["all"], row["held"])) for row in counts]


def _split(whole: int, held: int, code: str = "plan") -> dict[str, int]:
    return {code: whole - held, "partly": held}


def picture(rows: list[tuple[str, dict[str, int]]]) -> str:
    """The picture of it: one bar a year."""
    series = [Series("not-met", _("retention over")), Series("plan", _("kept")), Series("partly", _("on hold"))]
    return stacked_bars(rows, series, title=_("How much ends when"), label_width=130, same_length=False)
