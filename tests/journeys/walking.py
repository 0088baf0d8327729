"""What every journey does: sign in, make an organisation, invite somebody, wait until an answer is saved."""

import json
import re
from email import message_from_bytes
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from plumbline.config.demo import PASSWORD as DEMO
from tests.peers.server import Live

PASSWORD = "a fence around the orchard"
SAVED = re.compile(r"Saved|Sent|is saved|attached", re.I)


def sign_in(page: Page, live: Live, email: str, password: str = DEMO, then: str = "/") -> Page:
    """Sign in at the page the person wanted to see."""
    page.goto(f"{live.url}/accounts/login/?next={then}")
    page.get_by_label("Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    return page


def number_of(live: Live, register: str, place: int = 1) -> str:
    """The number of the first, second ... record of one of Linden's registers, in whichever year this is."""
    lines = live.plumb("list", register, "--organisation", "linden", "--json").splitlines()
    return sorted(json.loads(line)["number"] for line in lines)[place - 1]


def make_organisation(page: Page, live: Live, name: str, person: str, email: str, people: int = 9) -> None:
    """Answer the five questions of a fresh installation."""
    page.goto(live.url + "/start/")
    page.get_by_label("What is the organisation called?").fill(name)
    page.get_by_label("Your name").fill(person)
    page.get_by_label("Your e-mail").fill(email)
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_label("How many people work there?").fill(str(people))
    page.get_by_label("At how many sites?").fill("1")
    page.get_by_role("group", name="Do you design").get_by_label("No").check()
    page.get_by_role("group", name="Do you use measuring equipment").get_by_label("Yes").check()
    page.get_by_label("We have no quality management system yet").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="The road to the certificate")).to_be_visible()


def add_person(page: Page, live: Live, slug: str, name: str, email: str, role: str = "") -> None:
    """Write somebody down, give her or him a role, and send the invitation."""
    page.goto(f"{live.url}/{slug}/people/")
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name=name).click()
    if role:
        page.get_by_role("link", name="Give a role").click()
        page.get_by_label("Role").select_option(role)
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(lambda url: "/role/" not in url)
        page.goto(f"{live.url}/{slug}/people/")
        page.get_by_role("link", name=name).click()
    page.get_by_role("button", name="Invite by e-mail").click()
    told = re.compile(f"{name} is invited|Give {name} this link yourself")  # without a mail server
    expect(page.get_by_text(told)).to_be_visible()


def letter_to(live: Live, email: str) -> str:
    """The newest mail to an address; without a mail server they lie in the data folder."""
    folder = live.data / "mail"
    found = [path.read_bytes() for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)]
    letters = [message_from_bytes(content.split(b"\n-----")[0]) for content in found]
    mine = [letter for letter in letters if email in str(letter["To"])]
    assert mine, f"no mail to {email} among {[str(letter['To']) for letter in letters]}"
    return mine[-1].get_payload(decode=True).decode()


def join(page: Page, live: Live, email: str) -> Page:
    """Follow the link of the mail and choose a password."""
    link = re.search(r"http://\S+/accounts/join/\S+", letter_to(live, email))
    assert link, "the invitation has no link"
    page.goto(link[0])
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    return page


def card(page: Page, number: int) -> Locator:
    """The question of that place in the area, counted from 1."""
    return page.get_by_role("article").nth(number - 1)


def saved(place: Locator) -> None:
    """Wait until the checklist says that the server has the answer."""
    expect(place.locator("[data-save-status]").first).to_have_text(SAVED)


def answer(place: Locator, result: str, notes: str = "") -> None:
    """Mark a question and write what was seen."""
    if notes:
        place.get_by_label("Notes").first.fill(notes)
        place.get_by_label("Notes").first.blur()
    place.get_by_role("radio", name=result, exact=True).first.check(force=True)
    saved(place)


def download(page: Page, name: str, folder: Path) -> Path:
    """Click what is offered under that name and return the file that came."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=name, exact=True).click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def too_wide(page: Page, *screens: int) -> list[str]:
    """What is wider than these screens; with a mouse the bar at the top shows more than on a phone."""
    wrong, size = [], page.viewport_size
    page.wait_for_load_state()
    for width in screens:
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )  # laid out anew
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            wrong.append(f"{page.url} is {wide} px wide on a screen of {width}")
    page.set_viewport_size(size)
    return wrong
