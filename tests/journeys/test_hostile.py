"""Documents that mean harm come in through the pages, are read, compared, printed: nothing runs, nobody is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from plumbline.registers.support.documents.copies.tests import attacks, listening, reading

from .clippings import HOSTILE
from .sheets import PASTE
from .walking import sign_in

pytestmark = pytest.mark.journey
DOCUMENT = "/linden/documents/LM-PR-01/"
SHOWN = {"attack.pdf": "Top of page 1"}
WATCH = """
window.told = [];
window.attack = () => told.push("ran");
addEventListener("securitypolicyviolation", (event) => told.push(`refused: ${event.blockedURI}`));
"""
ARMED = """place => [...place.querySelectorAll("*")].flatMap(one => [...one.attributes].filter(({name, value}) =>
    name.startsWith("on") && !name.startsWith("on:") || /^\\s*javascript:/i.test(value)
    || (/^(src|srcset|poster|data|action|formaction|ping|style|background)$/.test(name) && value.includes("127.0.0.1:"))
).map(({name, value}) => `${one.tagName} ${name}=${value}`))"""


class Watched:
    """A page of which every request, dialog and refusal is noted, beside a server whose address the attacks carry."""

    def __init__(self, page: Page, own: str, address: str, asked: list[str]) -> None:
        self.page, self.address, self.asked = page, address, asked
        self.own = (own, "data:", "blob:", "chrome")  # the last is the viewer of PDFs that the browser brings
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        context = page.context
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("page", lambda opened: self.dialogs.append(f"opened {opened.url}"))
        context.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        context.add_init_script(WATCH)

    def quiet(self, where: str) -> None:
        """Nothing ran, nothing was refused because nothing was tried, and nobody was asked."""
        self.page.wait_for_load_state("networkidle")
        assert self.page.evaluate("window.told || []") == [], where
        assert self.dialogs == [], where
        assert [url for url in self.requests if not url.startswith(self.own)] == [], where
        assert self.asked == [], where


@pytest.fixture
def watched(live, page) -> Iterator[Watched]:
    sign_in(page, live, "ruth@linden.example")
    with listening.server() as (address, asked):
        yield Watched(page, f"{live.url}/", address, asked)


@pytest.mark.slow  # every file is printed, the Office files by LibreOffice
def test_files_that_mean_harm_are_words_in_viewer_redline_and_copy(live, watched, tmp_path) -> None:
    page = watched.page
    page.goto(live.url + DOCUMENT)
    page.locator("summary").filter(has_text="New revision").click()
    page.get_by_role("button", name="Write on").click()
    expect(page.locator(".ProseMirror")).not_to_be_empty()
    draft = pasted_pages_are_plain(watched)
    for name, content in attacks.files(watched.address).items():
        file = tmp_path / name
        file.write_bytes(content)
        takes_the_place_of_what_was(page, draft, file)
        is_read(watched, name)
        is_compared_both_ways(watched, name)
        is_printed(watched, draft, name)
    page.goto(draft)
    page.get_by_role("button", name="Write it here from now on").click()
    expect(page.locator(".ProseMirror")).to_contain_text(attacks.SAYS)
    watched.quiet("a Word file in the editor")


def pasted_pages_are_plain(watched: Watched) -> str:
    """The address of the draft they were pasted into."""
    page = watched.page
    page.locator(".ProseMirror").click()
    page.evaluate(PASTE, [HOSTILE.replace("https://evil.example", watched.address), ""])
    expect(page.locator(".ProseMirror")).to_contain_text("Safe words")
    page.get_by_label("What changes").fill("A page was pasted")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#content")).to_contain_text("Safe words")
    assert page.locator("#content").evaluate(ARMED) == []
    watched.quiet("a pasted page")
    draft = page.url
    is_compared_both_ways(watched, "a pasted page", "Safe words")
    is_printed(watched, draft, "a pasted page", "Safe words")
    return draft


def takes_the_place_of_what_was(page: Page, draft: str, file: Path) -> None:
    page.goto(draft)
    page.locator("summary").filter(has_text="Bring in").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Bring in", exact=True).click()
    expect(page.get_by_text("DRAFT", exact=True)).to_be_visible()


def is_read(watched: Watched, name: str) -> None:
    shown = watched.page.locator("#content .dd-shown")
    expect(shown).to_contain_text(SHOWN.get(name, attacks.SAYS))
    assert shown.evaluate(ARMED) == [], name
    opened(watched, name)
    watched.quiet(f"{name} in the viewer")


def opened(watched: Watched, name: str) -> None:
    """The file itself: in the browser as plain text, or downloaded; never as a page.

    What a PDF runs, the browser's own viewer would run: as it was brought in it is only ever downloaded.
    """
    page, draft = watched.page, watched.page.url
    link = page.get_by_role("link", name="Open", exact=True)
    headers = page.request.get(watched.own[0].rstrip("/") + (link.get_attribute("href") or "")).headers
    assert headers["x-content-type-options"] == "nosniff", name
    if headers["content-disposition"].startswith("inline"):
        assert headers["content-type"].split(";")[0] == "text/plain", name
        link.click()
        page.wait_for_url("**/content/")
        watched.quiet(f"{name} opened by itself")
        page.goto(draft)
    else:
        with page.expect_download() as coming:
            link.click()
        assert Path(coming.value.path()).stat().st_size


def is_compared_both_ways(watched: Watched, name: str, words: str = "") -> None:
    page = watched.page
    page.get_by_role("link", name="What changed", exact=True).click()
    for side in ("ins", "del"):
        said = words or SHOWN.get(name, attacks.SAYS)
        expect(page.locator(f".dd-redline {side}").filter(has_text=said).first).to_be_visible()
        assert page.locator("main").evaluate(ARMED) == [], name
        watched.quiet(f"{name} in the redline, as {side}")
        old, new = (page.locator(place).input_value() for place in ("#dd-old", "#dd-new"))
        page.locator("#dd-old").select_option(new)
        page.locator("#dd-new").select_option(old)
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("#dd-old")).to_have_value(new)


def is_printed(watched: Watched, draft: str, name: str, words: str = "") -> None:
    page = watched.page
    page.goto(draft)
    address = page.get_by_role("link", name="Controlled copy (PDF)").get_attribute("href") or ""
    answer = page.request.get(watched.own[0].rstrip("/") + address)
    assert answer.headers["content-type"] == "application/pdf", name
    made = answer.body()
    said = words or SHOWN.get(name, attacks.SAYS)
    assert said in " ".join(reading.texts(made)), name
    assert [key for key in reading.active(made) if key != "/URI"] == [], name
    assert b"javascript" not in made.lower(), name
    page.get_by_role("link", name="Controlled copy (PDF)").click()
    page.wait_for_url("**/copy.pdf")
    watched.quiet(f"{name} on paper")


@pytest.mark.allow_page_errors  # the browser notes what it refuses
def test_the_watch_sees_what_it_is_there_for(watched) -> None:
    page = watched.page
    page.reload()
    with pytest.raises(Error, match="hang up"):  # it notes who calls, and says nothing
        page.request.get(f"{watched.address}/asked")
    assert watched.asked == ["GET /asked HTTP/1.1"]
    watched.asked.clear()
    page.evaluate(f"document.body.append(Object.assign(new Image(), {{src: '{watched.address}/x.png'}}))")
    page.wait_for_function("() => told.length === 1")
    with pytest.raises(AssertionError, match="refused: http"):
        watched.quiet("a picture from elsewhere")
    page.reload()
    page.evaluate(
        "const one = document.createElement('p'); one.setAttribute('onclick', 'attack()'); document.body.append(one)"
    )
    assert page.locator("body").evaluate(ARMED) == ["P onclick=attack()"]
