"""A revision is put into force for the first of next month, is read alone, at a tablet and on paper; the day comes."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from .walking import sign_in

pytestmark = pytest.mark.journey
TITLE = "Deburring and handling of cut sheet"
BEGIN = f"""
import io
import django
django.setup()
from django.utils import timezone
from plumbline.kernel import actions, files, signing
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, Person
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.models import Document, Recipient, Revision

ruth = Person.objects.select_related("organisation").get(email="ruth@linden.example")
tom = Person.objects.select_related("organisation").get(email="tom@linden.example")

def act(revision, verb, person, **answers):
    revision = Revision.objects.get(pk=revision.pk)
    move = register_of(revision).workflow.move(verb, revision.state)
    proof = signing.prove(person.account, revision, move, None) if move.sign else None
    return actions.act(revision, verb, by=Actor.of(person), proof=proof, **answers)

document = actions.create(register_of("document"), by=Actor.of(tom), title="{TITLE}", sort="work_instruction")
for name in ("Production", "Office"):
    row = Department.objects.get(organisation=tom.organisation, name=name)
    actions.create(Recipient, by=Actor.of(tom), record=document, department=row)
old, new = b"Wear gloves. Deburr every edge by hand.", b"Wear cut-proof gloves. Deburr every edge on the belt."
for words in (old, new):
    kept = files.keep(tom.organisation.uid, io.BytesIO(words), "deburring.txt")
    document = Document.objects.get(pk=document.pk)
    values = dict(source="deburring.txt", media_type="text/plain", change="Belt in place of file; other gloves.")
    file = actions.content(kept, by=Actor.of(tom))
    revision = revising.draft(document, by=Actor.of(tom), text=words.decode(), file=file, **values)
    revision = act(act(revision, "submit", tom), "approve", ruth)
    if words == old:
        act(revision, "put_into_force", ruth, effective_on=tom.organisation.today())
print(revision.number)
"""
LATER = """
import sys
import django
django.setup()
from datetime import datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo
from plumbline.faces import clock
from plumbline.organisation.models import Organisation
from plumbline.registers.support.documents.readers.putting import next_month

organisation = Organisation.objects.get(slug="linden")
day = datetime.combine(next_month(organisation.today()), time(0, 1), ZoneInfo(organisation.zone))
with patch("django.utils.timezone.now", lambda: day):
    print([(one.kind, one.verb, one.refused) for one in clock.run(day) if one.kind == "revision"])
