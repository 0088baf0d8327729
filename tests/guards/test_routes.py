"""Every address is classified: it needs a signed-in person, or it stands in the list of public ones with a reason."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from plumbline.desk import purposes
from plumbline.kernel.register import registers
from tests.guards.source import complain
from tests.journeys import pages

PUBLIC = {  # pattern of the route -> why nobody needs to sign in
    r"": "leads to the sign-in page, or on a fresh installation to its start",
    r"start/": "a fresh installation on this machine has no account yet; afterwards refused",
    r"health/": "asked by watchdogs",
    r"manifest.webmanifest": "names the program to a phone; tells of nobody",
    r"favicon.ico": "leads to the icon",
    r"sw.js": "the script for when there is no network",
    r"offline/": "the page for when there is no network, kept by the phone; tells of nobody",
    r"r/<uuid:uid>/": "the code on paper: only whether a revision is current; else the sign-in page",
    r"api/.*": "programs send a token with every request: faces/api/entry.py; the description tells of no record",
    r"scim/v2/<slug:slug>.*": "a directory sends a token with every request: faces/scim/entry.py",
    r"trust/.*": "explains to a tablet how to trust this server, before anyone signs in on it",
    r"accounts/login/": "here one signs in",
    r"accounts/logout/": "leaving twice is no error",
    r"accounts/inactive/": "tells a closed account so",
    r"accounts/join/<str:token>/": "the invited has no account yet",
    r"accounts/mails/<str:token>/": "a signed address in each mail, which stops that person's mails",
    r"<slug:organisation>/calendar/<str:token>(?:/<slug:register>(?:/<uuid:view>)?)?.ics": "a secret address",
    r"accounts/device/(?:new-pin/|next/|<uuid:uid>/)?": "at a shared device; refused without its cookie",
    r"accounts/device/bind/<str:ticket>/": "a secret address for 15 minutes; nobody is signed in there",
    r"accounts/second-factor/": "the step after the password; without it the sign-in page",
    r"accounts/passkey/": "here one signs in with a passkey",
    r"accounts/provider/(?:cancelled|failed|prove)/": "who comes back from a provider is not signed in yet",
    r"accounts/(?:oidc|saml)/.*": "here one is led to a provider, and comes back",
    r"accounts/password/reset/.*": "who forgot the password is signed out",
}
SAMPLES = {
    "uuid": "018f0000-0000-7000-8000-000000000000",
    "int": "1",
    "slug": "nobody",
    "str": "nobody",
    "path": "nobody",
}


def _routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        found += _routes(pattern, route) if isinstance(pattern, URLResolver) else [(route, pattern)]
    return found


ROUTES = _routes(get_resolver())


FACES = {  # pages that every register has from one declaration: looked at in one register, they are looked at
    route
    for route, pattern in ROUTES
    if getattr(getattr(pattern.callback, "view_class", None), "__module__", "").startswith("plumbline.faces.")
}


def _alike(route: str) -> str:
    """Return the route without the register's name."""
    organisation, _register, *rest = route.split("/") if route.count("/") > 1 else (route, "")
    return "/".join([organisation, *rest])


def _is_public(route: str) -> bool:
    return any(re.fullmatch(public, route.replace("^", "").replace("$", "")) for public in PUBLIC)


def test_every_route_is_classified() -> None:
    open_ = [
        route or "(front page)"
        for route, pattern in ROUTES
        if not getattr(pattern.callback, "login_required", True) and not _is_public(route)
    ]
    complain(
        open_,
        "These routes need no login. Remove login_not_required, or add them with a reason to PUBLIC in this file.",
    )


def test_no_stale_public_route() -> None:
    stale = [
        public
        for public in PUBLIC
        if not any(re.fullmatch(public, route.replace("^", "").replace("$", "")) for route, _ in ROUTES)
    ]
    complain(stale, "No route has this form any more: remove it from PUBLIC in this file.")


