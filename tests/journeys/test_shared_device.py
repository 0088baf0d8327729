"""Ruth binds a tablet for the hall; Kim, who has no e-mail, reports by PIN and makes room for the next with a badge."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey
TABLET = {"viewport": {"width": 820, "height": 1100}, "has_touch": True}
DEVICES, PEOPLE = "/linden/settings/devices/", "/linden/people/"


def looked(page: Page, name: str) -> None:
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def she_makes_the_link(desk: Page, no_barriers) -> str:
    desk.get_by_role("link", name="Shared devices").click()
    expect(desk.get_by_role("heading", name="No shared device yet")).to_be_visible()
    desk.get_by_role("main").get_by_role("link", name="Bind a device").click()
    no_barriers(desk)
    desk.get_by_label("Name", exact=True).fill("Tablet in hall 2")
    desk.get_by_role("button", name="Make the link").click()
    expect(desk.get_by_role("img", name="QR code of the link")).to_be_visible()
    no_barriers(desk)
    looked(desk, "link")
    return desk.get_by_label("Link", exact=True).input_value()


def the_tablet_is_bound(tablet: Page, link: str, no_barriers) -> None:
    tablet.goto(link)
    expect(tablet.get_by_role("heading", name="Is this “Tablet in hall 2”?")).to_be_visible()
    no_barriers(tablet)
    tablet.get_by_role("button", name="Bind this device").click()
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()


def she_adds(desk: Page, live, name: str, number: str) -> None:
    desk.goto(live.url + PEOPLE)
    desk.get_by_role("link", name="Add a person").click()
    desk.get_by_label("Name", exact=True).fill(name)
    desk.get_by_label("Personnel number").fill(number)
    desk.get_by_label("Job").fill("Machine operator")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("link", name=re.compile(name)).click()
    desk.get_by_role("link", name="Badge and PIN").click()
    expect(desk.get_by_role("heading", name=f"{name}: badge and PIN")).to_be_visible()


def she_gives_a_first_pin(desk: Page, no_barriers) -> str:
    desk.get_by_role("button", name="Give a first PIN").click()
    first = desk.locator(".pl-first code").inner_text()
    no_barriers(desk)
    looked(desk, "first-pin")
    return first


def she_gives_a_badge(desk: Page, code: str, no_barriers) -> None:
    desk.get_by_label("Code of the badge").fill(code)
    desk.get_by_role("button", name="Give this badge").click()
    expect(desk.get_by_text(f"Badge ending in {code[-3:]}")).to_be_visible()
    no_barriers(desk)


def kim_chooses_her_own_pin(tablet: Page, first: str, no_barriers) -> None:
    tablet.get_by_role("link", name=re.compile("Kim Berger")).tap()
    expect(tablet.get_by_role("heading", name="Kim Berger")).to_be_visible()
    no_barriers(tablet)
    tablet.get_by_label("Your PIN").fill("0000")
    tablet.get_by_role("button", name="Sign in").tap()
    expect(tablet.get_by_text("That is not your PIN.").first).to_be_visible()
    looked(tablet, "wrong-pin")
    tablet.get_by_label("Your PIN").fill(first)
    tablet.get_by_label("Your PIN").press("Enter")
    expect(tablet.get_by_role("heading", name="Choose your PIN")).to_be_visible()
    no_barriers(tablet)
    looked(tablet, "new-pin")
    tablet.get_by_label("Your new PIN").fill("70931")
    tablet.get_by_label("The same once more").fill("70931")
    tablet.get_by_role("button", name="Keep it").tap()
    expect(tablet.get_by_role("heading", name="My work")).to_be_visible()


def she_reports(tablet: Page, live) -> str:
    tablet.goto(live.url + "/linden/nonconformities/new/")
    tablet.get_by_label("Title").fill("Burr on the brackets of order 25301")
    tablet.get_by_label("What happened").fill("Six of forty.")
    tablet.get_by_role("button", name="Save").tap()
    expect(tablet.get_by_role("heading", level=1)).to_contain_text("Burr on the brackets")
    expect(tablet.get_by_text("by PIN at Tablet in hall 2").first).to_be_visible()
    return tablet.get_by_role("heading", level=1).inner_text().split()[0]


def the_next_one_holds_a_badge_anywhere(tablet: Page, code: str) -> None:
    tablet.get_by_role("button", name="Next person").tap()
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
    badge_is_held(tablet, code)


def badge_is_held(tablet: Page, code: str) -> None:
    tablet.wait_for_load_state("load")  # the script that listens comes last
    tablet.get_by_role("link", name="With e-mail").focus()  # a reader types wherever the focus is
    tablet.keyboard.type(code)
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_role("heading", name="My work")).to_be_visible()


def she_goes_away_and_is_signed_out(tablet: Page, code: str) -> None:
    """Minutes without a touch, which nobody waits for here."""
    tablet.clock.install()
    tablet.reload()
    left = tablet.locator("form[data-idle]")
    idle = 1000 * int(left.get_attribute("data-idle") or 0)
    tablet.clock.fast_forward(idle - 10_000)
    tablet.get_by_role("heading", name="My work").tap()  # she is still there
    tablet.clock.fast_forward(idle - 10_000)
    expect(tablet.get_by_role("heading", name="My work")).to_be_visible()
    tablet.clock.fast_forward(20_000)
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
    tablet.go_back()
    expect(tablet.get_by_role("heading", name="My work")).to_have_count(0)
    tablet.goto(tablet.url)
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
    badge_is_held(tablet, code)


TEN_WRONG = """
import django
django.setup()
from unittest.mock import patch
from plumbline.organisation.models import Person
from plumbline.organisation.shared_devices import SharedDevice
from plumbline.organisation.signin import pins
kim, device = Person.objects.get(name="Kim Berger"), SharedDevice.objects.get()
with patch.object(pins, "rest", lambda wrong: pins.pause(0)), patch.object(pins, "DEVICE_FREE", 99):
    for n in range(10):
        assert pins.judge(device, kim, f"246{n}") in ("wrong", "rests")
