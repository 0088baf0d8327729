"""A problem is told in a tunnel: what was typed and photographed waits on the phone and arrives once."""

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from .sheets import PIXEL
from .walking import number_of, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.allow_page_errors,
]  # what is asked without a network fails, noted by the browser
PHOTO = {"name": "burr.png", "mimeType": "image/png", "buffer": base64.b64decode(PIXEL)}
LIST = "/linden/nonconformities/"


def test_a_report_waits_for_the_network_and_arrives_once(live, open_page, no_barriers, picture) -> None:
    phone = open_page("phone")
    sign_in(phone, live, "tom@linden.example", then="/linden/my-work/")
    phone.get_by_role("navigation", name="Quick access").get_by_role("link", name="Report").tap()
    it_is_kept(phone, "Burr in the tunnel")
    picture(phone, "without-network")
    phone.context.set_offline(False)
    expect(phone.get_by_text("Sent: Burr in the tunnel")).to_be_visible()
    phone.get_by_role("link", name="Look at it").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Burr in the tunnel")
    expect(phone.get_by_role("link", name="burr.png")).to_be_visible()
    phone = what_is_kept_outlives_its_page(phone, live, no_barriers, picture)
    phone.goto(f"{live.url}{LIST}?q=tunnel")
    expect(phone.get_by_text("1 record", exact=True)).to_be_visible()
    no_barriers(phone)


def what_is_kept_outlives_its_page(phone: Page, live, no_barriers, picture) -> Page:
    """Any other form: kept, looked at, and sent from another page once its own is closed."""
    phone.wait_for_load_state("load")
    record = phone.url
    phone.context.set_offline(True)
    phone.get_by_label("Comment").fill("Said between two tunnels.")
    phone.get_by_role("button", name="Comment").tap()
    expect(phone.get_by_text("1 kept on this device, sent when the network is back")).to_be_visible()
    expect(phone.get_by_label("Comment")).to_have_value("")
    phone.get_by_text("Show", exact=True).tap()
    expect(phone.locator("#pl-later dd")).to_have_text("Said between two tunnels.")
    no_barriers(phone)
    picture(phone, "kept-on-the-phone")
    another = phone.context.new_page()
    phone.close()
    another.context.set_offline(False)
    another.goto(f"{live.url}/linden/my-work/")
    expect(another.get_by_text("Sent: NC-")).to_be_visible()
    another.goto(record)
    expect(
        another.locator(".pl-happening", has_text="Said between two tunnels.").filter(has_text="commented")
    ).to_have_count(1)
    return another


def on_the_report(phone: Page) -> None:
    expect(phone.get_by_label("Title")).to_be_visible()
    phone.wait_for_load_state("load")  # a script still under way when the network goes cannot keep anything


def it_is_kept(phone: Page, title: str) -> None:
    on_the_report(phone)
    phone.context.set_offline(True)
    phone.get_by_label("Title").fill(title)
    phone.get_by_label("What happened").fill("It cut my glove.")
    phone.get_by_label("Photos").set_input_files([PHOTO])
    expect(phone.get_by_text("Not saved yet")).to_be_visible()  # the draft, before anybody presses Save
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("1 kept on this device, sent when the network is back")).to_be_visible()
    expect(phone.get_by_text("Not saved yet")).to_have_count(0)
    expect(phone.get_by_label("Title")).to_have_value("")


def test_what_somebody_kept_is_not_sent_as_somebody_else(live, open_page) -> None:
    phone = open_page("phone")
    sign_in(phone, live, "tom@linden.example", then=LIST + "new/")
    it_is_kept(phone, "Told by Tom")
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    expect(phone.get_by_text("Sign in, so that what is kept")).to_be_visible()
    sign_in(phone, live, "ruth@linden.example", then=LIST)
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    expect(phone.get_by_text("Told by Tom")).to_have_count(0)
    phone.context.clear_cookies()
    sign_in(phone, live, "tom@linden.example", then=LIST)
    expect(phone.get_by_text("Sent: Told by Tom")).to_be_visible()


def test_of_several_that_went_each_is_named(live, open_page) -> None:
    phone = open_page("phone")
    sign_in(phone, live, "tom@linden.example", then=LIST + "new/")
    it_is_kept(phone, "First in the shaft")
    phone.get_by_label("Title").fill("Second in the shaft")
    phone.get_by_label("What happened").fill("It dripped.")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("2 kept on this device, sent when the network is back")).to_be_visible()
    phone.context.set_offline(False)
    told = phone.locator("#pl-later")
    expect(told.get_by_role("link")).to_have_text(["First in the shaft", "Second in the shaft"])
    expect(told).to_contain_text("Sent:")
    told.get_by_role("link", name="Second").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Second in the shaft")


