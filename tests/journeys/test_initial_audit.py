"""The initial audit: planned, walked through by two, its gaps given away, its report signed; stage 1 is done."""

import json
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .papers import photo
from .walking import PASSWORD, add_person, answer, card, download, join, make_organisation, saved

pytestmark = pytest.mark.journey
ANNA, BEN = "anna@quayside.example", "ben@quayside.example"
NOT_LISTED = "She names five customers and the harbour office; nothing is written down."
SEEN = "Delivery notes of October, three of them"


@pytest.mark.allow_page_errors  # the network goes off on purpose
def test_from_the_plan_to_the_signed_report(live, open_page, tmp_path) -> None:
    desk, hall, phone = open_page(), open_page(), open_page("phone")
    make_organisation(desk, live, "Quayside Repairs", "Anna Berg", ANNA)
    add_person(desk, live, "quayside-repairs", "Ben Cole", BEN, role="Internal auditor")
    join(hall, live, BEN)
    phone.context.add_cookies(desk.context.cookies())
    audit = she_plans_two_areas_with_ben(desk)
    she_starts_and_answers_on_the_phone(phone, audit)
    what_is_chosen_before_the_script_is_there_is_saved(phone)
    answers_outlive_a_dead_network(phone)
    she_takes_a_photo(phone, photo(tmp_path / "list.jpg"))
    nobody_judges_her_own_work(phone, audit)
    two_write_in_the_same_field_and_nothing_is_lost(phone, hall, audit)
    one_question_is_opened_into_its_requirements(hall, audit)
    the_rest_is_answered_by_keyboard(hall, f"{audit}checklist/management/")
    the_rest_is_answered_by_keyboard(desk, f"{audit}checklist/production/")
    the_areas_show_where_they_stand(phone, audit)
    several_gaps_become_one_task(desk, audit)
    she_signs_with_her_password(desk, audit)
    the_report_is_a_pdf_and_a_word_file(desk, tmp_path)
    the_road_shows_that_stage_1_is_done(desk)
    the_signed_report_is_told_by_every_reading(live, audit, tmp_path)


def she_plans_two_areas_with_ben(page: Page) -> str:
    page.get_by_role("link", name="The road").click()
    page.get_by_role("link", name="The initial audit is planned").click()
    page.get_by_text("Others on the team").click()
    page.get_by_label("Ben Cole").check()
    for name in ("Quality", "Sales", "Purchasing"):
        page.get_by_role("checkbox", name=re.compile(f"^{name}")).uncheck()
    management = page.get_by_role("group", name="Management")
    management.get_by_label("Auditor").select_option("Ben Cole")
    management.get_by_label("Person to meet").select_option("Anna Berg")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"AUD-\d{4}-001"))
    return page.url


def she_starts_and_answers_on_the_phone(page: Page, audit: str) -> None:
    page.goto(audit)
    page.get_by_role("link", name="Start the audit").tap()
    page.get_by_role("button", name="Start the audit").tap()
    expect(page.get_by_text("Under way").first).to_be_visible()
    page.goto(f"{audit}checklist/production/")
    expect(card(page, 1).get_by_role("radio", checked=True)).to_have_count(0)
    answer(card(page, 1), "Met", "The order book is on the wall and up to date.")
    answer(card(page, 2), "Partly met", NOT_LISTED)
    answer(card(page, 3), "Not met", "Nobody knows.")
    expect(
        card(page, 2).get_by_role("link", name=re.compile("Gap F-")).or_(card(page, 2).get_by_text("Gap F-"))
    ).to_be_visible()
    page.reload()
    expect(card(page, 2).get_by_label("Notes").first).to_have_value(NOT_LISTED)
    expect(card(page, 2).get_by_role("radio", name="Partly met").first).to_be_checked()


def what_is_chosen_before_the_script_is_there_is_saved(page: Page) -> None:
    late: list = []
    page.route("**/checklist*.js", lambda route: late.append(route))
    with page.expect_request("**/checklist*.js"):
        page.reload(wait_until="commit")
    place = card(page, 6)
    place.get_by_label("Evidence seen").first.fill(SEEN)
    place.get_by_role("radio", name="Met", exact=True).first.check(force=True)
    late.pop().fallback()
    saved(place)
    page.unroute_all()
    page.reload()
    expect(card(page, 6).get_by_role("radio", name="Met", exact=True).first).to_be_checked()
    expect(card(page, 6).get_by_label("Evidence seen").first).to_have_value(SEEN)


def answers_outlive_a_dead_network(page: Page) -> None:
    place = card(page, 4)
    page.context.set_offline(True)
    place.get_by_label("Evidence seen").first.fill(SEEN)
    place.get_by_label("Evidence seen").first.blur()
    expect(place.locator("[data-save-status]").first).to_have_text(re.compile("no connection"))
    page.context.set_offline(False)
    saved(place)
    page.reload()
    expect(card(page, 4).get_by_label("Evidence seen").first).to_have_value(SEEN)


def she_takes_a_photo(page: Page, file: Path) -> None:
    card(page, 2).get_by_label("Photo").first.set_input_files(file)
    expect(card(page, 2).get_by_role("img", name="list.jpg")).to_be_visible()
    page.reload()
    expect(card(page, 2).get_by_role("img", name="list.jpg")).to_be_visible()


def nobody_judges_her_own_work(anna: Page, audit: str) -> None:
    anna.goto(f"{audit}checklist/management/")
    expect(card(anna, 1).get_by_role("radio", name="Met", exact=True).first).to_be_disabled()


