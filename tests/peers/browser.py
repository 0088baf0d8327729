"""A real browser: pages on a desk and on a phone, light and dark, that tell on every error they meet."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
LOOKS = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]
PATIENCE = 30_000  # milliseconds: a busy machine is no fault of the page, and a page tries anew every 20 seconds
PICTURES = Path(__file__).parents[2] / "docs/manual/pictures"
BAR = "shown => document.querySelectorAll('.pl-bottom').forEach(bar => { bar.style.display = shown ? '' : 'none' })"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-dev-shm-usage", "--font-render-hinting=none", "--hide-scrollbars",
    "--use-fake-device-for-media-stream",
    # Nothing goes out: a page of ours asks nobody but its own server. (With routes the browser would keep no cache.)
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.fail("no Chromium: scripts/debian-packages test installs it", pytrace=False)


@pytest.fixture(scope="session")
def seen_by_camera(tmp_path_factory) -> Path:
    """The film that the browser's camera shows, over and over; read anew whenever a page begins to look."""
    return tmp_path_factory.mktemp("camera") / "film.mjpeg"


@pytest.fixture
def before_the_camera(seen_by_camera) -> Callable:
    """Return `before_the_camera(picture)`: holds a picture (PIL) before the camera of a phone that may use it."""
    from PIL import Image

    def held(picture) -> None:
        frame, kept = Image.new("RGB", (1280, 720), (96, 98, 100)), io.BytesIO()
        small = picture.convert("RGB")
        small.thumbnail((680, 520))
        frame.paste(small, ((1280 - small.width) // 2, (720 - small.height) // 2))
        frame.save(kept, "JPEG", quality=90)
        seen_by_camera.write_bytes(kept.getvalue() * 3)

    return held


@pytest.fixture(scope="session")
def browser(seen_by_camera) -> Iterator:
    """One browser for the session; every page has a context, so cookies, of its own."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the loop in this thread is Playwright's; nothing of ours is async
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=_chromium(), args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={seen_by_camera}"]
        )
        yield started
        started.close()


def _listen(page, told: list[str]) -> None:
    """Note what a person would not see but must not happen: script errors, refused content, failing answers."""
    page.on("pageerror", lambda error: told.append(f"script error: {error}"))
    page.on("console", lambda line: told.append(f"console: {line.text}") if line.type == "error" else None)
    page.on("response", lambda got: told.append(f"{got.status} for {got.url}") if got.status >= 500 else None)


@pytest.fixture
def open_page(browser, request) -> Iterator[Callable]:
    """Return `open_page(size="desktop", scheme="light", **context)`; errors the pages met fail the test at its end."""
    contexts, told = [], []

    def opened(size: str = "desktop", scheme: str = "light", **more):
        touch = {"has_touch": True, "is_mobile": True} if size == "phone" else {}
        choices = {"viewport": SIZES[size], "color_scheme": scheme, "locale": "en-GB", "reduced_motion": "reduce"}
        choices["service_workers"] = "block"  # it would answer before a test's own routes do; one journey asks for it
        context = browser.new_context(**(choices | touch | more))
        context.set_default_timeout(2 * PATIENCE)  # a click waits for the page it asks for
        contexts.append(context)
        page = context.new_page()
        _listen(page, told)
        return page

    yield opened
    for context in contexts:
        context.close()
    if told and not request.node.get_closest_marker("allow_page_errors"):
        pytest.fail("the browser met errors:\n" + "\n".join(dict.fromkeys(told)), pytrace=False)


@pytest.fixture
def page(open_page):
    """A page on a desk, light."""
    return open_page()


@pytest.fixture
def phone(open_page):
    """A page on a phone, light."""
    return open_page("phone")


@pytest.fixture(params=LOOKS, ids=lambda look: "-".join(look))
def every_look(request, open_page):
    """A page in each of the four looks: desktop and phone, light and dark."""
    return open_page(*request.param)


@pytest.fixture
def picture() -> Callable:
    """Return `picture(page, "road")`: writes docs/manual/pictures/road.png when PLUMBLINE_PICTURES=1, else nothing."""

    def taken(page, name: str, **more) -> None:
        if os.environ.get("PLUMBLINE_PICTURES") == "1":
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.evaluate(BAR, not more.get("full_page"))  # it would stand in the middle of a whole page
            page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", **more)
            page.evaluate(BAR, True)

    return taken


@pytest.fixture
def no_barriers() -> Callable:
    """Return `no_barriers(page)`: fails with what axe finds against WCAG 2.2 AA and its best practices."""
    from axe_playwright_python.sync_playwright import Axe

    def checked(page) -> None:
        page.wait_for_load_state("load")
        found = Axe().run(page).response["violations"]
        lines = [f"{v['id']}: {v['help']}: {'; '.join(n['html'][:160] for n in v['nodes'][:4])}" for v in found]
        assert not found, f"{page.url}\n" + "\n".join(lines)

    return checked