"""


def run(live, script: str) -> str:
    """Something the story needs that no page of it shows: what was there before, and the day that comes."""
    environment = live.environment | {"DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert not done.returncode, done.stderr[-3000:]
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.allow_page_errors  # the network goes on purpose
def test_a_revision_comes_into_force_and_everybody_has_read_it(live, open_page, no_barriers, picture) -> None:
    number = run(live, BEGIN)
    ruth, tablet, grace = open_page(), open_page("desktop", "dark"), open_page("phone")
    sign_in(ruth, live, "ruth@linden.example")
    sign_in(tablet, live, "tom@linden.example")
    sign_in(grace, live, "grace@linden.example")
    it_is_put_into_force_for_the_first(ruth, live, number, no_barriers, picture)
    grace_finds_it_in_her_work_and_reads_it(grace, live, no_barriers, picture)
    three_tap_their_names(tablet, live, number, no_barriers, picture)
    the_supervisor_sees_who_is_missing(tablet, live, no_barriers, picture)
    the_rest_signed_on_paper(tablet, live, number, no_barriers, picture)
    the_day_comes(ruth, tablet, live, number, no_barriers, picture)


def it_is_put_into_force_for_the_first(page: Page, live, number: str, no_barriers, picture) -> None:
    page.goto(f"{live.url}/linden/revisions/{number}/put_into_force/")
    expect(page.get_by_text("have to confirm having read it")).to_be_visible()
    page.get_by_role("link", name="The first of next month").click()
    no_barriers(page)
    picture(page, "put-into-force")
    page.get_by_role("button", name="Put into force").click()
    expect(page.get_by_role("heading", name="Read and understood")).to_be_visible()
    expect(page.get_by_text("0 of", exact=False).first).to_be_visible()
    no_barriers(page)


def grace_finds_it_in_her_work_and_reads_it(page: Page, live, no_barriers, picture) -> None:
    page.goto(f"{live.url}/linden/my-work/")
    page.get_by_role("link").filter(has_text=TITLE).filter(has_text="Read and understood").last.click()
    expect(page.get_by_text("Wear cut-proof gloves")).to_be_visible()
    no_barriers(page)
    picture(page, "read-and-understood")
    page.get_by_role("button", name="I have read and understood this revision").click()
    expect(page.get_by_text("it is noted that you read it")).to_be_visible()


def three_tap_their_names(page: Page, live, number: str, no_barriers, picture) -> None:
    page.goto(f"{live.url}/linden/revisions/{number}/group/")
    no_barriers(page)
    page.get_by_role("button", name="Stefan Adler").click()
    expect(page.get_by_role("button", name="Stefan Adler")).to_contain_text("confirmed")
    page.context.set_offline(True)
    for name in ("Aisha Khan", "Dan Whitlock"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("button", name=name)).to_contain_text("kept here")
    expect(page.get_by_text("No network")).to_be_visible()
    picture(page, "read-together")
    page.context.set_offline(False)
    for name in ("Aisha Khan", "Dan Whitlock"):
        expect(page.get_by_role("button", name=name)).to_contain_text("confirmed")


def the_supervisor_sees_who_is_missing(page: Page, live, no_barriers, picture) -> None:
    page.goto(f"{live.url}/linden/my-work/")
    page.get_by_role("link", name="Who may not yet work to it").click()
    section = page.locator("section").filter(has_text=TITLE)
    expect(section.filter(has_text="Colin Reeve")).to_have_count(1)
    expect(section.filter(has_text="Stefan Adler").filter(has_text="Revision 1.1")).to_have_count(0)
    expect(section.filter(has_text="Priya Nair")).to_have_count(0)  # not of his department
    no_barriers(page)
    picture(page, "who-may-not-yet")


def the_rest_signed_on_paper(page: Page, live, number: str, no_barriers, picture) -> None:
    page.goto(f"{live.url}/linden/revisions/{number}/paper/")
    scan = {"name": "list.txt", "mimeType": "text/plain", "buffer": b"signed by hand"}
    page.get_by_label("Scan or photo of the list").set_input_files([scan])
    for box in page.get_by_role("group", name="Who signed").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("checkbox", name="Joe Tanner").uncheck()
    no_barriers(page)
    picture(page, "signed-list")
    page.get_by_role("button", name="Note them").click()
    expect(page.get_by_text("noted from the list")).to_be_visible()
    no_barriers(page)


def the_day_comes(ruth: Page, tablet: Page, live, number: str, no_barriers, picture) -> None:
    told = run(live, LATER)
    assert "('revision', 'take_effect', '')" in told, told
    assert "('revision', 'supersede', '')" in told, told
    ruth.goto(f"{live.url}/linden/revisions/{number}/")
    expect(ruth.get_by_text("In force", exact=True).first).to_be_visible()
    expect(ruth.get_by_role("list").filter(has_text="Joe Tanner").first).to_be_visible()
    ruth.get_by_role("link", name=TITLE).first.click()
    expect(ruth.get_by_text("Superseded").first).to_be_visible()
    ruth.get_by_role("link", name="Change who gets it").click()
    expect(ruth.get_by_label("Who else gets it")).to_be_visible()
    no_barriers(ruth)
    tablet.goto(f"{live.url}/linden/revisions/unread/")
    expect(tablet.get_by_text("may not work to it yet").first).to_be_visible()
    tablet.goto(f"{live.url}/linden/documents/alert/")
    no_barriers(tablet)
    picture(tablet, "quality-alert")
