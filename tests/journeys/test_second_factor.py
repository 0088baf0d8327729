"""Ruth sets up an authenticator, then a passkey, loses her phone, and sees where she is signed in."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.journeys.walking import DEMO, sign_in
from tests.peers.server import Live

pytestmark = pytest.mark.journey
RUTH = "ruth@linden.example"


def _by_name(live: Live) -> Live:
    """A passkey belongs to a name: the same server, asked by one."""
    return Live(live.url.replace("127.0.0.1", "localhost"), live.data, live.environment)


def _device(page: Page) -> None:
    """Give the browser a passkey device that says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _code(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def _out(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def _set_up(page: Page, live: Live, no_barriers, picture) -> str:
    """Switch an authenticator on; return the first recovery code."""
    page.goto(f"{live.url}/accounts/security/")
    expect(page.get_by_text("this device")).to_be_visible()
    page.get_by_role("link", name="Set up an authenticator").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    no_barriers(page)
    picture(page, "authenticator")
    page.get_by_text("The phone cannot scan").click()
    secret = page.locator(".pl-secret").inner_text()
    page.get_by_label("Code that the app shows now").fill("000000")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("That did not fit").first).to_be_visible()
    page.get_by_label("Code that the app shows now").fill(_code(secret))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    no_barriers(page)
    spare = page.locator(".pl-codes code").first.inner_text()
    with page.expect_download() as kept:
        page.get_by_role("link", name="Keep as a file").click()
    assert spare in kept.value.path().read_text()
    page.get_by_role("link", name="Done").click()
    return spare


def test_an_authenticator_and_its_recovery_codes(live: Live, page: Page, open_page, no_barriers, picture) -> None:
    spare = _set_up(sign_in(page, live, RUTH), live, no_barriers, picture)
    phone = open_page("phone", "dark")
    phone.goto(f"{live.url}/accounts/login/?next=/linden/my-work/")
    phone.get_by_label("Email").fill(RUTH)
    phone.get_by_role("textbox", name="Password").fill(DEMO)
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_role("heading", name="Your second factor")).to_be_visible()
    no_barriers(phone)
    phone.get_by_label("Code from your authenticator").fill(spare)
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("heading", name="My work")).to_be_visible()
    page.goto(f"{live.url}/accounts/security/")
    expect(page.get_by_text("9 codes are left")).to_be_visible()
    page.get_by_role("button", name="Sign out there").click()
    expect(page.get_by_text("That device is signed out.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="Remove", exact=True).click()
    no_barriers(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The authenticator is removed.")).to_be_visible()


def test_two_passkeys_with_names_sign_in_without_a_password(live: Live, page: Page, no_barriers, picture) -> None:
    live = _by_name(live)
    sign_in(page, live, RUTH)
    _device(page)
    page.goto(f"{live.url}/accounts/security/")
    page.get_by_role("link", name="Add a passkey").click()
    no_barriers(page)
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Name").press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_role("strong").filter(has_text="My phone")).to_be_visible()
    picture(page, "security", full_page=True)
    no_barriers(page)
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Name").fill("Ruth's phone")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("strong").filter(has_text="Ruth's phone")).to_be_visible()
    _out(page, live)
    page.goto(f"{live.url}/accounts/login/?next=/linden/my-work/")
    no_barriers(page)
    page.get_by_role("button", name="With a passkey").click()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    page.goto(f"{live.url}/accounts/security/")
    page.get_by_role("link", name=re.compile("Remove Ruth")).click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    expect(page.get_by_role("link", name="Rename")).to_have_count(0)
