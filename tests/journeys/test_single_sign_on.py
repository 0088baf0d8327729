"""People come by their company's account; a stranger is told so; who has no password here signs by passkey."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.peers.identity import OpenID
from tests.peers.server import Live, served

from .test_second_factor import _device as passkey_device
from .walking import DEMO

pytestmark = pytest.mark.journey
BEGIN = """
import io
import django
django.setup()
from plumbline.kernel import actions, files, signing
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, RoleHolding
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.models import Document, Revision

ruth = Person.objects.select_related("organisation", "account").get(email="ruth@linden.example")
document = actions.create(register_of("document"), by=Actor.of(ruth), title="Quality policy 2027", sort="policy")
words = b"We deliver what we promised."
kept = files.keep(ruth.organisation.uid, io.BytesIO(words), "policy.txt")
file = actions.content(kept, by=Actor.of(ruth))
values = dict(source="policy.txt", media_type="text/plain", change="First.")
document = Document.objects.get(pk=document.pk)
revision = revising.draft(document, by=Actor.of(ruth), text=words.decode(), file=file, **values)
move = register_of(revision).workflow.move("submit", revision.state)
proof = signing.prove(ruth.account, revision, move, None) if move.sign else None
actions.act(revision, "submit", by=Actor.of(ruth), proof=proof)
revision = Revision.objects.get(pk=revision.pk)
step = next(iter(revision.open_steps("approve")))
managing = RoleHolding.objects.filter(organisation=ruth.organisation, role="management").values("person")
approver = step.person or Person.objects.exclude(account=None).filter(pk__in=managing).first()
account = approver.account
account.set_unusable_password()
account.save()
print(revision.number, approver.email, revision.state)
"""


@pytest.fixture(scope="module")
def works(demo: Path, openid: OpenID, tmp_path_factory) -> Iterator[Live]:
    """The demo companies, asked by name, with the account of their company beside the password."""
    file = tmp_path_factory.mktemp("sign-in") / "sign-in.toml"
    given = {
        "id": "works", "kind": "oidc", "name": "Linden account", "issuer": openid.issuer, "client": "c", "secret": "s",
    }  # fmt: skip
    lines = [f'{name} = "{value}"' for name, value in given.items()]
    file.write_text("\n".join(["[[provider]]", *lines, 'domains = ["linden.example"]']))
    with served(demo, host="localhost", PLUMBLINE_SIGN_IN=str(file)) as live:
        yield live


def run(live: Live, script: str) -> str:
    environment = live.environment | {"DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert not done.returncode, done.stderr[-3000:]
    return done.stdout.strip().splitlines()[-1]


def come(page: Page, live: Live, sub: str, then: str = "/linden/my-work/") -> None:
    """Press the button, sign in there as this one, and come back."""
    page.goto(f"{live.url}/accounts/login/?next={then}")
    page.get_by_role("button", name="Sign in with Linden account").click()
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(lambda url: url.startswith(live.url))


@pytest.mark.allow_page_errors  # who is nobody here is refused on purpose
def test_one_arrives_and_one_who_is_nobody_here_is_told_so(works, openid, open_page, no_barriers) -> None:
    openid.person("tom", "tom@linden.example")
    openid.person("stranger", "stranger@linden.example")
    page = open_page()
    come(page, works, "tom")
    expect(page.get_by_text("has an account here already").first).to_be_visible()
    no_barriers(page)
    page.get_by_role("link", name="Sign in as before").click()
    page.get_by_label("Email").fill("tom@linden.example")
    page.get_by_role("textbox", name="Password").fill(DEMO)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Connect Linden account").click()
    page.wait_for_url("**/linden/**")
    later = open_page("phone", "dark")
    come(later, works, "tom")
    expect(later.get_by_role("heading", name="My work")).to_be_visible()
    nobody = open_page()
    come(nobody, works, "stranger")
    expect(nobody.get_by_text("stranger@linden.example").first).to_be_visible()
    no_barriers(nobody)
    nobody.goto(f"{works.url}/linden/")
    expect(nobody.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.allow_page_errors  # the provider's own page asks for a style sheet elsewhere, which is not let out
def test_who_has_no_password_here_approves_by_passkey(works, openid, open_page, no_barriers) -> None:
    page = open_page()
    number, email, _state = run(works, BEGIN).split(" ")
    openid.person("top", email)
    come(page, works, "top")
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    passkey_device(page)
    page.goto(f"{works.url}/accounts/security/")
    expect(page.get_by_text("You have no password here")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My key")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{works.url}/linden/revisions/{number}/approve/")
    expect(page.get_by_role("button", name="Sign with a passkey")).to_be_visible()
    no_barriers(page)
    page.get_by_role("button", name="Sign with a passkey").click()
    expect(page.get_by_text("Approved").first).to_be_visible()