"""


def a_colleague_types_ten_wrong_ones(live) -> None:
    """Over half an hour, which nobody waits for here: the pauses between are left out."""
    told = live.environment | {"DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    subprocess.run([sys.executable, "-c", TEN_WRONG], env=os.environ | told, check=True)


def her_pin_rests_and_is_opened_again(tablet: Page, desk: Page, live, no_barriers) -> None:
    tablet.get_by_role("button", name="Next person").tap()
    tablet.get_by_role("link", name=re.compile("Kim Berger")).tap()
    tablet.get_by_label("Your PIN").fill("70931")
    tablet.get_by_role("button", name="Sign in").tap()
    expect(tablet.get_by_text("your PIN rests here.").first).to_be_visible()
    asked = tablet.url
    no_barriers(tablet)
    looked(tablet, "rests")
    desk.goto(live.url + "/linden/my-work/")
    expect(desk.get_by_text("The PIN of Kim Berger rests at Tablet in hall 2")).to_be_visible()
    no_barriers(desk)
    looked(desk, "rests-my-work")
    desk.get_by_role("link", name="The PIN of Kim Berger rests at Tablet in hall 2").click()
    expect(desk.get_by_text("opens by itself")).to_be_visible()
    no_barriers(desk)
    looked(desk, "rests-person")
    desk.get_by_role("button", name="Open it again").click()
    expect(desk.get_by_text("The PIN of Kim Berger counts again.")).to_be_visible()
    tablet.goto(asked)  # after 90 seconds without a touch it shows the names again
    tablet.get_by_label("Your PIN").fill("70931")
    tablet.get_by_role("button", name="Sign in").tap()
    expect(tablet.get_by_role("heading", name="My work")).to_be_visible()


def she_sees_it_among_her_sessions(desk: Page, live, no_barriers) -> None:
    """Ruth gets a badge herself, holds it to the tablet's reader, and signs out there from her desk."""
    desk.goto(live.url + "/accounts/security/")
    line = desk.get_by_role("listitem").filter(has_text="Tablet in hall 2")
    expect(line.get_by_text("shared device")).to_be_visible()
    no_barriers(desk)
    looked(desk, "security")
    desk.set_viewport_size({"width": 390, "height": 844})
    looked(desk, "security-phone")
    desk.set_viewport_size({"width": 1280, "height": 900})
    line.get_by_role("button", name="Sign out there").click()
    expect(desk.get_by_text("That device is signed out.")).to_be_visible()
    expect(line).to_have_count(0)


