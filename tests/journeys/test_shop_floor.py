"""A problem in the hall: told on a phone, settled by the quality manager, and everybody sees whose turn it is."""

import io
import re

import pypdfium2
import pytest
import segno
from PIL import Image
from playwright.sync_api import Page, expect

from .walking import number_of, sign_in

pytestmark = pytest.mark.journey
TITLE, WHAT = "Burr on the brackets of order 25188", "Twelve of forty cut my glove. I stopped the machine."


@pytest.mark.allow_page_errors  # a form without the reason is refused on purpose
def test_a_problem_is_reported_on_a_phone_and_settled_in_three_steps(live, open_page) -> None:
    phone, desk = open_page("phone"), open_page()
    sign_in(phone, live, "tom@linden.example", then="/linden/my-work/")
    phone = he_begins_and_the_tab_is_closed(phone)
    number = he_goes_on_where_he_was_and_saves(phone, live)
    sign_in(desk, live, "ruth@linden.example", then="/linden/my-work/")
    she_sees_that_it_waits_for_its_owner(phone, live, number)
    what_was_done_is_written_down(phone, number)
    she_decides_that_it_is_enough(desk, live, number)
    nobody_owes_anything_any_more(phone, desk, live, number)
    she_thanks_him_by_name_and_he_hears_of_it(desk, phone, live, number)


def test_what_is_typed_while_the_scripts_are_on_their_way_is_kept(live, open_page) -> None:
    phone, waiting = open_page("phone"), []
    sign_in(phone, live, "tom@linden.example", then="/linden/my-work/")
    phone.route("**/saving*.js", lambda route: waiting.append(route))
    with phone.expect_request("**/saving*.js"):
        phone.goto(live.url + "/linden/nonconformities/new/", wait_until="commit")
    phone.get_by_label("Title").fill(TITLE)
    waiting[0].continue_()
    expect(phone.get_by_text(re.compile("^Saved"))).to_be_visible()
    phone.unroute("**/saving*.js")
    phone.goto(live.url + "/linden/nonconformities/new/")
    expect(phone.get_by_label("Title")).to_have_value(TITLE)


def he_begins_and_the_tab_is_closed(phone: Page) -> Page:
    phone.get_by_role("navigation", name="Quick access").get_by_role("link", name="Report").tap()
    phone.get_by_label("Title").fill(TITLE)
    expect(phone.get_by_text(re.compile("^Saved"))).to_be_visible()
    phone.goto("about:blank")
    return phone


def he_goes_on_where_he_was_and_saves(phone: Page, live) -> str:
    phone.goto(live.url + "/linden/nonconformities/new/")
    expect(phone.get_by_text("Your draft was restored.")).to_be_visible()
    expect(phone.get_by_label("Title")).to_have_value(TITLE)
    phone.get_by_label("What happened").fill(WHAT)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(TITLE)
    return phone.get_by_role("heading", level=1).inner_text().split()[0]


def she_sees_that_it_waits_for_its_owner(page: Page, live, number: str) -> None:
    page.goto(live.url + "/linden/my-work/")
    duty = page.get_by_role("main").get_by_role("listitem").filter(has_text=number)
    expect(duty).to_contain_text(TITLE)
    expect(duty).to_contain_text("Record what was done")


def what_was_done_is_written_down(page: Page, number: str) -> None:
    page.get_by_role("link", name=re.compile(number)).tap()
    page.get_by_role("link", name="Record what was done").tap()
    page.get_by_label("What we did about it").fill("Deburred all forty, changed the nozzle.")
    page.get_by_role("button", name="Record what was done").tap()
    expect(page.get_by_text(f"{number}: Corrected.")).to_be_visible()


def she_decides_that_it_is_enough(page: Page, live, number: str) -> None:
    page.goto(live.url + "/linden/my-work/")
    page.get_by_role("main").get_by_role("link", name=re.compile(number)).click()
    page.get_by_role("link", name="The correction is enough").click()
    page.get_by_role("button", name="The correction is enough").click()
    expect(page.get_by_role("alert").or_(page.get_by_text("This field is required")).first).to_be_visible()
    page.get_by_label(re.compile("enough", re.I)).fill("A worn nozzle; it is changed every Monday now.")
    page.get_by_role("button", name="The correction is enough").click()
    expect(page.get_by_text(f"{number}: Closed.")).to_be_visible()


def nobody_owes_anything_any_more(phone: Page, desk: Page, live, number: str) -> None:
    for page in (phone, desk):
        page.goto(live.url + "/linden/my-work/")
        expect(page.get_by_role("heading", name="My work")).to_be_visible()
        expect(page.get_by_role("main").locator(".pl-content").get_by_text(number)).to_have_count(0)


def she_thanks_him_by_name_and_he_hears_of_it(desk: Page, phone: Page, live, number: str) -> None:
    desk.goto(f"{live.url}/linden/nonconformities/{number}/")
    desk.get_by_label("Comment", exact=True).fill("Well seen, @Tom Hale.")
    desk.get_by_role("button", name="Comment").click()
    expect(desk.get_by_text("Well seen, @Tom Hale.").first).to_be_visible()
    phone.goto(live.url + "/linden/my-work/")
    news = phone.get_by_role("listitem").filter(has_text="a comment names you")
    expect(news).to_contain_text(number)
    phone.get_by_role("button", name="Seen").tap()
    expect(phone.get_by_text("a comment names you")).to_have_count(0)


