"""Questions to a change at the tablet and on paper, the training it asks for, and an alert for one department."""

import re

import pytest
from playwright.sync_api import Page, expect

from .test_in_force_and_read import run
from .walking import sign_in

pytestmark = pytest.mark.journey
TITLE = "Setting the new bending press"
ALERT = "Cracked guard on press 2"
BEGIN = f"""
import io
import django
django.setup()
from plumbline.kernel import actions, files, signing
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, Person, RoleHolding
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.models import Recipient, Revision

people = {{one.email.split("@")[0]: one for one in Person.objects.select_related("organisation").exclude(email="")
          if one.organisation.slug == "linden"}}
ruth, grace = people["ruth"], people["grace"]
home = ruth.organisation
production = Department.objects.get(organisation=home, name="Production")
actions.create(RoleHolding, by=Actor.of(ruth), person=grace, role="supervisor", department=production)

def act(revision, verb, person, **answers):
    revision = Revision.objects.get(pk=revision.pk)
    move = register_of(revision).workflow.move(verb, revision.state)
    proof = signing.prove(person.account, revision, move, None) if move.sign else None
    return actions.act(revision, verb, by=Actor.of(person), proof=proof, **answers)

tom = people["tom"]
document = actions.create(register_of("document"), by=Actor.of(tom), title="{TITLE}", sort="work_instruction")
actions.create(Recipient, by=Actor.of(tom), record=document, department=production)
words = b"Both hands on the switch. Set the angle by the table, never by eye."
file = actions.content(files.keep(home.uid, io.BytesIO(words), "press.txt"), by=Actor.of(tom))
quiz = [
    {{"question": "Where is the angle read?", "answers": ["By eye", "In the table"], "right": 1,
     "why": "Look at the table."}},
    {{"question": "How many hands?", "answers": ["One", "Both"], "right": 1, "why": "Both, on the switch."}},
]
revision = revising.draft(document, by=Actor.of(tom), text=words.decode(), file=file, source="press.txt",
    media_type="text/plain", change="A new press.", quiz=quiz, pass_score=2,
    training="One part set beside Tom Hale, at the press.")
act(act(revision, "submit", tom), "approve", ruth)
act(revision, "put_into_force", ruth, effective_on=home.today())
print(revision.number)
"""


@pytest.mark.allow_page_errors  # the network goes on purpose, and a wrong answer is refused
def test_each_answers_is_trained_and_is_warned(live, open_page, no_barriers, picture) -> None:
    number = run(live, BEGIN)
    tablet, desk, phone = open_page("desktop", "dark"), open_page(), open_page("phone")
    sign_in(tablet, live, "tom@linden.example")
    sign_in(desk, live, "ruth@linden.example")
    sign_in(phone, live, "grace@linden.example")
    each_answers_at_the_tablet(tablet, live, number, no_barriers, picture)
    without_network_the_answers_are_kept(tablet, no_barriers)
    the_letters_on_the_paper_are_entered(desk, live, number, no_barriers, picture)
    those_trained_are_noted(desk, live, number, no_barriers, picture)
    she_warns_her_department_and_no_other(phone, live, no_barriers, picture)
    it_is_signed_and_in_force_the_same_minute(desk, tablet, live)


def answer(page: Page, angle: str, hands: str) -> None:
    page.get_by_role("group", name="Where is the angle read?").get_by_label(angle).check()
    page.get_by_role("group", name="How many hands?").get_by_label(hands, exact=True).check()
    page.get_by_role("button", name="I have read and understood this revision").click()


def each_answers_at_the_tablet(page: Page, live, number: str, no_barriers, picture) -> None:
    page.goto(f"{live.url}/linden/revisions/{number}/group/")
    stefan = page.get_by_role("button", name="Stefan Adler")
    stefan.click()
    expect(page.get_by_role("dialog", name="Stefan Adler")).to_be_visible()
    no_barriers(page)
    answer(page, "By eye", "Both")
    expect(stefan).to_contain_text("1 of 2 right")
    stefan.click()
    expect(page.get_by_role("dialog").get_by_text("Not right. Look at the table.")).to_be_visible()
    picture(page, "questions-at-the-tablet")
    answer(page, "In the table", "Both")
    expect(stefan).to_contain_text("confirmed")
    page.get_by_role("button", name="Dan Whitlock").click()
    dialog = page.get_by_role("dialog", name="Dan Whitlock")
    expect(dialog.get_by_text("Not right.")).to_have_count(0)
    expect(dialog.get_by_role("radio", checked=True)).to_have_count(0)
    page.get_by_role("button", name="Back to the names").click()
    expect(dialog).to_be_hidden()


