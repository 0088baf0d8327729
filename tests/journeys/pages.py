"""Every page there is, and who opens it; tests/guards/test_routes.py tells of a page that is not named here."""

import json
import re
from collections.abc import Callable

from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from plumbline.ui.frame import Frame, Reader
from plumbline.ui.styleguide import everything

from .walking import letter_to, sign_in

ABSENT = "no-such-place/"
OUTSIDE = (
    "accounts/login/", "accounts/inactive/", "accounts/password/reset/", "accounts/password/reset/done/",
    "accounts/password/reset/key/1-none/", "accounts/password/reset/key/done/", "start/", "trust/", "api/docs",
    "accounts/provider/cancelled/", "offline/",
)  # fmt: skip
ACCOUNT = (
    "accounts/logout/", "accounts/password/change/", "accounts/reauthenticate/", "accounts/security/",
    "accounts/security/authenticator/", "accounts/security/passkey/", "accounts/security/recovery-codes/new/",
)  # fmt: skip
ACROSS = (
    "", "my-work/", "search/?q=gauge", "standard/", "standard/load/", "standard/iso9001:2015/7.1.5.2/",
    "standard/iso9001:2026/4.1/", "people/", "people/person/new/", "people/site/new/", "people/role/new/", "settings/",
    "settings/fields/", "settings/fields/actions/", "settings/fields/actions/new/",
    "settings/everything/", "settings/webhooks/", "settings/webhooks/new/",
    "my-notices/", "my-tokens/", "settings/programs/", "road/documents/", "road/documents/4.3-3/",
    "settings/sign-in/", "settings/directory/", "settings/devices/", "settings/devices/new/",
    "library/", "library/?q=callipper", "library/?on=2020-01-01", "library/?group=sort:procedure",
)  # fmt: skip
OWN = {  # register → the state of the record to look at, and its pages beyond those that every record has
    "documents": (
        "proposed",
        (
            "kinds/",
            "kinds/policy/",
            "kinds/new/",
            "copies/",
            "labels/",
            "{}/paper-copies/",
            "{}/ask/",
            "bring-in/",
            "review/",
            "new/?how=empty",
            "new/?blank=scope",
            "{}/edit/",
            "{}/text/",
            "{}/redline/",
            "{}/distribution/",
            "alert/",
            "{}/confirm/",
        ),
    ),
    "findings": ("open", ("{}/edit/", "{}/withdraw/")),
    "nonconformities": ("open", ("{}/edit/", "{}/correct/", "{}/cancel/")),
    "actions": (
        "open",
        ("{}/edit/", "{}/finish/", "views/", "views/new/?state=open", "columns/", "print/", "?view=all&state=open"),
    ),
    "not-applicable": ("in_force", ("{}/withdraw/",)),
    "audits": ("running", ("{}/edit/", "{}/replace/")),
}
EVERYWHERE = ("", "new/", "export/", "import/", "{}/", "{}/timeline/")  # of every register
SHOWN = ("documents", "actions", "audits")  # in light and in dark; of the others these pages have the same parts
REPEATED = re.compile(rf"linden/(?!{'|'.join(SHOWN)})({'|'.join(OWN)})/((new|export|import)/|[^/]+/(timeline/)?)?$")
LEADS = ("{}/plan/", "{}/checklist/", "{}/checklist/production/", "{}/gaps/", "{}/report/", "{}/close/")
BY_LETTER = (
    "linden/people/person/018f0000-0000-7000-8000-000000000000/",
    "accounts/password/reset/key/1-x/",
    "accounts/join/x/",
)
ERRORS = ("400", "403", "403_csrf", "404", "409", "429", "500")
NO_PAGE = {  # routes that answer a GET without a page of their own → with what
    "": "leads on; the choice among organisations is drawn",
    "accounts/mails/<str:token>/": "a signed address that stands in a mail; the page is drawn",
    "accounts/password/set/": "leads on: every account has a password",
    "<slug:organisation>/settings/webhooks/<uuid:uid>/": "there is none to begin with: test_webhooks makes one",
    "accounts/security/all/": "leads on",
    "accounts/security/passkeys/": "leads on",
    "accounts/security/providers/": "leads on",
    "accounts/security/recovery-codes/file/": "a file",
    "accounts/passkey/": "what the sign-in page's script asks for",
    "accounts/provider/failed/": "the cancelled page with another sentence",
    "accounts/provider/prove/": "shown when a provider names an account that exists: tests/signin/test_providers.py",
    "accounts/security/directory/<slug:id>/": "a password field, only where a directory is configured",
    "accounts/needed/<slug:slug>/": "leads on where nothing is missing: test_second_factor",
    "accounts/device/": "test_shared_device walks it: refused but for a bound device",
    "accounts/device/<uuid:uid>/": "test_shared_device",
    "accounts/device/new-pin/": "test_shared_device",
    "accounts/device/bind/<str:ticket>/": "test_shared_device",
    "<slug:organisation>/people/person/<uuid:uid>/badge/": "test_shared_device",
    "accounts/second-factor/": "test_second_factor",
    "accounts/second-factor/again/": "test_second_factor",
    "accounts/passkey/again/": "test_second_factor",
    "accounts/security/recovery-codes/": "test_second_factor",
    "accounts/security/authenticator/remove/": "test_second_factor",
    "accounts/security/passkey/<int:pk>/": "test_second_factor",
    "accounts/security/passkey/<int:pk>/remove/": "test_second_factor",
    "language/": "only takes what a form sends",
    "health/": "a word for watchdogs",
    "manifest.webmanifest": "a file",
    "favicon.ico": "leads to the icon",
    "sw.js": "a file",
    "trust/plumbline.crt": "a file",
    "r/<uuid:uid>/": "leads to the record, or tells strangers whether a copy is current: test_copies",
    "<slug:organisation>/settings/everything/<uuid:uid>/": "there is none before somebody begins one: test_everything",
    "<slug:organisation>/settings/everything/<uuid:uid>/company.zip": "a file",
    "<slug:organisation>/not-applicable/<str:number>/edit/": "the form of every register; the demo's are past it",
    "<slug:organisation>/audits/<str:number>/report.<slug:form>": "a file",
    "<slug:organisation>/audits/<str:number>/checklist/<slug:code>/now/": "what changed, for the checklist's script",
    "<slug:organisation>/library/list.<slug:form>": "a file",
    "<slug:organisation>/library/listed/<uuid:uid>/": "there is none to begin with: test_library makes one",
    "<slug:organisation>/library/listed/<uuid:uid>/file/": "a file",
    "<slug:organisation>/library/bound.pdf": "a file",
    "<slug:organisation>/library/bound/<uuid:uid>/": "there is none to begin with: desk/tests/test_binding makes one",
    "<slug:organisation>/library/bound/<uuid:uid>/file/": "a file",
    "<slug:organisation>/calendar/<str:token>.ics": "a file",
    "<slug:organisation>/calendar/<str:token>/<slug:register>.ics": "a file",
    "<slug:organisation>/calendar/<str:token>/<slug:register>/<uuid:view>.ics": "a file",
    "<slug:organisation>/settings/fields/<slug:register>/<slug:code>/": "test_own_fields walks it: the demo has none",
    "<slug:organisation>/actions/views/<uuid:view>/": "test_lists walks it: the demo has no saved views",
    "<slug:organisation>/actions/many/<uuid:run>/": "test_lists walks it: what became of a move",
    "<slug:organisation>/documents/<str:number>/revisions/<uuid:uid>/": "a file",
    "<slug:organisation>/documents/<str:number>/fill/": "a file",
    "<slug:organisation>/documents/<str:number>/paper-copies/<int:no>.pdf": "a file",
    "<slug:organisation>/documents/<str:number>/keep/": "the form of every move; the demo's document is not in use",
    "<slug:organisation>/documents/<str:number>/outside/": "a form of five fields; the demo keeps nothing from outside",
}

