"""The pictures of README and manual: pages of the demo company, written with PLUMBLINE_PICTURES=1."""

import json
import os
import re

import pytest
from playwright.sync_api import Page, expect

from tests.peers.browser import PICTURES

from .walking import sign_in

pytestmark = pytest.mark.journey
AUDIT = "audits/AUD-{}-001"
SHOWN = {  # picture → whose eyes, which page, what must be on it
    "road": ("ruth@linden.example", "", "Every gap has an owner and a date"),
    "import": ("ruth@linden.example", "documents/review/", "Speaks to"),
    "list": ("ruth@linden.example", "documents/", "Quality policy"),
    "record": ("grace@linden.example", "nonconformities/NC-{}-003/", "Linked"),
    "checklist": ("helen@marsh.example", AUDIT + "/checklist/production/", "Evidence expected"),
    "gaps": ("helen@marsh.example", AUDIT + "/gaps/", "Open a nonconformity"),
    "retention": ("ruth@linden.example", "records/retention/", "How much ends when"),
    "report": ("helen@marsh.example", AUDIT + "/report/", "Where we stand"),
}
MOST = 150_000  # bytes a picture


def small(name: str) -> None:
    """Reduce a picture to 128 colours: a page has few, and the repository carries every version."""
    from PIL import Image

    path = PICTURES / f"{name}.png"
    with Image.open(path) as image:
        image.convert("RGB").quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            path, optimize=True
        )
    assert path.stat().st_size < MOST, f"{path.name} has {path.stat().st_size} bytes"


def the_best_question(page: Page) -> None:
    """One that documents speak to, under the areas."""
    speaks = page.get_by_role("article").filter(has=page.get_by_role("listitem").filter(has_text=re.compile("LM-")))
    speaks.first.evaluate("card => { card.scrollIntoView({ block: 'start' }); window.scrollBy(0, -24); }")


def test_the_pages_of_the_manual_are_there(live, page, picture) -> None:
    found = live.plumb("list", "audits", "--organisation", "linden", "--json").splitlines()
    year = json.loads(found[0])["number"].split("-")[1]
    for name, (eyes, place, words) in SHOWN.items():
        page.context.clear_cookies()
        sign_in(page, live, eyes)
        page.goto(f"{live.url}/linden/{place.format(year)}")
        expect(page.get_by_text(words).first).to_be_visible()
        if name == "checklist":
            the_best_question(page)
        picture(page, name)
        if os.environ.get("PLUMBLINE_PICTURES") == "1":
            small(name)
