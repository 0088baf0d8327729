"""What the frame around every page shows: the organisation, the road, my work, the registers by chapter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from plumbline.kernel import duties
from plumbline.kernel.middleware import asked
from plumbline.kernel.register import registers
from plumbline.organisation.signin.devices import AtDevice
from plumbline.ui.frame import Choice, Entry, Frame, Group

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


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor; built only when a template asks for it."""
    return {
        "frame": SimpleLazyObject(lambda: build(request)),
        "purposes": SimpleLazyObject(lambda: purposes.of(request)),
    }


def build(request: HttpRequest) -> Frame:
    languages = [
        Choice(
            get_language_info(code)["name_local"], code, active=get_language() == code
        )  # found by who reads no other
        for code, _name in settings.LANGUAGES
    ]
    made = Frame(language_url=reverse("set_language"), languages=languages)
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        made.start_url = reverse("start") if fresh() else ""
        return made
    if isinstance(request.user, AtDevice):
        session = request.user.session
        made.account, made.who = session.device.name, str(session.person_id)
        made.next_url = reverse("device-next")
    else:
        made.account, made.sign_out_url = request.user.email, reverse("account_logout")
        made.menu = [Entry(_("Security of my account"), reverse("security"), "key")]
    actor = getattr(request, "actor", None)
    if actor is None:
        return made
    slug = actor.organisation.slug
    made.organisation, made.person = actor.organisation, actor.person.name
    made.organisations = [
        Choice(o.name, o.slug, reverse("home", args=[o.slug]), o.slug == slug)
        for o in (p.organisation for p in asked(request).people)
    ]
    made.home_url, made.search_url = reverse("home", args=[slug]), reverse("search", args=[slug])
    made.search_words = request.GET.get("q", "") if request.path == made.search_url else ""
    made.top, made.nav, made.bottom = _top(request, slug, actor), _nav(request, slug), _bottom(request, slug)
    made.menu = menu(slug, actor) + made.menu
    return made


def _entry(
    request: HttpRequest, title: Any, name: str, slug: str, icon: str, key: str = "", badge: str | int = ""
) -> Entry:
    url = reverse(name, args=[slug])
    active = request.path == url if name == "home" else request.path.startswith(url)
    return Entry(str(title), url, icon, active, badge, key)


def _top(request: HttpRequest, slug: str, actor: Any) -> list[Entry]:
    waiting = getattr(request, "waiting", None)
    if waiting is None:
        waiting = duties.owed_by(actor).order_by().values("pk")[: BADGE_CAP + 1].count()
    badge = f"{BADGE_CAP}+" if waiting > BADGE_CAP else waiting
    return [
        _entry(request, _("The road"), "home", slug, "road", "g r"),
        _entry(request, _("My work"), "my-work", slug, "list-check", "g w", badge),
        _entry(request, _("Library"), "library", slug, "books", "g l"),
        _entry(request, _("The standard"), "standard", slug, "book", "g s"),
    ]


def _nav(request: HttpRequest, slug: str) -> list[Group]:
    groups: dict[str, list[Entry]] = {}
    for register in registers():
        if register.within:
            continue
        groups.setdefault(register.chapter, []).append(
            _entry(request, register.title, f"{register.slug}:list", slug, register.icon)
        )
    return [Group(str(title), groups[code], code) for code, title in CHAPTERS.items() if code in groups]


def _bottom(request: HttpRequest, slug: str) -> list[Entry]:
    return [
        _entry(request, _("My work"), "my-work", slug, "list-check"),
        _entry(request, _("Library"), "library", slug, "books"),
        _entry(request, pgettext("verb", "Report"), "nonconformities:new", slug, "alert-triangle"),
        _entry(request, _("Search"), "search", slug, "search"),
    ]


def menu(slug: str, actor: Any) -> list[Entry]:
    """What stands behind somebody's initials, beside the account."""
    entries = []
    if not actor.device:
        entries.append(Entry(_("My notices"), reverse("notices", args=[slug]), "bell"))
        entries.append(Entry(_("My tokens"), reverse("my-tokens", args=[slug]), "key"))
    entries += [Entry(_("People and places"), reverse("people", args=[slug]), "users")]
    if actor.has("administrator", "quality", "management"):
        entries.append(Entry(_("Settings"), reverse("settings", args=[slug]), "settings"))
    return entries