UNSEEN = {  # may only shrink: pages that no journey looks at yet → why
    "<slug:organisation>/revisions/": "revisions are reached from their document; their journey comes with their pages",
    "<slug:organisation>/records/": "the demo companies keep no records yet",
}


def drawn() -> dict[str, str]:
    """Pages that no address shows at will: the answers to errors, every component, the choice among organisations."""
    found = {code: render_to_string(f"{code}.html") for code in ERRORS}
    found["style"] = render_to_string("ui/styleguide.html", everything())
    mine = [{"name": "Linden Metalwork", "slug": "linden"}, {"name": "Brightwater Pumps", "slug": "brightwater"}]
    found["stop-mails"] = render_to_string("desk/stop_mails.html", {"where": mine[0]})
    found["choice"] = render_to_string(
        "desk/choose.html",
        {"organisations": mine, "may_found": True, "frame": Frame(Reader(account="helen@marsh.example"))},
    )
    return found


def number_of(live, slug: str, state: str) -> str:
    """The number of the first record of a register in that state."""
    lines = [json.loads(line) for line in live.plumb("list", slug, "--organisation", "linden", "--json").splitlines()]
    return next(line["number"] for line in lines if line["state"] == state)


def members(number: Callable[[str, str], str]) -> list[str]:
    """Every page a member can open, one record for each page of a kind; `number(register, state)` finds it."""
    found = [ABSENT, *ACCOUNT, *(f"linden/{place}" for place in ACROSS)]
    for slug, (state, own) in OWN.items():
        asked = number(slug, state)
        found += [f"linden/{slug}/{place}".format(asked) for place in (*EVERYWHERE, *own)]
    return found


def leads(number: str) -> list[str]:
    """The pages of an audit for the one who leads it."""
    return [f"linden/audits/{place}".format(number) for place in LEADS]


def by_letter(page: Page, live, look: str) -> list[str]:
    """Somebody's own page, and the pages a mail leads to: a password made anew, an invitation (BY_LETTER)."""
    page.goto(f"{live.url}/accounts/password/reset/")
    page.get_by_label("Email").fill("tom@linden.example")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/done/")
    links = re.findall(r"http://[^/]+/(accounts/password/reset/key/\S+)", letter_to(live, "tom@linden.example"))
    sign_in(page, live, "ruth@linden.example").goto(f"{live.url}/linden/people/person/new/")
    page.get_by_label("Name", exact=True).fill(f"Nina {look}")
    page.get_by_label("E-mail").fill(f"{look}@nina.example")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name=f"Nina {look}").click()
    expect(page.get_by_role("button", name="Invite by e-mail")).to_be_visible()
    own = page.url.removeprefix(f"{live.url}/")
    page.get_by_role("button", name="Invite by e-mail").click()
    page.get_by_role("link", name=f"Nina {look}").wait_for()
    said = page.get_by_role("status").first.inner_text()  # where no mail server is, the link stands on the page
    invited = re.findall(r"http://[^/]+/(accounts/join/[^\s/]+/)", said) or re.findall(
        r"http://[^/]+/(accounts/join/\S+)", letter_to(live, f"{look}@nina.example")
    )
    return [own, *links, *invited]
