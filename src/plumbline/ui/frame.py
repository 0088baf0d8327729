"""What the frame around every page shows, as plain values; a context processor elsewhere fills it."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plumbline.ui.escaping import safe
from plumbline.ui.marks import icon_html


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the frame; `key` is its keyboard shortcut, such as "g w" or "n"."""

    title: str
    url: str
    icon: str = "point"
    active: bool = False
    badge: str | int = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A chapter of the navigation; `code` is stable and remembers whether the reader folded it."""

    title: str
    entries: tuple[Entry, ...]
    code: str = ""

    @property
    def active(self) -> bool:
        return any(entry.active for entry in self.entries)

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(entry.url for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several to switch to: an organisation (value is its slug) or a language (value is its code)."""

    title: str
    value: str
    url: str = ""
    active: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and what every page offers them; the top of pages that were drawn is kept by all of it."""

    organisation: Choice | None = None
    organisations: tuple[Choice, ...] = ()
    person: str = ""
    account: str = ""
    who: str = ""  # what the browser keeps is this person's, where the account does not say it
    next_url: str = ""  # at a shared device: the next person
    menu: tuple[Entry, ...] = ()
    home_url: str = "/"
    search_url: str = ""
    origin: str = ""  # how addresses on paper begin
    sign_out_url: str = ""
    start_url: str = ""
    language_url: str = ""
    languages: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything `ui/frame.html` shows around a page; an empty value leaves its part out."""

    reader: Reader = Reader()
    top: tuple[Entry, ...] = ()
    nav: tuple[Group, ...] = ()
    bottom: tuple[Entry, ...] = ()
    search_words: str = ""

    @property
    def navigates(self) -> bool:
        return bool(self.top or self.nav)


def nav_html(top: tuple[Entry, ...], nav: tuple[Group, ...]) -> SafeString:
    """Returns the left navigation: the top entries, then the groups, each foldable."""
    return _nav(top, nav, get_language())


def bottom_html(entries: tuple[Entry, ...]) -> SafeString:
    """Returns the entries of the phone's bottom bar."""
    return _bottom(entries, get_language())


@lru_cache(maxsize=256)
def _nav(top: tuple[Entry, ...], nav: tuple[Group, ...], _language: str | None) -> SafeString:
    parts = [f'<ul class="pl-nav-list">{"".join(map(_entry, top))}</ul>' if top else ""]
    for number, group in enumerate(nav):
        code = safe(group.code or f"group-{number}")
        opened = " open" if group.active else ""
        parts.append(
            f'<details class="pl-nav-group" data-fold="{code}"{opened}><summary>{icon_html("chevron-right")}'
            f"<span>{safe(group.title)}</span></summary>"
            f'<ul class="pl-nav-list">{"".join(map(_entry, group.entries))}</ul></details>'
        )
    return mark_safe("".join(parts))


@lru_cache(maxsize=256)
def _bottom(entries: tuple[Entry, ...], _language: str | None) -> SafeString:
    return mark_safe("".join(map(_entry, entries)))


def _entry(entry: Entry) -> str:
    current = ' aria-current="page"' if entry.active else ""
    key = f' data-key="{safe(entry.key)}"' if entry.key else ""
    badge = ""
    if entry.badge not in ("", 0, None):
        badge = (
            f'<span class="pl-count">{safe(str(entry.badge))}'
            f'<span class="visually-hidden"> {_("waiting")}</span></span>'
        )
    return (
        f'<li><a class="pl-nav-link" href="{safe(entry.url)}"{current}{key}>{icon_html(entry.icon)}'
        f'<span class="pl-nav-text">{safe(entry.title)}</span>{badge}</a></li>'
    )
