"""On a phone what to work to is two touches or one search away; at a desk it is seen what counted on another day."""

import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from .walking import download, sign_in

pytestmark = pytest.mark.journey
HOME, TEST = "/brightwater/library/", "pressure and performance test"

MANY = """
import sys
import django; django.setup()
from django.utils import timezone
from plumbline.desk.models import Listing
from plumbline.faces.clock import alone
from plumbline.faces.sheets.working import KEY
from plumbline.history.uids import uuid7
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person
from plumbline.registers.support.documents.models import Document, Revision, Validity

person = Person.objects.select_related("organisation").get(account__email="nadia@brightwater.example")
home, now = person.organisation, timezone.now()
told = {"organisation": home, "home": home, "owner": person, "author": person, "created_at": now}
said = [(f"{number:03}", told | {"title": f"Test plan of pump {number}"}) for number in range(200)]
documents = [Document(uid=uuid7(), kind="document", number=f"TP-{no}", state="in_use", **it) for no, it in said]
with writing(home.uid, Actor.of(person).stamp()) as pen:
    pen.save_many(documents, "create")
    revisions = [
        Revision(uid=uuid7(), kind="revision", number=f"TPR-{no}", state="effective", of_document=one, **it)
        for one, (no, it) in zip(documents, said)
    ]
    pen.save_many(revisions, "create")
    about = {"organisation": home, "from_on": home.today(), "created_at": now}
    pen.save_many([Validity(uid=uuid7(), record=one, document=one.of_document, **about) for one in revisions], "create")
with alone("sheets", KEY) as mine:
    print("held" if mine else "", flush=True)
    for line in sys.stdin:
        Listing.objects.update(state="running", done=150, total=210)
        print("shown", flush=True)
        sys.stdin.readline()
        break
"""


def line(page: Page, title: str, shelf: str = "") -> Locator:
    """The line of a document, under a heading or anywhere."""
    place = page.locator("section", has=page.get_by_role("heading", name=shelf)) if shelf else page
    return place.locator(".lb-line", has_text=title).first


def test_two_touches_or_one_search_lead_to_what_is_in_force(live, open_page, no_barriers, picture) -> None:
    phone = open_page("phone")
    sign_in(phone, live, "nadia@brightwater.example", then="/brightwater/")
    phone.get_by_role("link", name="Library").last.tap()
    expect(phone.get_by_role("heading", name="Library", level=1)).to_be_visible()
    line(phone, TEST).get_by_role("link").first.tap()
    expect(phone.get_by_text("look at the shaft seal with a lamp").first).to_be_visible()
    phone.goto(live.url + HOME)
    phone.get_by_role("searchbox", name="Search what is in force").fill("presure sahft")
    expect(phone.get_by_text("these have one close to it")).to_be_visible()
    expect(line(phone, TEST).locator("mark").first).to_be_visible()
    no_barriers(phone)
    picture(phone, "library-phone-search")
    line(phone, TEST).get_by_role("link").first.tap()
    expect(phone.get_by_text("look at the shaft seal with a lamp").first).to_be_visible()


def test_favourites_and_what_is_for_my_department_come_first(live, open_page, no_barriers, picture) -> None:
    desk, phone = open_page(), open_page("phone", "dark")
    sign_in(desk, live, "nadia@brightwater.example", then="/brightwater/documents/BP-WI-12/distribution/")
    desk.get_by_label("Who else gets it").select_option(label="Quality")
    desk.get_by_role("button", name="Add").click()
    expect(desk.locator(".rd-lines").get_by_text("Quality", exact=True)).to_be_visible()
    sign_in(phone, live, "nadia@brightwater.example", then=HOME)
    expect(line(phone, TEST, "For me and my department")).to_be_visible()
    late: list = []
    phone.route("**/htmx*.js", lambda route: late.append(route))
    with phone.expect_request("**/htmx*.js"):
        phone.reload(wait_until="commit")
    line(phone, TEST).get_by_role("button", name="Favourite").tap()  # it is sent once its script is there
    with phone.expect_response("**/star/"):
        late.pop().fallback()
    phone.unroute_all()
    phone.reload()
    expect(line(phone, TEST, "My favourites")).to_be_visible()
    no_barriers(phone)
    picture(phone, "library-phone")
    desk.goto(live.url + HOME)
    expect(line(desk, TEST, "My favourites")).to_be_visible()
    no_barriers(desk)


