"""The first hour: from an empty installation to documents that speak to the standard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .papers import lay_out
from .walking import make_organisation

pytestmark = pytest.mark.journey


def test_a_folder_of_documents_becomes_evidence_of_the_clauses(live, page, tmp_path, no_barriers) -> None:
    make_organisation(page, live, "Harbour Fittings", "Anna Berg", "anna@harbour.example")
    who_has_a_system_begins_with_its_documents(page, no_barriers)
    she_drops_in_her_folder(page, lay_out(tmp_path / "Quality"))
    what_cannot_be_read_says_why_and_the_rest_goes_on(page)
    she_corrects_what_was_read_wrongly_and_confirms_the_rest(page)
    the_clause_shows_what_speaks_to_it(page)
    the_same_folder_again_changes_nothing(page, tmp_path / "Quality")
    a_changed_file_is_a_new_revision(page, tmp_path / "Quality")


def who_has_a_system_begins_with_its_documents(page: Page, no_barriers) -> None:
    page.goto(page.url.rstrip("/") + "/settings/")
    page.get_by_label("We have a system, but no certificate").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    page.get_by_role("link", name="The road", exact=True).click()
    expect(page.get_by_role("link", name="Bring in your documents")).to_be_visible()
    no_barriers(page)  # a button inside a notice has its own colours


def bring_in(page: Page, folder: Path) -> None:
    page.goto(page.url.split("/harbour")[0] + "/harbour-fittings/documents/bring-in/")
    page.get_by_label("Choose a folder").set_input_files(folder)
    expect(page.get_by_role("link", name="Confirm or correct what was read")).to_be_visible(timeout=300_000)


def line_of(page: Page, file: str):
    return page.get_by_role("listitem").filter(has_text=file).last


def she_drops_in_her_folder(page: Page, folder: Path) -> None:
    page.get_by_text("7 Support").click()
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page.get_by_text("You need not begin from nothing")).to_be_visible()
    page.get_by_role("link", name="Bring in what you have").first.click()
    bring_in(page, folder)


def what_cannot_be_read_says_why_and_the_rest_goes_on(page: Page) -> None:
    expect(line_of(page, "Salaries.pdf")).to_contain_text(re.compile("password|encrypted", re.I))
    expect(line_of(page, "Organigram.docx")).to_contain_text(re.compile("damaged|broken|cannot|not", re.I))
    expect(page.get_by_role("listitem").filter(has_text=".").first).to_have_attribute(
        "data-tone", "bad"
    )  # they come first
    expect(page.get_by_text(re.compile(r"files sent · \d refused$"))).to_be_visible()
    expect(line_of(page, "Quality policy.pdf")).to_contain_text(re.compile("HF-QP-01|Quality policy"))
    page.get_by_role("link", name="Confirm or correct what was read").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4 documents proposed")


def she_corrects_what_was_read_wrongly_and_confirms_the_rest(page: Page) -> None:
    policy = page.get_by_role("article").filter(has_text="HF-QP-01")
    expect(policy.get_by_label("Kind")).to_have_value("policy")
    expect(policy.get_by_label("Revision")).to_have_value("2")
    policy.get_by_label("Title").fill("Our quality policy")
    policy.get_by_label("Title").blur()
    expect(policy.get_by_text(re.compile("^Saved"))).to_be_visible()
    training = page.get_by_role("article").filter(has_text="HF-PR-04")
    training.get_by_label("Title").fill("Competence and training")  # it is still being saved when she confirms it
    training.get_by_role("button", name="Confirm with requirements").click()
    expect(page.get_by_text("HF-PR-04 Competence and training is confirmed.")).to_be_visible()
    page.get_by_role("button", name="Confirm all with requirements").click()
    expect(page.get_by_role("heading", name="Nothing waits to be confirmed")).to_be_visible()


def the_clause_shows_what_speaks_to_it(page: Page) -> None:
    page.get_by_role("link", name="The standard").click()
    clause = page.get_by_role("row").filter(has=page.get_by_role("cell", name="7.2", exact=True))
    clause.get_by_role("link").click()
    spoken = page.get_by_role("listitem").filter(has_text="HF-PR-04 Competence and training").first
    expect(spoken).to_contain_text("Confirmed")
    expect(spoken).to_contain_text("competence")
    spoken.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("HF-PR-04 Competence and training")


def the_same_folder_again_changes_nothing(page: Page, folder: Path) -> None:
    bring_in(page, folder)
    expect(line_of(page, "Training.docx")).to_contain_text(re.compile("unchanged|already", re.I))
    page.get_by_role("link", name="Confirm or correct what was read").click()
    expect(page.get_by_role("heading", name="Nothing waits to be confirmed")).to_be_visible()


def a_changed_file_is_a_new_revision(page: Page, folder: Path) -> None:
    paper = folder / "Incoming inspection.md"
    paper.write_text(paper.read_text().replace("Revision 3", "Revision 4").replace("red shelf", "red trolley"))
    bring_in(page, folder)
    page.get_by_role("link", name="Confirm or correct what was read").click()
    changed = page.get_by_role("article").filter(has_text="HF-PR-07")
    expect(changed).to_contain_text("new revision")
    expect(changed.get_by_label("Revision")).to_have_value("4")
    changed.get_by_role("button", name="Confirm", exact=True).click()
    expect(changed.get_by_text("is confirmed.")).to_be_visible()