def without_network_the_answers_are_kept(page: Page, no_barriers) -> None:
    aisha = page.get_by_role("button", name="Aisha Khan")
    page.context.set_offline(True)
    aisha.click()
    answer(page, "In the table", "Both")
    expect(aisha).to_contain_text("kept here")
    page.context.set_offline(False)
    expect(aisha).to_contain_text("confirmed")
    no_barriers(page)


def the_letters_on_the_paper_are_entered(page: Page, live, number: str, no_barriers, picture) -> None:
    page.goto(f"{live.url}/linden/revisions/{number}/paper/")
    scan = {"name": "list.txt", "mimeType": "text/plain", "buffer": b"signed by hand"}
    page.get_by_label("Scan or photo of the list").set_input_files([scan])
    for name, hands in (("Dan Whitlock", "B"), ("Colin Reeve", "A")):
        page.get_by_role("checkbox", name=re.compile(name)).check()
        page.get_by_label(f"{name}: Where is the angle read?").select_option("B")
        page.get_by_label(f"{name}: How many hands?").select_option(hands)
    no_barriers(page)
    page.evaluate("scrollTo(0, 0)")
    picture(page, "letters-on-the-list", full_page=True)
    page.get_by_role("button", name="Note them").click()
    expect(page.get_by_text("1 person is noted from the list.")).to_be_visible()
    expect(page.get_by_text("still asked to read it: Colin Reeve (1/2)")).to_be_visible()


def those_trained_are_noted(page: Page, live, number: str, no_barriers, picture) -> None:
    expect(page.get_by_role("heading", name="Not trained yet")).to_be_visible()
    no_barriers(page)
    page.get_by_role("link", name="Note training").click()
    page.get_by_label("Trained by").fill("Tom Hale")
    page.get_by_label("How it was judged that they can do it").fill("One part set, angle within half a degree.")
    for name in ("Stefan Adler", "Aisha Khan"):
        page.get_by_role("checkbox", name=re.compile(name)).check()
    no_barriers(page)
    page.evaluate("scrollTo(0, 0)")
    picture(page, "training", full_page=True)
    page.get_by_role("button", name="Note them").click()
    expect(page.get_by_text("2 people were trained")).to_be_visible()
    page.get_by_text("have confirmed").last.click()
    expect(page.get_by_text("trained by Tom Hale").first).to_be_visible()
    page.goto(f"{live.url}/linden/revisions/unread/")
    dan = page.locator("section").filter(has_text="Dan Whitlock").filter(has_text=TITLE)
    expect(dan.get_by_text("read, not trained", exact=True)).to_be_visible()
    no_barriers(page)


def she_warns_her_department_and_no_other(page: Page, live, no_barriers, picture) -> None:
    page.goto(f"{live.url}/linden/my-work/")
    page.get_by_role("link", name="Quality alert").click()
    expect(page.get_by_text("You write it for: Production.")).to_be_visible()
    expect(page.get_by_label("Who gets it").get_by_role("option", name="Everybody")).to_have_count(0)
    page.get_by_label("Title").fill(ALERT)
    page.get_by_label("What is to be done, or to be watched").fill("Do not run press 2 before the guard is changed.")
    page.get_by_label("Who gets it").select_option(label="Production")
    page.get_by_label("Who approves it").select_option(label="Ruth Linden")
    no_barriers(page)
    picture(page, "alert-for-a-department")
    page.get_by_role("button", name="Send it for signature").click()
    expect(page.get_by_text("Ruth Linden is asked to sign it")).to_be_visible()


def it_is_signed_and_in_force_the_same_minute(desk: Page, tablet: Page, live) -> None:
    desk.goto(f"{live.url}/linden/my-work/")
    desk.get_by_role("link").filter(has_text=ALERT).first.click()
    desk.get_by_role("link", name="Approve").first.click()
    desk.get_by_role("button", name="Approve").first.click()
    expect(desk.get_by_text("In force", exact=True).first).to_be_visible()
    tablet.goto(f"{live.url}/linden/my-work/")
    expect(
        tablet.get_by_role("link").filter(has_text=ALERT).filter(has_text="Read and understood").first
    ).to_be_visible()
