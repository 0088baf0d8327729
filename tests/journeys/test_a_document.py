"""The second stage of the road, whole: a gap becomes a document that is reviewed, signed, read and in force."""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey
TODAY = datetime.now(ZoneInfo("Europe/London")).date()  # where Linden is
PEOPLE = {"tom": "tom@linden.example", "grace": "grace@linden.example", "ruth": "ruth@linden.example"}


def first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def test_from_a_gap_to_a_document_in_force(live, open_page, tmp_path: Path) -> None:
    at = {name: sign_in(open_page(), live, email, then="/linden/") for name, email in PEOPLE.items()}
    at["helen"] = sign_in(open_page(), live, "helen@marsh.example", then="/linden/")
    number, first = started_from_a_template(at["tom"], live.url)
    asked_for_review(at["tom"], ("Grace Okoro", "Helen Marsh"))
    handed_in(at["tom"])
    for who in ("grace", "helen"):
        agreed(at[who], first)
    approved(at["ruth"], first)
    everybody_gets_it(at["ruth"], live.url, number)
    put_into_force(at["ruth"], first, TODAY)
    read_and_understood(at["grace"], live.url, first)
    second = written_on(at["tom"], live.url, number)
    handed_in(at["tom"])
    approved(at["ruth"], second)
    put_into_force(at["ruth"], second, first_of_next_month(TODAY))
    the_commands_tell_the_same(live, number, tmp_path)
    a_stranger_asks_the_paper(open_page(), live, first)


def started_from_a_template(page: Page, url: str) -> tuple[str, str]:
    """Tom takes a gap of the initial audit and begins its document."""
    page.goto(f"{url}/linden/road/documents/")
    row = page.locator("li, article, tr").filter(has=page.get_by_text("8.7.2", exact=True)).last
    row.get_by_role("link", name="Start from a template").click()
    page.get_by_role("button", name="Make the document").click()
    page.wait_for_url(re.compile(r"/revisions/REV-\d+/write/"))
    revision = page.url.removesuffix("write/")
    expect(page.get_by_text(re.compile(r"\d+ places to fill in"))).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(revision)
    number = page.locator("h1 .pl-number").inner_text()
    return number, revision


def asked_for_review(page: Page, names: tuple[str, ...]) -> None:
    for name in names:
        page.get_by_label("Ask whom?").select_option(label=name)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator("[data-route] strong").filter(has_text=name)).to_be_visible()


def handed_in(page: Page) -> None:
    page.get_by_role("link", name="Hand in").click()
    page.get_by_role("main").get_by_role("button", name="Hand in").click()
    page.wait_for_url(re.compile(r"/revisions/REV-\d+/$"))
    expect(page.get_by_text(re.compile("In review|In approval")).first).to_be_visible()


def agreed(page: Page, revision: str) -> None:
    page.goto(page.url.partition("/linden/")[0] + "/linden/my-work/")
    expect(page.get_by_role("link", name=re.compile("Agree|Review")).first).to_be_visible()
    page.goto(f"{revision}review/")
    page.get_by_role("button", name="Agree").click()
    page.wait_for_url(lambda now: not now.endswith("/review/"))
    expect(page.get_by_text(re.compile("In review|In approval")).first).to_be_visible()


def approved(page: Page, revision: str) -> None:
    page.goto(f"{revision}approve/")
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url(lambda now: not now.endswith("/approve/"))
    expect(page.get_by_text("Approved").first).to_be_visible()


def everybody_gets_it(page: Page, url: str, number: str) -> None:
    page.goto(f"{url}/linden/documents/{number}/distribution/")
    page.get_by_label("Who else gets it").select_option(label="Everybody")
    page.get_by_role("button", name="Add", exact=True).last.click()
    expect(page.get_by_text(re.compile(r"\d+ people today"))).to_be_visible()


def put_into_force(page: Page, revision: str, day: date) -> None:
    page.goto(f"{revision}put_into_force/")
    page.get_by_label(re.compile("^In force from", re.I)).first.fill(day.isoformat())
    page.get_by_role("main").get_by_role("button", name="Put into force").click()
    page.wait_for_url(revision)
    expect(page.get_by_text("In force" if day == TODAY else "Approved").first).to_be_visible()


def read_and_understood(page: Page, url: str, revision: str) -> None:
    page.goto(f"{url}/linden/my-work/")
    page.get_by_role("link", name=re.compile(r"nonconforming", re.I)).first.click()
    page.goto(f"{revision}read/")
    page.get_by_role("button", name=re.compile("read and understood", re.I)).click()
    expect(page.get_by_text("it is noted that you read it")).to_be_visible()
    page.goto(f"{url}/linden/my-work/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("read and understood")).to_have_count(0)


def written_on(page: Page, url: str, number: str) -> str:
    """Tom begins the next revision with the content that is in force."""
    page.goto(f"{url}/linden/documents/{number}/")
    page.get_by_text("New revision", exact=True).click()
    page.get_by_role("button", name="Write on").click()
    page.wait_for_url(re.compile(r"/revisions/REV-\d+/write/"))
    revision = page.url.removesuffix("write/")
    page.locator(".ProseMirror p").first.click()
    page.keyboard.press("End")
    page.keyboard.type(" Red boxes only.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(revision)
    return revision


def the_commands_tell_the_same(live, number: str, folder: Path) -> None:
    def on(day: date) -> str:
        told = live.plumb("documents", "linden", "--as-of", day.isoformat(), "--json").splitlines()
        return next(line["revision"] for line in map(json.loads, told) if line["number"] == number)

    assert [on(TODAY), on(first_of_next_month(TODAY))] == ["1.0", "1.1"]
    live.plumb("document", number, "--organisation", "linden", "-o", str(folder / "copy.pdf"))
    assert (folder / "copy.pdf").read_bytes().startswith(b"%PDF")
    live.plumb("redline", number, "1.0", "1.1", "--organisation", "linden", "-o", str(folder / "redline.html"))
    assert "Red boxes only" in (folder / "redline.html").read_text()
    live.plumb("verify", "--deep")


def a_stranger_asks_the_paper(page: Page, live, revision: str) -> None:
    """The QR code of a paper copy answers anybody, and says only whether it is current."""
    page.goto(f"{live.url}/r/{revision_uid(live, revision)}/")
    expect(page.get_by_role("heading", name="Current")).to_be_visible()
    expect(page.get_by_text("Linden")).to_have_count(0)


def revision_uid(live, revision: str) -> str:
    number = revision.rstrip("/").rpartition("/")[2]
    lines = map(json.loads, live.plumb("list", "revisions", "--organisation", "linden", "--json").splitlines())
    return next(line["uid"] for line in lines if line["number"] == number)
