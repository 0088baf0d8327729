"""Every page in every look: no barrier, nothing wider than the screen, nothing refused, nobody else asked."""

import json
from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .walking import sign_in

pytestmark = pytest.mark.journey
NARROW = {"width": 320, "height": 640}  # WCAG 2.2, 1.4.10: without scrolling in two directions
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # all that dark changes
SCROLLED_AWAY = """() => {
    const bar = document.querySelector("header.pl-top");
    scrollTo(0, document.documentElement.scrollHeight);
    return bar && bar.getBoundingClientRect().top < 0;
}"""
ABSENT = "no-such-place/"
OUTSIDE = ("accounts/login/", "accounts/password/reset/", "start/")
ACROSS = ("", "my-work/", "search/?q=gauge", "standard/", "standard/load/", "standard/iso9001:2015/7.1.5.2/",
          "standard/iso9001:2026/4.1/", "people/", "people/person/new/", "settings/")  # fmt: skip
OWN = {  # register → the state of the record to look at, and its pages beyond those that every record has
    "documents": ("proposed", ("bring-in/", "review/", "{}/edit/", "{}/text/", "{}/confirm/")),
    "findings": ("open", ("{}/edit/", "{}/withdraw/")),
    "nonconformities": ("open", ("{}/edit/", "{}/correct/", "{}/cancel/")),
    "actions": ("open", ("{}/edit/", "{}/finish/")),
    "not-applicable": ("in_force", ("{}/withdraw/",)),
    "audits": ("running", ("{}/edit/", "{}/replace/")),
}
LEADS = ("{}/plan/", "{}/checklist/", "{}/gaps/", "{}/report/", "{}/close/")  # with all that its lead may do there


def number_of(live, slug: str, state: str) -> str:
    lines = [json.loads(line) for line in live.plumb("list", slug, "--organisation", "linden", "--json").splitlines()]
    return next(line["number"] for line in lines if line["state"] == state)


def places(live) -> list[str]:
    """Every page a member can open, one record for each page of a kind."""
    found = [ABSENT, *(f"linden/{place}" for place in ACROSS)]
    for slug, (state, own) in OWN.items():
        number = number_of(live, slug, state)
        found += [f"linden/{slug}/{place}".format(number) for place in ("", "new/", "{}/", "{}/timeline/", *own)]
    return found


def barriers(page: Page, look: str, options: dict | None = None) -> list[str]:
    """What axe finds, one line a rule; the script is brought into a page once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    asked = {"resultTypes": ["violations"]} | (options or {})
    found = page.evaluate("options => axe.run(document, options)", asked)["violations"]
    return [
        f"{page.url} {look}: {rule['id']}: {'; '.join(node['html'][:140] for node in rule['nodes'][:3])}"
        for rule in found
    ]


def met(page: Page, look: str) -> list[str]:
    """What is wrong with the page as it stands: in light, in dark, and on the narrowest screen."""
    page.emulate_media(color_scheme="light")
    wrong = barriers(page, f"{look} light")
    page.emulate_media(color_scheme="dark")
    wrong += barriers(page, f"{look} dark", COLOURS)
    if look == "desktop" and page.evaluate(SCROLLED_AWAY):
        wrong.append(f"{page.url}: the bar at the top scrolls away")
    if look == "phone":
        size = page.viewport_size
        page.set_viewport_size(NARROW)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
            wrong.append(f"{page.url} is {wide} px wide on a screen of {NARROW['width']}")
        page.set_viewport_size(size)
    return wrong


def walk(page: Page, live, look: str, there: Iterable[str]) -> list[str]:
    """Open one page after the other; what is wrong with them."""
    wrong = []
    for place in there:
        answer = page.goto(f"{live.url}/{place}")
        if answer.status != (404 if place == ABSENT else 200):
            wrong.append(f"{place}: {answer.status}")
        wrong += met(page, look)
    return wrong


@pytest.mark.allow_page_errors  # the browser notes the 404; everything else it notes is looked at here
@pytest.mark.parametrize("look", ["desktop", "phone"])
def test_every_page_is_without_barriers_and_fits_the_screen(live, open_page, look) -> None:
    page, asked, noted, wrong = open_page(look), set(), [], []
    page.on("request", lambda request: asked.add(request.url.split("/")[2] if "//" in request.url else ""))
    page.on("console", lambda line: noted.append(f"{page.url}: {line.text}") if line.type == "error" else None)
    page.on("pageerror", lambda error: noted.append(f"{page.url}: {error}"))
    wrong += walk(page, live, look, OUTSIDE)
    wrong += walk(sign_in(page, live, "ruth@linden.example"), live, look, places(live))
    page.context.clear_cookies()
    audit = number_of(live, "audits", "running")
    led = [f"linden/audits/{place}".format(audit) for place in LEADS]
    wrong += walk(sign_in(page, live, "helen@marsh.example"), live, look, led)
    noted = [line for line in noted if f"/{ABSENT}" not in line]
    assert not wrong + noted, "\n".join(wrong + noted)
    assert asked <= {live.url.split("/")[2], ""}, asked
