"""What the frame around every page shows: the organisation, the road, my work, the registers by chapter."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, get_language_info, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from plumbline.kernel import duties
from plumbline.kernel.middleware import asked
from plumbline.kernel.register import Register, registers
from plumbline.organisation.actor import AskedBy
from plumbline.organisation.signin.devices import AtDevice
from plumbline.ui.frame import Choice, Entry, Frame, Group, Reader

from . import purposes
from .start import fresh

CHAPTERS = {
    "context": gettext_lazy("4 Context"),
    "leadership": gettext_lazy("5 Leadership"),
    "planning": gettext_lazy("6 Planning"),
    "support": gettext_lazy("7 Support"),
    "operation": gettext_lazy("8 Operation"),
    "evaluation": gettext_lazy("9 Evaluation"),
    "improvement": gettext_lazy("10 Improvement"),
    "certification": gettext_lazy("Certification"),
}
BADGE_CAP = 99
KEPT = 1024  # readers and menus a process keeps; what they are drawn from is what they are kept by
Entries = tuple[Entry, ...]
_owed = AskedBy(lambda actor, form: duties.owed_by(actor).order_by().values_list("id")[: BADGE_CAP + 1])


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor; built only when a template asks for it."""
    return {"frame": cache(lambda: build(request)), "purposes": lambda: tuple(purposes.of(request))}


def build(request: HttpRequest) -> Frame:
    language, prefix = get_language() or "", get_script_prefix()
    user, actor = getattr(request, "user", None), getattr(request, "actor", None)
    if not user or not user.is_authenticated:
        return Frame(Reader(**_choices(language, prefix), start_url=reverse("start") if fresh() else ""))
    device = isinstance(user, AtDevice)
    who = (user.session.device.name, str(user.session.person_id)) if isinstance(user, AtDevice) else (user.email, "")
    if actor is None:
        return Frame(_reader(who, device, None, (), language, prefix))
    slug = actor.organisation.slug
    at = (slug, actor.organisation.name, actor.person.name, may_settle(actor))
    others = tuple((one.organisation.slug, one.organisation.name) for one in asked(request).people)
    top, nav, bottom = places(slug)
    reader, path = _reader(who, device, at, others, language, prefix), request.path
    home, work, *more = _marked(top, path)
    return Frame(
        reader,
        (replace(home, active=path == home.url), replace(work, badge=_waiting(request, actor)), *more),
        tuple(_opened(group, path) for group in nav),
        _marked(bottom, path),
        request.GET.get("q", "") if path == reader.search_url else "",
    )


@lru_cache(maxsize=KEPT)
def _choices(language: str, _prefix: str) -> dict[str, Any]:
    names = [(get_language_info(code)["name_local"], code) for code, _name in settings.LANGUAGES]
    languages = tuple(Choice(name, code, active=code == language) for name, code in names)  # for who reads no other
    return {"language_url": reverse("set_language"), "languages": languages}


@lru_cache(maxsize=KEPT)
def _reader(
    who: tuple[str, str],
    device: bool,
    at: tuple[str, str, str, bool] | None,
    others: tuple[tuple[str, str], ...],
    language: str,
    prefix: str,
) -> Reader:
    """Who reads: account and person, and where: address, name, who they are there, whether they change settings."""
    account, person = who
    known: dict[str, Any] = {"account": account, "who": person, **_choices(language, prefix)}
    own: Entries = () if device else (Entry(_("Security of my account"), reverse("security"), "key"),)
    leaves: dict[str, Any] = (
        {"next_url": reverse("device-next")} if device else {"sign_out_url": reverse("account_logout")}
    )
    if at is None:
        return Reader(menu=own, **known, **leaves)
    slug, organisation, name, settles = at
    return Reader(
        organisation=Choice(organisation, slug),
        organisations=tuple(Choice(title, one, reverse("home", args=[one]), one == slug) for one, title in others),
        person=name,
        menu=(*_menu(slug, device, settles), *own),
        home_url=reverse("home", args=[slug]),
        search_url=reverse("search", args=[slug]),
        origin=settings.PLUMBLINE_ORIGIN,
        **known,
        **leaves,
    )


def _marked(entries: Iterable[Entry], path: str) -> Entries:
    """The entries, the one that leads to where the reader is marked."""
    return tuple(replace(one, active=True) if path.startswith(one.url) else one for one in entries)


def _opened(group: Group, path: str) -> Group:
    return replace(group, entries=_marked(group.entries, path)) if path.startswith(group.urls) else group


def _waiting(request: HttpRequest, actor: Any) -> str | int:
    waiting = getattr(request, "waiting", None)
    if waiting is None:
        waiting = len(list(_owed(actor)))
    return f"{BADGE_CAP}+" if waiting > BADGE_CAP else waiting


def places(slug: str) -> tuple[Entries, tuple[Group, ...], Entries]:
    """The same for everybody there: the top of the navigation, the registers by chapter, the phone's bar."""
    return _places(slug, tuple(registers()), get_language() or "", get_script_prefix())


@lru_cache(maxsize=KEPT)
def _places(
    slug: str, known: tuple[Register, ...], _language: str, _prefix: str
) -> tuple[Entries, tuple[Group, ...], Entries]:

    def entry(title: Any, name: str, icon: str, key: str = "") -> Entry:
        return Entry(str(title), reverse(name, args=[slug]), icon, key=key)

    top = (
        entry(_("The road"), "home", "road", "g r"),
        entry(_("My work"), "my-work", "list-check", "g w"),
        entry(_("Library"), "library", "books", "g l"),
        entry(_("The standard"), "standard", "book", "g s"),
    )
    groups: dict[str, list[Entry]] = {}
    for one in known:
        if not one.within:
            groups.setdefault(one.chapter, []).append(entry(one.title, f"{one.slug}:list", one.icon))
    nav = tuple(Group(str(title), tuple(groups[code]), code) for code, title in CHAPTERS.items() if code in groups)
    bottom = (
        entry(_("My work"), "my-work", "list-check"),
        entry(_("Library"), "library", "books"),
        entry(pgettext("verb", "Report"), "nonconformities:new", "alert-triangle"),
        entry(_("Search"), "search", "search"),
        Entry(pgettext("verb", "Scan"), "#scan", "qrcode"),
    )
    return top, nav, bottom


def menu(slug: str, actor: Any) -> Entries:
    """What stands behind somebody's initials, beside the account."""
    return _menu(slug, actor.device, may_settle(actor))


def may_settle(actor: Any) -> bool:
    return bool(actor.has("administrator", "quality", "management"))


def _menu(slug: str, device: bool, settles: bool) -> Entries:
    entries = []
    if not device:
        entries.append(Entry(_("My notices"), reverse("notices", args=[slug]), "bell"))
        entries.append(Entry(_("My tokens"), reverse("my-tokens", args=[slug]), "key"))
    entries += [Entry(_("People and places"), reverse("people", args=[slug]), "users")]
    if settles:
        entries.append(Entry(_("Settings"), reverse("settings", args=[slug]), "settings"))
    return tuple(entries)