def test_a_phone_gives_its_height_to_the_page(live, open_page) -> None:
    phone = open_page("phone")
    sign_in(phone, live, "ruth@linden.example", then="/linden/audits/")
    phone.get_by_role("link", name="Initial audit").first.tap()
    phone.get_by_role("link", name="Checklist").tap()
    bar, areas = phone.locator("header.pl-top"), phone.get_by_role("navigation", name="Areas")
    areas.get_by_role("link").last.tap()
    expect(areas.locator("[aria-current]")).to_be_in_viewport(ratio=0.9)
    phone.evaluate("scrollTo(0, 900)")
    expect(areas.locator("[aria-current]")).to_be_in_viewport(ratio=0.9)
    assert bar.bounding_box()["height"] < 64, "the bar takes one row"
    assert areas.bounding_box()["y"] >= bar.bounding_box()["height"] - 1, "the areas stay below the bar"


def test_a_label_is_scanned_in_the_page_and_nothing_foreign_is_opened(
    live, open_page, before_the_camera, no_barriers, picture
) -> None:
    phone, number = open_page("phone"), number_of(live, "nonconformities")
    labelled = f"/linden/nonconformities/{number}/"
    phone.context.grant_permissions(["camera"])
    sign_in(phone, live, "tom@linden.example", then="/linden/my-work/")
    label = pypdfium2.PdfDocument(phone.request.get(f"{live.url}{labelled}label.pdf").body())[0]
    label = label.render(scale=3).to_pil().crop((50, 100, 620, 420))
    before_the_camera(label)
    held = []
    phone.route("**/qr.min.js", lambda route: held.append(route))
    with phone.expect_request("**/qr.min.js"):
        phone.get_by_role("navigation", name="Quick access").get_by_role("link", name="Scan").tap()
    expect(phone.get_by_text("Hold the code of the label into the frame.")).to_be_visible()
    picture(phone, "scan")
    held[0].continue_()
    phone.unroute("**/qr.min.js")
    phone.wait_for_url(f"**{labelled}")
    before_the_camera(coded("https://elsewhere.example/r/018f0000-0000-7000-8000-000000000000/"))
    phone.get_by_role("navigation", name="Quick access").get_by_role("link", name="Search").tap()
    phone.get_by_role("link", name="Scan a label").tap()
    panel = phone.get_by_role("dialog", name="Scan a label")
    expect(panel.get_by_role("status")).to_contain_text("This is no label of this Plumbline.")
    expect(panel).to_contain_text("https://elsewhere.example/r/")
    expect(panel.get_by_label("What the camera sees")).to_be_visible()
    no_barriers(phone)
    panel.get_by_role("button", name="Close").tap()
    expect(panel).to_be_hidden()
    expect(phone.get_by_role("dialog")).to_have_count(0)
    assert phone.evaluate("document.querySelector('#pl-scan video').srcObject") is None, "the camera is off"
    assert phone.url == live.url + labelled
    what_a_report_is_about_is_scanned(phone, label, number, before_the_camera)
    without_a_camera_there_are_other_ways(phone, label, labelled)


def what_a_report_is_about_is_scanned(phone: Page, label: Image.Image, number: str, before_the_camera) -> None:
    before_the_camera(label)
    phone.get_by_role("navigation", name="Quick access").get_by_role("link", name="Report").tap()
    phone.get_by_label("Title").fill("It happened again")
    phone.get_by_label("What happened").fill("The same burr.")
    phone.get_by_role("button", name="Scan its label").tap()
    expect(phone.get_by_label("What it is about")).to_have_value(number)
    one_photo_after_the_other(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("It happened again")
    expect(phone.get_by_role("link", name=re.compile("^(first|third)"))).to_have_count(2)
    phone.get_by_role("link", name=number).click()
    phone.wait_for_url(f"**/linden/nonconformities/{number}/")


def one_photo_after_the_other(phone: Page) -> None:
    Image.new("RGB", (4000, 3000), (90, 120, 150)).save(kept := io.BytesIO(), "JPEG")  # twelve million pixels
    for name, kind in (("first.jpg", "image/jpeg"), ("second.heic", "image/heic"), ("third.jpg", "image/jpeg")):
        phone.get_by_label("Photos").set_input_files([{"name": name, "mimeType": kind, "buffer": kept.getvalue()}])
    expect(phone.get_by_text("HEIC: it is kept as it is")).to_be_visible()
    phone.get_by_role("button", name="Take out second.heic").tap()
    expect(phone.get_by_text("second.heic")).to_have_count(0)


def without_a_camera_there_are_other_ways(phone: Page, label: Image.Image, labelled: str) -> None:
    phone.context.clear_permissions()
    phone.goto(phone.url.replace(labelled, "/linden/library/") + "#scan")
    panel = phone.get_by_role("dialog", name="Scan a label")
    expect(panel.get_by_role("status")).to_contain_text("The browser may not use the camera here")
    label.resize((2400, 2400 * label.height // label.width)).save(kept := io.BytesIO(), "JPEG")
    with phone.expect_file_chooser() as asked:
        panel.get_by_label("Choose a photo of it").tap()
    with phone.expect_navigation(url=f"**{labelled}"):
        asked.value.set_files([{"name": "label.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}])
    phone.get_by_role("navigation", name="Quick access").get_by_role("link", name="Scan").tap()
    typed = panel.get_by_label("Or type the number that stands with the code")
    typed.tap()
    expect(typed).to_be_focused()
    phone.keyboard.type(labelled.strip("/").rpartition("/")[2])
    with phone.expect_navigation(url=f"**{labelled}"):
        panel.get_by_role("button", name="Open").tap()


def coded(text: str) -> Image.Image:
    """A QR code of these words."""
    segno.make(text, error="m").save(kept := io.BytesIO(), kind="png", scale=8, border=4)
    return Image.open(kept)