def test_what_was_valid_on_another_day_and_the_list_of_it(live, page, no_barriers, picture, tmp_path: Path) -> None:
    before = date.today() - timedelta(days=3)
    sign_in(page, live, "nadia@brightwater.example", then=HOME)
    expect(line(page, "Quality alert: shaft seals")).to_be_visible()
    page.get_by_label("As of").fill(before.isoformat())
    expect(page.get_by_text("This is what was in force on")).to_be_visible()
    expect(page.locator(".lb-line", has_text="Quality alert: shaft seals")).to_have_count(0)
    expect(line(page, TEST).get_by_text("Revision")).to_be_visible()
    no_barriers(page)
    picture(page, "library-as-of")
    book = load_workbook(download(page, "Master list (XLSX)", tmp_path)).active
    titles = [row[1] for row in book.iter_rows(min_row=4, values_only=True)]
    assert [title for title in titles if TEST in title]
    assert not [title for title in titles if "Quality alert" in title]
    answer = page.request.get(f"{live.url}/brightwater/library/list.pdf?on={before.isoformat()}")
    paper = tmp_path / "list.pdf"
    paper.write_bytes(answer.body())
    said = "".join(one.extract_text() for one in PdfReader(paper).pages)
    assert f"in force on {before.day} {before:%b %Y}" in said
    assert "BP-WI-12" in said


def nothing_moves_under_the_finger(page: Page) -> None:
    """A page that looks every second how far it is leaves a button that is being pressed where it is."""
    page.evaluate("window.run = document.querySelector('#run')")
    page.get_by_role("heading", level=1).hover()
    page.mouse.down()
    for _look in range(2):  # when the second is answered, the first was done with
        page.wait_for_event("response", lambda got: got.url == page.url)
    assert page.evaluate("window.run.isConnected")
    page.mouse.up()
    page.wait_for_function("() => !window.run.isConnected")


def test_a_long_master_list_on_paper_shows_how_far_it_is(live, page, no_barriers, picture, tmp_path: Path) -> None:
    """While a program holds the one place where long files are made, the page waits; then it makes the whole list."""
    environment = live.environment | {"DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", MANY], env=environment, **pipes) as other:
        assert other.stdout.readline() == "held\n"
        sign_in(page, live, "nadia@brightwater.example", then=HOME)
        page.get_by_role("link", name="PDF", exact=True).click()
        expect(page.get_by_text("their list is laid out by the way")).to_be_visible()
        no_barriers(page)
        page.get_by_role("button", name="Make the PDF").click()
        expect(page.get_by_text("It begins in a moment.")).to_be_visible()
        nothing_moves_under_the_finger(page)
        other.stdin.write("show\n")
        other.stdin.flush()
        assert other.stdout.readline() == "shown\n"
        expect(page.get_by_text("150 of 210 rows are laid out.")).to_be_visible()
        expect(page.get_by_role("progressbar")).to_be_visible()
        no_barriers(page)
        picture(page, "master-list")
    page.goto(f"{live.url}{HOME}list.pdf")
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.get_by_text("is ready")).to_be_visible(timeout=300_000)
    no_barriers(page)
    pages = [one.extract_text() for one in PdfReader(download(page, "Download", tmp_path)).pages]
    assert len(set(re.findall(r"TP-\d{3}", "".join(pages)))) == 200
    assert all(re.search(rf"{number}\s*/\s*{len(pages)}", said) for number, said in enumerate(pages, 1))