def what_needs_more_says_so(tablet: Page, live) -> None:
    tablet.goto(live.url + "/linden/settings/")
    expect(tablet.get_by_text("is not enough for this").first).to_be_visible()
    looked(tablet, "refused")
    tablet.go_back()


def she_unbinds_it(desk: Page, tablet: Page, live, no_barriers) -> None:
    desk.goto(live.url + DEVICES)
    expect(desk.get_by_text("Leo Brandt is signed in there")).to_be_visible()
    no_barriers(desk)
    looked(desk, "devices")
    desk.get_by_role("button", name="Unbind").click()
    expect(desk.get_by_text("is unbound: nobody signs in there any more.")).to_be_visible()
    tablet.goto(live.url + "/linden/my-work/")
    expect(tablet.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.allow_page_errors  # a wrong PIN and a closed page are answered as such
def test_people_without_email_at_a_tablet_in_the_hall(live, open_page, no_barriers, picture) -> None:
    desk = sign_in(open_page(), live, "ruth@linden.example", then="/linden/settings/")
    tablet, code = open_page(**TABLET), "0004182734"
    the_tablet_is_bound(tablet, she_makes_the_link(desk, no_barriers), no_barriers)
    she_adds(desk, live, "Kim Berger", "1042")
    first = she_gives_a_first_pin(desk, no_barriers)
    she_adds(desk, live, "Leo Brandt", "1043")
    she_gives_a_badge(desk, code, no_barriers)
    tablet.reload()
    expect(tablet.get_by_role("link", name=re.compile("Leo Brandt"))).to_be_visible()
    no_barriers(tablet)
    picture(tablet, "shared-device")
    looked(tablet, "who")
    kim_chooses_her_own_pin(tablet, first, no_barriers)
    picture(tablet, "shared-device-work")
    looked(tablet, "work")
    she_reports(tablet, live)
    no_barriers(tablet)
    looked(tablet, "report")
    what_needs_more_says_so(tablet, live)
    a_colleague_types_ten_wrong_ones(live)
    tablet.goto(live.url + "/linden/my-work/")
    her_pin_rests_and_is_opened_again(tablet, desk, live, no_barriers)
    desk.goto(live.url + PEOPLE)
    desk.get_by_role("link", name=re.compile("Ruth Linden")).first.click()
    desk.get_by_role("link", name="Badge and PIN").click()
    she_gives_a_badge(desk, "0009999001", no_barriers)
    the_next_one_holds_a_badge_anywhere(tablet, "0009999001")
    she_sees_it_among_her_sessions(desk, live, no_barriers)
    tablet.reload()
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
    badge_is_held(tablet, code)
    she_goes_away_and_is_signed_out(tablet, code)
    tablet.emulate_media(color_scheme="dark")
    tablet.set_viewport_size({"width": 390, "height": 844})
    expect(tablet.get_by_role("button", name="Next person")).to_be_in_viewport()
    no_barriers(tablet)
    looked(tablet, "phone-dark")
    assert tablet.evaluate("document.documentElement.scrollWidth") <= 390
    she_unbinds_it(desk, tablet, live, no_barriers)
