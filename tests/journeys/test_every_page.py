"""Every page in every look: no barrier, nothing wider than the screen, nothing refused, nobody else asked."""

from collections.abc import Iterable
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from .pages import ABSENT, OUTSIDE, REPEATED, by_letter, drawn, leads, members, number_of
from .walking import sign_in, too_wide

pytestmark = pytest.mark.journey
NARROW = 320  # WCAG 2.2, 1.4.10: without scrolling in two directions
COLOURS = ("color-contrast", "link-in-text-block")  # all that dark changes, and by far the most of the time
SCROLLED_AWAY = """() => {
    const bar = document.querySelector("header.pl-top");
    scrollTo(0, document.documentElement.scrollHeight);
    return bar && bar.getBoundingClientRect().top < 0;
}"""


def barriers(page: Page, look: str, options: dict | None = None) -> list[str]:
    """What axe finds, one line a rule; the script is brought into a page once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    asked = {"resultTypes": ["violations"], "preload": False} | (options or {})
    found = page.evaluate("options => axe.run(document, options)", asked)["violations"]
    return [
        f"{page.url} {look}: {rule['id']}: {'; '.join(node['html'][:140] for node in rule['nodes'][:3])}"
        for rule in found
    ]


def met(page: Page, look: str, again: bool = False) -> list[str]:
    """What is wrong with the page as it stands: in light, in dark, and on the narrowest screen.

    `again`: a page of these parts and colours was looked at in both, of another register.
    """
    page.emulate_media(color_scheme="light")
    seen = {"rules": {rule: {"enabled": False} for rule in COLOURS}} if again else {}
    wrong = barriers(page, f"{look} light", seen)
    if not again:
        page.emulate_media(color_scheme="dark")
        wrong += barriers(page, f"{look} dark", {"runOnly": list(COLOURS)})
    if look == "desktop" and page.evaluate(SCROLLED_AWAY):
        wrong.append(f"{page.url}: the bar at the top scrolls away")
    return wrong + (too_wide(page, NARROW) if look == "phone" else [])


def walk(page: Page, live, look: str, there: Iterable[str]) -> list[str]:
    """Open one page after the other; what is wrong with them."""
    wrong = []
    for place in there:
        answer = page.goto(f"{live.url}/{place}")
        if answer.status != (404 if place == ABSENT else 200):
            wrong.append(f"{place}: {answer.status}")
        wrong += met(page, look, again=REPEATED.match(place) is not None)
    return wrong


def look_at(page: Page, live, look: str, pages: dict[str, str]) -> list[str]:
    """What is wrong with pages that are drawn here and shown where the server's style and scripts are."""
    wrong = []
    for name, html in pages.items():
        address = f"{live.url}/drawn/{name}/"
        page.route(address, partial(Route.fulfill, body=html, content_type="text/html; charset=utf-8"))
        page.goto(address)
        wrong += met(page, look)
    page.unroute_all()  # the browser keeps nothing while there is a route
    return wrong


@pytest.mark.allow_page_errors  # the browser notes the 404; everything else it notes is looked at here
@pytest.mark.parametrize("look", ["desktop", "phone"])
def test_every_page_is_without_barriers_and_fits_the_screen(live, open_page, look) -> None:
    page, asked, noted = open_page(look), set(), []
    page.on("request", lambda request: asked.add(request.url.split("/")[2] if "//" in request.url else ""))
    page.on("console", lambda line: noted.append(f"{page.url}: {line.text}") if line.type == "error" else None)
    kept = "/draft/"  # nobody types here
    page.on("request", lambda sent: noted.append(f"{page.url} sent {sent.url}") if kept in sent.url else None)
    page.on("pageerror", lambda error: noted.append(f"{page.url}: {error}"))
    wrong = walk(page, live, look, OUTSIDE) + look_at(page, live, look, drawn())
    own, *links = by_letter(page, live, look)
    wrong += walk(page, live, look, [own, *members(partial(number_of, live))]) + too_wide(page, NARROW, 360, 390)
    page.context.clear_cookies()
    wrong += walk(page, live, look, links)
    led = leads(number_of(live, "audits", "running"))
    wrong += walk(sign_in(page, live, "helen@marsh.example"), live, look, led)
    noted = [line for line in noted if f"/{ABSENT}" not in line]
    assert not wrong + noted, "\n".join(wrong + noted)
    assert asked <= {live.url.split("/")[2], ""}, asked


@pytest.mark.allow_page_errors  # the picture that is not there
def test_a_barrier_would_be_found(page, live) -> None:
    page.goto(f"{live.url}/accounts/login/")
    assert met(page, "desktop") == []
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p><img src=\"/x.png\"></p>')")
    page.evaluate("document.querySelector('h1').style.opacity = 0.2")
    found = "\n".join(met(page, "desktop"))
    assert "light: image-alt" in found
    assert "light: color-contrast" in found
    assert "dark: color-contrast" in found