NOT_READ = {  # names of routes that answer a GET, but not with a page somebody reads
    *("export", "workbook", "export-file", "import-blank", "import-errors", "file", "label", "labels", "copy", "sheet"),
    *("references", "mfa_download_recovery_codes", "everything-file", "library-bound", "library-binding-file"),
    "library-listing-file",
    *("library-list", "calendar", "calendar-register", "calendar-view", "download", "now", "paper-copy", "fill"),
    *("mfa_index", "mfa_list_webauthn", "socialaccount_connections", "mfa_login_webauthn"),
}
PAGES_OF_FUNCTIONS = {"offline", "trust", "api-docs"}


def _names(resolver: URLResolver, space: str = "") -> list[tuple[str, URLPattern]]:
    """Return every named route by its whole name, such as actions:list."""
    found = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found += _names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            found.append((space + pattern.name, pattern))
    return found


def test_every_page_says_what_it_is_for() -> None:
    read = {
        name
        for name, pattern in _names(get_resolver())
        if hasattr(getattr(pattern.callback, "view_class", None), "get") or name in PAGES_OF_FUNCTIONS
    }
    assert len(read) > 200, "hardly any page was asked: this guard sees nothing"
    silent = {name for name in read if not purposes.named(name) and name.rpartition(":")[2] not in NOT_READ}
    complain(
        sorted(silent),
        "The question mark says nothing on these pages: a sentence in desk/purposes.py, or in the register's purposes.",
    )
    routes = {name for name, _pattern in _names(get_resolver())}
    usual = {name.rpartition(":")[2] for name in routes if ":" in name}
    gone = {*purposes.ACROSS, *purposes.ACCOUNT} - routes | set(purposes.USUAL) - usual
    gone |= {f"{one.slug}:{name}" for one in registers() for name in one.purposes} - routes
    complain(sorted(gone), "There is no such page any more: remove its sentence.")


def _address(route: str) -> str | None:
    """Return an address of the route with made-up values, or None where a regular expression has no sample."""
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "nobody"), route)
    return None if re.search(r"[\\^$(?]", filled) else "/" + filled


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_signed_out_nobody_gets_in(method: str) -> None:
    client, found, asked = Client(), [], 0
    for route in sorted({route for route, _ in ROUTES if not _is_public(route)}):
        if (address := _address(route)) is None:  # a regular expression; classified by the first test
            continue
        answer, asked = getattr(client, method)(address), asked + 1
        to_login = answer.status_code == 302 and "/login/" in answer["Location"]
        if not (to_login or answer.status_code == 404):
            found.append(f"{method.upper()} {address}: {answer.status_code}")
    assert asked > 50, "hardly any route was asked: this guard sees nothing"
    complain(found, "A stranger got an answer other than the sign-in page or 404.")


def test_every_page_is_looked_at_in_a_browser() -> None:
    walked = [*pages.OUTSIDE, *pages.BY_LETTER, *pages.members(lambda register, state: "X-1"), *pages.leads("X-1")]
    opened = {resolve("/" + place.partition("?")[0]).route for place in walked if place != pages.ABSENT}
    opened |= {route for route, _ in ROUTES if route.replace("^", "") in opened}  # a regular expression loses its start
    files = (
        "/export.csv",
        "/export.xlsx",
        "/export/<uuid:uid>/file/",
        "/import/blank.xlsx",
        "/import/<uuid:uid>/errors.xlsx",
        "/files/<uuid:uid>/",
        "/labels.pdf",
        "/label.pdf",
    )
    runs = ("/export/<uuid:uid>/", "/import/<uuid:uid>/")  # there is none before somebody begins one: test_sheets does
    shown = [route for route, pattern in ROUTES if hasattr(getattr(pattern.callback, "view_class", None), "get")]
    unseen = {route for route in shown if not route.endswith(files + runs)} - opened - set(pages.NO_PAGE)
    unseen = {route for route in unseen if not route.startswith(tuple(pages.UNSEEN))}
    unseen -= {
        route for route in unseen & FACES if _alike(route) in {_alike(one) for one in opened | set(pages.NO_PAGE)}
    }
    complain(
        sorted(unseen),
        "Nobody looks whether these pages have barriers: name them in tests/journeys/pages.py, beside their like.",
    )
