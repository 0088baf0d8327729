"""Small pieces that stand in rows by the hundred: icons, badges, due dates, people, times. Each costs microseconds."""

from datetime import date, datetime
from functools import lru_cache
from zlib import crc32

from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from plumbline.ui.escaping import safe
from plumbline.ui.sprite import ICONS
from plumbline.ui.units import Counted

TONES = ("neutral", "active", "waiting", "good", "bad", "muted")
KNOWN = frozenset(ICONS)
SOON = 14  # days: until then "due in 9 days", afterwards the date
TINTS = 8


@lru_cache(maxsize=1024)
def icon_html(name: str, label: str = "", css: str = "") -> SafeString:
    """Returns an icon of the sprite, silent for screen readers unless labelled; raises KeyError for an unknown name."""
    if name not in KNOWN:
        raise KeyError(f"no icon named {name!r}: add it to ICONS in ui/sprite.py and remake the sprite")
    voice = f'role="img" aria-label="{safe(label)}"' if label else 'aria-hidden="true"'
    sheet = static("ui/vendor/tabler-icons.svg")
    return mark_safe(f'<svg class="icon{" " + css if css else ""}" {voice}><use href="{sheet}#{name}"/></svg>')


@lru_cache(maxsize=64)
def shape_html(tone: str) -> SafeString:
    """Returns the shape of a tone, so that a state is never told by colour alone."""
    if tone not in TONES:
        raise KeyError(f"no tone named {tone!r}: one of {', '.join(TONES)}")
    return mark_safe(f'<svg class="pl-shape" aria-hidden="true"><use href="{static("ui/shapes.svg")}#{tone}"/></svg>')


@lru_cache(maxsize=2048)
def badge_html(text: str, tone: str = "neutral") -> SafeString:
    """Returns a state as shape and words."""
    return mark_safe(f'<span class="pl-badge pl-{tone}">{shape_html(tone)}{safe(text)}</span>')


def due_html(due: date | None, today: date | None = None, done: bool = False, dated: bool = False) -> SafeString:
    """Returns a due date in words ("due in 3 days"); overdue has an icon and the word; today is the organisation's.

    `dated`: with the date behind the words, for a page where a finger has no other way to it.
    """
    if not due:
        return mark_safe("")
    day = today or localdate()
    shown = _due(due, day, done, get_language() or "")
    if dated and not done and (due - day).days <= SOON:
        shown += mark_safe(f' <span class="pl-detail">{date_html(due)}</span>')
    return shown


@lru_cache(maxsize=4096)
def _due(due: date, today: date, done: bool, language: str) -> SafeString:
    days = (due - today).days
    exact = safe(date_format(due, "DATE_FORMAT"))
    attributes = f'datetime="{due.isoformat()}" title="{exact}"'
    if done:
        return mark_safe(f'<time class="pl-due" {attributes}>{exact}</time>')
    if days < 0:
        words = ngettext("overdue by %(days)d day", "overdue by %(days)d days", -days) % {"days": -days}
        return mark_safe(f'<time class="pl-due pl-late" {attributes}>{icon_html("alert-triangle")}{words}</time>')
    near = " pl-near" if days <= 3 else ""
    return mark_safe(f'<time class="pl-due{near}" {attributes}>{_due_words(days, exact)}</time>')


def _due_words(days: int, exact: str) -> str:
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    if days <= SOON:
        return ngettext("due in %(days)d day", "due in %(days)d days", days) % {"days": days}
    return _("due %(date)s") % {"date": exact}


def date_html(day: date | None) -> SafeString:
    """Returns a date in the reader's format, or nothing."""
    return _date(day, get_language() or "") if day else mark_safe("")


@lru_cache(maxsize=2048)
def _date(day: date, _language: str) -> SafeString:
    return mark_safe(f'<time datetime="{day.isoformat()}">{safe(date_format(day, "DATE_FORMAT"))}</time>')


def when_html(instant: datetime | None, relative: bool = True) -> SafeString:
    """Returns an instant in the reader's format and zone; the browser shows it relative, the exact time on hover."""
    if not instant:
        return mark_safe("")
    exact = safe(date_format(localtime(instant), "DATETIME_FORMAT"))
    flag = " data-relative" if relative else ""
    return mark_safe(f'<time datetime="{instant.isoformat(timespec="seconds")}" title="{exact}"{flag}>{exact}</time>')


def initials(name: str) -> str:
    """Returns the first letters of the first and the last word of a name."""
    words = [word for word in name.replace("(", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


@lru_cache(maxsize=2048)
def avatar_html(name: str) -> SafeString:
    """Returns a person's initials on a tint that stays the same for the name."""
    tint = crc32(name.encode()) % TINTS
    return mark_safe(f'<span class="pl-avatar pl-tint-{tint}" aria-hidden="true">{safe(initials(name))}</span>')


def person_html(name: str, detail: str = "", url: str = "") -> SafeString:
    """Returns a person as initials, name and an optional detail such as the role."""
    return _person(name, detail, url) if name else mark_safe(f'<span class="pl-nobody">{_("nobody yet")}</span>')


@lru_cache(maxsize=2048)
def _person(name: str, detail: str, url: str) -> SafeString:
    text = f'<span class="pl-person-name">{safe(name)}</span>'
    if url:
        text = f'<a class="pl-person-name" href="{safe(url)}">{safe(name)}</a>'
    if detail:
        text += f'<span class="pl-detail">{safe(detail)}</span>'
    return mark_safe(f'<span class="pl-person">{avatar_html(name)}<span class="pl-person-text">{text}</span></span>')


def progress_html(done: int, total: int, label: str = "") -> SafeString:
    """Returns a progress bar with its figures in words, such as "12 of 40"."""
    words = _("%(done)s of %(total)s") % {"done": Counted(done), "total": Counted(total)}
    name = safe(label) if label else words
    return mark_safe(
        f'<span class="pl-progress"><progress max="{max(total, 1)}" value="{done}" aria-label="{name}">{words}'
        "</progress>"
        f'<span class="pl-progress-text">{words}</span></span>'
    )