def two_write_in_the_same_field_and_nothing_is_lost(anna: Page, ben: Page, audit: str) -> None:
    for page in (anna, ben):
        page.goto(f"{audit}checklist/production/")
    card(ben, 5).get_by_label("Notes").first.fill("The insurer asked as well.")  # begun before hers is told here
    answer(card(anna, 5), "Met", "The bank asked about it in May.")
    card(ben, 5).get_by_label("Notes").first.blur()
    asked = card(ben, 5).get_by_role("alert")
    expect(asked).to_contain_text("Anna Berg")
    expect(asked).to_contain_text("The bank asked about it in May.")
    asked.get_by_role("button", name=re.compile("both", re.I)).click()
    saved(card(ben, 5))
    ben.reload()
    expect(card(ben, 5).get_by_label("Notes").first).to_have_value(
        "The bank asked about it in May.\nThe insurer asked as well."
    )


def one_question_is_opened_into_its_requirements(page: Page, audit: str) -> None:
    page.goto(f"{audit}checklist/management/")
    place = card(page, 2)
    place.get_by_text(re.compile("Open into its")).click()
    requirement = page.get_by_role("heading", level=3).filter(has_text=re.compile(r"^\d+\.\d"))
    opened = place.locator("form").filter(has=requirement)
    expect(opened.first).to_be_visible()
    assert opened.count() > 1
    for form in opened.all():
        form.get_by_role("radio", name="Not met", exact=True).check(force=True)
        saved(form)


def the_rest_is_answered_by_keyboard(page: Page, area: str) -> None:
    page.goto(area)
    questions = page.get_by_role("article")
    for place in questions.all():
        page.keyboard.press("j")
        expect(place).to_be_focused()
        if not place.get_by_role("radio", checked=True).count():
            page.keyboard.press("1")
            saved(place)


def the_areas_show_where_they_stand(page: Page, audit: str) -> None:
    page.goto(f"{audit}checklist/")
    areas = page.get_by_role("navigation", name="Areas").get_by_role("link")
    expect(areas).to_have_count(2)
    for name, gaps in (("Management", r"\d gaps?"), ("Production", "2 gaps")):
        expect(areas.filter(has_text=name)).to_have_accessible_name(re.compile(rf"Audited (\d+) of \1 {gaps}"))


def several_gaps_become_one_task(page: Page, audit: str) -> None:
    page.goto(f"{audit}gaps/")
    ticks = page.get_by_role("checkbox", name=re.compile("^Choose F-"))
    for tick in ticks.all():
        tick.check()
    page.get_by_label("What is to be done").fill("Write down who wants what from us, and look at it every May")
    page.get_by_label("Who", exact=True).select_option("Ben Cole")
    page.get_by_label("By when").fill((date.today() + timedelta(days=30)).isoformat())
    page.get_by_label("Effort").fill("6")
    page.get_by_role("button", name="Make one action of them").click()
    expect(page.get_by_text("Every gap has an owner and a date.")).to_be_visible()
    page.wait_for_load_state()
    assert page.get_by_role("link", name=re.compile(r"^ACT-\d{4}-001$")).count() == ticks.count() > 1


def she_signs_with_her_password(page: Page, audit: str) -> None:
    page.goto(f"{audit}report/")
    expect(page.get_by_text("This is a draft")).to_be_visible()
    page.get_by_role("link", name="Sign the report").click()
    expect(page.get_by_text("I led this audit.")).to_be_visible()
    page.get_by_label("password").fill("not hers")
    page.get_by_role("button", name="Sign the report").click()
    expect(page.get_by_text(re.compile("password is (wrong|not)|not your password", re.I)).first).to_be_visible()
    page.get_by_label("password").fill(PASSWORD)
    with page.expect_response(lambda got: got.request.method == "POST"):  # the paper is made and kept as signed
        page.get_by_role("button", name="Sign the report").click()
    page.goto(f"{audit}report/")
    expect(page.get_by_text("Signed by Anna Berg")).to_be_visible()


def the_report_is_a_pdf_and_a_word_file(page: Page, folder: Path) -> None:
    import docx
    import pypdf

    paper = pypdf.PdfReader(download(page, "PDF", folder))
    text = "\n".join(sheet.extract_text() for sheet in paper.pages)
    word = docx.Document(str(download(page, "Word", folder)))
    written = "\n".join(part.text for part in word.element.body.iter() if part.tag.endswith("}t") and part.text)
    for place in (" ".join(text.split()), " ".join(written.split())):
        for words in ("Quayside Repairs", "Anna Berg", NOT_LISTED, "Write down who wants what from us", "Ben Cole"):
            assert words in place, words
    code = page.locator("strong").filter(has_text=re.compile(r"^[0-9A-Za-z]{4,}[- ]?")).last.inner_text()
    assert code.split()[0] in text, "the verification code is not on the paper"
    assert zipfile.ZipFile(download(page, "Excel", folder)).namelist()
    assert json.loads(download(page, "JSON", folder).read_text())["signed_by"] == "Anna Berg"


def the_road_shows_that_stage_1_is_done(page: Page) -> None:
    page.get_by_role("link", name="The road").click()
    expect(page.get_by_role("heading", name=re.compile("Initial audit")).first).to_contain_text("done")


def the_signed_report_is_told_by_every_reading(live, audit: str, folder: Path) -> None:
    number, there = audit.rstrip("/").rsplit("/", 1)[1], ("--organisation", "quayside-repairs")
    listed = [json.loads(line) for line in live.plumb("list", "audits", *there, "--json").splitlines()]
    assert [(line["number"], line["state"]) for line in listed] == [(number, "closed")]
    live.plumb("report", number, *there, "-o", str(folder / "by-command.pdf"))
    assert (folder / "by-command.pdf").read_bytes().startswith(b"%PDF")
    live.plumb("verify", "--deep")
