"""In German from the first page: for whoever's browser asks for it."""

import re

import pytest
from playwright.sync_api import Page, expect

from .walking import PASSWORD, card, too_wide

pytestmark = pytest.mark.journey
ENGLISH = re.compile(r"\b(the|and|with|your|of|are|not yet)\b")


def test_the_first_page_and_the_checklist_speak_german(live, open_page) -> None:
    page = open_page(locale="de-DE")
    page.goto(live.url + "/accounts/login/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
    it_is_german(page)
    an_organisation_is_made(page, live)
    the_road_and_the_plan_are_german(page)
    the_checklist_asks_in_german(page)


def it_is_german(page: Page) -> None:
    """The page says so to the reader's screen reader, and no English is left in it."""
    expect(page.locator("html")).to_have_attribute("lang", "de")
    left = ENGLISH.findall(page.get_by_role("main").inner_text())
    assert not left, f"{page.url}: English words {left[:8]}"
    assert not (wide := too_wide(page, 320)), wide  # its words are long


def an_organisation_is_made(page: Page, live) -> None:
    page.goto(live.url + "/start/")
    it_is_german(page)
    page.get_by_label("Wie viele Personen arbeiten dort?").fill("9")
    page.get_by_role("textbox").nth(0).fill("Hafenwerk")
    page.get_by_role("textbox").nth(1).fill("Anna Berg")
    page.get_by_role("textbox").nth(2).fill("anna@hafenwerk.example")
    page.get_by_role("textbox").nth(3).fill(PASSWORD)
    page.get_by_role("button", name="Beginnen").click()


def the_road_and_the_plan_are_german(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Der Weg zum Zertifikat")
    it_is_german(page)
    page.get_by_role("link", name="Das Erstaudit ist geplant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Erstaudit planen")
    it_is_german(page)
    page.get_by_role("button", name=re.compile("Plan speichern|speichern", re.I)).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Erstaudit planen")


def the_checklist_asks_in_german(page: Page) -> None:
    page.get_by_role("link", name="Checkliste").click()
    expect(card(page, 1).get_by_role("radio", name="Teilweise erfüllt").first).to_be_visible()
    expect(card(page, 1)).to_contain_text("Erwartete Nachweise")
    expect(card(page, 1).get_by_role("heading", level=2)).to_contain_text("?")
    it_is_german(page)
