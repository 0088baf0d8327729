"""Two review a draft side by side: a remark on a passage, changes, a second round, a signature with a password."""

import re

import pytest
from playwright.sync_api import Page, expect

from plumbline.config.demo import PASSWORD

from .test_a_document import agreed, asked_for_review, handed_in, started_from_a_template
from .walking import sign_in

pytestmark = pytest.mark.journey
PEOPLE = {who: f"{who}@linden.example" for who in ("tom", "grace", "ruth")} | {"helen": "helen@marsh.example"}
REMARK = "Say also where the red boxes stand."
REASON = "The passage on the red boxes first; then I look again."


@pytest.mark.allow_page_errors  # the browser notes the 422 of the wrong password
def test_a_draft_is_remarked_on_sent_back_and_signed(live, open_page, picture) -> None:
    at = {name: sign_in(open_page(), live, email, then="/linden/") for name, email in PEOPLE.items()}
    approving_asks_for_the_password(at["ruth"], live.url)
    _number, draft = started_from_a_template(at["tom"], live.url)
    asked_for_review(at["tom"], ("Grace Okoro", "Helen Marsh"))
    handed_in(at["tom"])
    a_passage_is_remarked_on(at["grace"], draft)
    picture(at["grace"], "review-remark")
    changes_are_asked_for(at["helen"], draft)
    everything_is_kept_and_the_remark_resolved(at["tom"], draft)
    picture(at["tom"], "review-second-round")
    handed_in(at["tom"])
    for who in ("helen", "grace"):
        agreed(at[who], draft)
    who_wrote_it_is_told_who_approves(at["tom"], draft)
    it_is_signed_with_the_right_password_only(at["ruth"], draft, picture)


def approving_asks_for_the_password(page: Page, url: str) -> None:
    page.goto(f"{url}/linden/documents/kinds/procedure/")
    page.locator("select[name=strength]").select_option("again")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda now: not now.endswith("/procedure/"))


def a_passage_is_remarked_on(page: Page, draft: str) -> None:
    """While her remark is open, she cannot agree."""
    page.goto(f"{draft}passages/")
    read = page.locator(".pl-passages[data-shown]")
    read.locator("p").first.select_text()
    read.get_by_role("button", name="Comment", exact=True).click()
    form = page.get_by_role("dialog", name="Remark on a passage")
    expect(form.locator("blockquote")).not_to_be_empty()
    form.get_by_label("What should change, or be said better?").fill(REMARK)
    form.get_by_role("button", name="Remark").click()
    expect(page.locator("#talks").get_by_text(REMARK)).to_be_visible()
    expect(read.locator("mark[data-remark]")).not_to_have_count(0)
    expect(page.locator("#decide").get_by_text("There are remarks that nobody resolved yet.")).to_be_visible()


def changes_are_asked_for(page: Page, draft: str) -> None:
    page.goto(f"{draft}passages/")
    expect(page.locator("#talks").get_by_text(REMARK)).to_be_visible()
    decide = page.locator("#decide")
    decide.locator("summary").filter(has_text="Ask for changes").click()
    decide.get_by_label("Reason").fill(REASON)
    with page.expect_response(lambda got: got.request.method == "POST"):
        decide.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_text("Draft").first).to_be_visible()


def everything_is_kept_and_the_remark_resolved(page: Page, draft: str) -> None:
    """Tom finds the reason in the first round and the remark at its passage; he answers and resolves it."""
    page.goto(draft)
    page.get_by_text("Round 1").click()
    expect(page.locator("#route").get_by_text(REASON)).to_be_visible()
    page.get_by_role("link", name="Read it with its remarks").click()
    talk = page.locator("#talks li").filter(has_text=REMARK)
    expect(talk.get_by_text("earlier round")).to_be_visible()
    talk.get_by_label("Answer").fill("Beside the press brake.")
    talk.get_by_role("button", name="Resolve").click()
    expect(talk.get_by_text("Resolved")).to_be_visible()
    expect(talk.get_by_text("Beside the press brake.")).to_be_visible()
    page.goto(draft)


def who_wrote_it_is_told_who_approves(page: Page, draft: str) -> None:
    page.goto(f"{draft}passages/")
    told = page.locator("#decide").get_by_text("Only for: whoever is asked to approve it now (Ruth Linden).")
    expect(told).to_be_visible()


def it_is_signed_with_the_right_password_only(page: Page, draft: str, picture) -> None:
    page.goto(f"{draft}passages/")
    decide = page.locator("#decide")
    expect(decide.get_by_text("I approve this revision; it may be put into force")).to_be_visible()
    decide.get_by_label("Your password").fill("not my password")
    decide.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("That is not your password. Nothing was signed.").first).to_be_visible()
    picture(page, "review-signing")
    page.locator("#decide").get_by_label("Your password").fill(PASSWORD)
    page.locator("#decide").get_by_role("button", name="Approve").click()
    expect(page.get_by_text(re.compile("Approved")).first).to_be_visible()
    page.goto(draft)
    expect(page.get_by_text("I approve this revision; it may be put into force").first).to_be_visible()
