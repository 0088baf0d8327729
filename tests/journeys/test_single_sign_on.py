"""People come by their company's account; whoever is nobody here is told so in plain words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.peers.identity import OpenID
from tests.peers.server import Live, served

from .walking import DEMO

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def works(demo: Path, openid: OpenID, tmp_path_factory) -> Iterator[Live]:
    """The demo companies, asked by name, with the account of their company beside the password."""
    file = tmp_path_factory.mktemp("sign-in") / "sign-in.toml"
    given = {
        "id": "works", "kind": "oidc", "name": "Linden account", "issuer": openid.issuer, "client": "c", "secret": "s",
    }  # fmt: skip
    lines = [f'{name} = "{value}"' for name, value in given.items()]
    file.write_text("\n".join(["[[provider]]", *lines, 'domains = ["linden.example"]']))
    with served(demo, host="localhost", PLUMBLINE_SIGN_IN=str(file)) as live:
        yield live


def come(page: Page, live: Live, sub: str, then: str = "/linden/my-work/") -> None:
    """Press the button, sign in there as this one, and come back."""
    page.goto(f"{live.url}/accounts/login/?next={then}")
    page.get_by_role("button", name="Sign in with Linden account").click()
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(lambda url: url.startswith(live.url))


@pytest.mark.allow_page_errors  # who is nobody here is refused on purpose
def test_one_arrives_and_one_who_is_nobody_here_is_told_so(works, openid, open_page, no_barriers) -> None:
    openid.person("ruth", "ruth@linden.example")
    openid.person("stranger", "stranger@linden.example")
    page = open_page()
    come(page, works, "ruth")
    expect(page.get_by_text("has an account here already").first).to_be_visible()
    no_barriers(page)
    page.get_by_role("link", name="Sign in as before").click()
    page.get_by_label("Email").fill("ruth@linden.example")
    page.get_by_role("textbox", name="Password").fill(DEMO)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Connect Linden account").click()
    page.wait_for_url("**/linden/**")
    later = open_page("phone", "dark")
    come(later, works, "ruth")
    expect(later.get_by_role("heading", name="My work")).to_be_visible()
    nobody = open_page()
    come(nobody, works, "stranger")
    expect(nobody.get_by_text("stranger@linden.example").first).to_be_visible()
    no_barriers(nobody)
    nobody.goto(f"{works.url}/linden/")
    expect(nobody.get_by_role("heading", name="Sign in")).to_be_visible()