def test_it_is_installed_like_a_program_and_opens_without_network(live, open_page, no_barriers) -> None:
    phone = open_page("phone", service_workers="allow")
    sign_in(phone, live, "tom@linden.example", then="/linden/my-work/")
    manifest = phone.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())"
    )
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/")
    sizes = [phone.evaluate(f"fetch('{icon['src']}').then((answer) => answer.status)") for icon in manifest["icons"]]
    assert sizes == [200, 200, 200]
    phone.wait_for_function("() => navigator.serviceWorker.getRegistration().then((one) => Boolean(one?.active))")
    phone.context.set_offline(True)
    phone.goto(f"{live.url}/linden/library/")
    expect(phone.get_by_role("heading", name="No network")).to_be_visible()
    no_barriers(phone)
    phone.get_by_role("link", name="Scan a label").tap()
    expect(phone.get_by_role("dialog").get_by_role("status")).to_contain_text("Choose a photo of the label")
    phone.keyboard.press("Escape")
    phone.get_by_label("Title").fill("Begun without network")
    phone.get_by_label("What happened").fill("The lamp fell down.")
    phone.get_by_role("button", name="Keep it, send it later").tap()
    expect(phone.get_by_text("1 kept on this device")).to_be_visible()
    phone.context.set_offline(False)
    phone.goto(live.url + "/linden/my-work/")
    expect(phone.get_by_text("Sent: Begun without network")).to_be_visible()
    number = number_of(live, "nonconformities")
    what_does_not_get_through_comes_back(phone, live, number)
    what_another_site_sends_is_not_kept(phone, live, number)
    who_leaves_without_network_is_gone(phone, live)


def what_does_not_get_through_comes_back(phone: Page, live, number: str) -> None:
    phone.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => true })")  # a train's wifi
    phone.goto(f"{live.url}/linden/nonconformities/{number}/")
    phone.wait_for_load_state("load")
    phone.get_by_label("Comment").fill("The wifi had no network.")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Comment").tap()
    expect(phone.get_by_role("heading", name="No network")).to_be_visible()
    expect(phone.get_by_text("1 kept on this device")).to_be_visible()
    expect(phone.get_by_role("link", name="Back to what you wrote")).to_be_hidden()
    phone.context.set_offline(False)
    phone.goto(f"{live.url}/linden/nonconformities/{number}/")
    expect(phone.get_by_text(f"Sent: {number}")).to_be_visible()
    phone.reload()
    expect(
        phone.locator(".pl-happening", has_text="The wifi had no network.").filter(has_text="commented")
    ).to_have_count(1)


def what_another_site_sends_is_not_kept(phone: Page, live, number: str) -> None:
    """Else it would be sent later, in the name of whoever is signed in, as if it had been written here."""
    named = "0192f0c0-0000-7000-8000-000000000001 tom@linden.example Lunch"
    form = f"""<form method="post" action="{live.url}/linden/nonconformities/{number}/comments/">
        <input name="text" value="Tom never wrote this."><input name="_once" value="{named}"></form>"""
    phone.context.route("http://localhost:9/", lambda route: route.fulfill(body=form, content_type="text/html"))
    phone.goto("http://localhost:9/")
    phone.context.set_offline(True)
    phone.evaluate("document.forms[0].submit()")
    expect(phone.get_by_role("heading", name="No network")).to_be_visible()
    phone.wait_for_load_state("load")
    assert phone.evaluate("plumblineShelf.all()") == []
    phone.context.set_offline(False)


def who_leaves_without_network_is_gone(phone: Page, live) -> None:
    """The server hears nothing of it, but whoever takes the device next is shown nothing that was kept there."""
    phone.goto(live.url + "/linden/my-work/")
    phone.wait_for_load_state("load")
    row = {"id": "1", "url": "/", "page": "/", "who": "tom@linden.example", "title": "Told by Tom", "begun": True}
    phone.evaluate("(row) => plumblineShelf.put(row)", row | {"at": 1, "fields": [], "told": []})
    phone.context.set_offline(True)
    leave = phone.locator("form[action='/accounts/logout/']")
    leave.evaluate("(form) => form.requestSubmit()")
    phone.get_by_role("button", name="Sign out all the same").tap()
    expect(phone.get_by_role("heading", name="No network")).to_be_visible()
    phone.wait_for_load_state("load")
    assert phone.evaluate("plumbline.keep.get('who')") == ""
    expect(phone.get_by_text("Told by Tom")).to_have_count(0)
    phone.context.set_offline(False)


def test_what_is_refused_later_is_opened_again_as_it_was_typed(live, open_page) -> None:
    phone = open_page("phone")
    sign_in(phone, live, "tom@linden.example", then=LIST + "new/")
    on_the_report(phone)
    phone.context.set_offline(True)
    phone.get_by_label("What happened").fill("Only this was typed.")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("1 kept on this device")).to_be_visible()
    phone.context.set_offline(False)
    phone.get_by_role("link", name="Open it again").tap()
    expect(phone.get_by_label("What happened")).to_have_value(re.compile("Only this was typed"))
    phone.wait_for_url("**#kept=*")
    phone.reload()
    expect(phone.get_by_label("What happened")).to_have_value(re.compile("Only this was typed"))
    phone.get_by_label("Title").fill("Now with a title")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Now with a title")
    expect(phone.locator("#pl-later")).to_have_count(0)
    what_is_half_typed_is_there_again(phone)


def what_is_half_typed_is_there_again(phone: Page) -> None:
    phone.wait_for_load_state("load")
    phone.context.set_offline(True)
    phone.get_by_label("Comment").fill("Half of a sen")
    expect(phone.locator("form[data-begun]")).to_have_count(1)
    phone.wait_for_function("() => plumblineShelf.all().then((rows) => rows.some((one) => one.begun))")
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.get_by_label("Comment")).to_have_value("Half of a sen")
    phone.goto(phone.url.rsplit("/", 2)[0] + "/")
    expect(phone.get_by_text("1 begun on this device and not sent yet")).to_be_visible()
    phone.get_by_text("Show", exact=True).tap()
    phone.get_by_role("button", name="Discard").tap()
    phone.get_by_role("button", name="Discard for good").tap()
    expect(phone.locator("#pl-later")).to_have_count(0)
