"""Controlled copies: every kind of content, every state, hostile files, the same bytes again."""

from datetime import timedelta

import pytest

from plumbline import composition
from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.copies import NoCopy, controlled_pdf, printing
from plumbline.registers.support.documents.copies.facts import facts_of
from plumbline.registers.support.documents.copies.laying import laid_out, stamps
from plumbline.registers.support.documents.models import Revision
from plumbline.registers.support.documents.tests.house import TODAY, House

from . import attacks, listening, reading, samples

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # each lays out pages, in a program of its own where it must


@pytest.fixture
def house() -> House:
    return House(Company("Acme"))


def copy_of(revision: Revision, **options: str) -> bytes:
    return controlled_pdf(current := Revision.objects.get(pk=revision.pk), Actor.clock(current.home), **options)


def into_force(house: House, revision: Revision, on=TODAY) -> Revision:
    house.act(revision, "submit", house.dora)
    house.act(revision, "approve")
    return house.act(revision, "put_into_force", effective_on=on)


def test_every_page_of_a_pdf_is_stamped_and_stays_as_it_is_seen(house) -> None:
    content = samples.turned(samples.pages("A4", "A4", "A4", "A4"), 0, 90, 180, 270, crop=(0, 300, 500, 842))
    revision = into_force(house, samples.with_file(house, content, "plan.pdf"))
    made = copy_of(revision)
    assert reading.sizes(made) == [(176, 191), (191, 176), (176, 191), (191, 176)]
    for number, text in enumerate(reading.texts(made), 1):
        assert f"Top of page {number}" in text
        assert f"Page {number} of 4" in text
        assert "Acme" in text
        assert "PRO-001 Purchasing" in text
        assert "Approved by Ann Bell" in text
        assert "I approve this revision" in text
        assert "UNCONTROLLED WHEN PRINTED" in text
    marked = [reading.drawn(made, number) for number in range(4)]
    width, height = marked[0].size
    corners = [  # where the first line of the page begins: it turns with the page
        (0.05, 0.12, 0.4, 0.2), (0.75, 0.12, 0.95, 0.5), (0.6, 0.78, 0.97, 0.86), (0.04, 0.45, 0.2, 0.84),
    ]  # fmt: skip
    for page, (left, top, right, bottom) in zip(marked, corners, strict=True):
        width, height = page.size
        box = page.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))
        assert box.getextrema()[0] < 60


def test_small_and_large_pages_keep_their_content(house) -> None:
    revision = samples.with_file(house, samples.pages("60mm 40mm", "A3 landscape"), "label.pdf")
    made = copy_of(revision)
    assert reading.sizes(made) == [(150, 150), (420, 297)]
    assert [f"page {n}" in text for n, text in enumerate(reading.texts(made), 1)] == [True, True]


def test_what_runs_in_a_pdf_does_not_come_along(house) -> None:
    hostile = samples.hostile(samples.pages("A4"))
    assert {"/JS", "/OpenAction", "/AA", "/Launch", "/EmbeddedFiles", "/URI"} <= set(reading.active(hostile))
    made = copy_of(samples.with_file(house, hostile, "hostile.pdf"))
    assert reading.active(made) == []
    assert b"payload" not in made
    assert "Top of page 1" in reading.texts(made)[0]


@pytest.mark.parametrize(
    "content, word",
    [
        (samples.locked(samples.pages("A4")), "locked"),
        (b"%PDF-1.7\nnothing that is a page", "cannot be read"),
    ],
    ids=["locked", "broken"],
)
def test_a_pdf_that_cannot_be_stamped_is_refused_in_words(house, content, word) -> None:
    revision = samples.with_file(house, content, "x.pdf")
    with pytest.raises(NoCopy, match=word):
        copy_of(revision)


def test_the_mark_says_what_the_copy_is_not(house) -> None:
    revision = samples.written(house, samples.paragraph("Suppliers are evaluated."))
    assert "DRAFT" in reading.texts(copy_of(revision))[0]
    assert "Not approved." in reading.texts(copy_of(revision))[0]
    into_force(house, revision, TODAY + timedelta(days=9))
    assert "NOT YET IN FORCE" in reading.texts(copy_of(revision))[0]


def test_a_superseded_copy_says_since_when(house) -> None:
    first = into_force(house, samples.written(house, samples.paragraph("Old.")))
    text = reading.texts(copy_of(first))[0]
    assert "UNCONTROLLED WHEN PRINTED" in text
    assert "Revision 1.0 · in force from" in text
    numbered = reading.texts(copy_of(first, copy="Controlled copy no. 3 for the gate"))[0]
    assert "Controlled copy no. 3 for the gate" in numbered
    assert "UNCONTROLLED" not in numbered
    into_force(house, samples.written(house, samples.paragraph("New.")))
    text = reading.texts(copy_of(first))[0]
    assert f"OBSOLETE since {TODAY.day} " in text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_organisation_may_leave_the_mark_out(house) -> None:
    first = into_force(house, samples.written(house, samples.paragraph("Old.")))
    organisation = house.acme.organisation
    actions.edit(organisation, by=house.acme.actor, settings={**organisation.settings, "copies_unmarked": True})
    assert "UNCONTROLLED" not in reading.texts(copy_of(first))[0]


def test_the_code_is_that_of_the_log_and_the_same_copy_has_the_same_bytes(house) -> None:
    from plumbline.ledger.models import Checkpoint

    first = into_force(house, samples.written(house, samples.heading("Scope"), samples.paragraph("All of it.")))
    made = copy_of(first)
    heads = Checkpoint.objects.filter(log=house.acme.organisation.uid)
    codes = {bytes(head.root).hex()[:16].upper() for head in heads}
    assert any("-".join(code[at : at + 4] for at in (0, 4, 8, 12)) in reading.texts(made)[0] for code in codes)
    assert copy_of(first) == made


def test_a_stamped_copy_has_the_same_bytes_too(house) -> None:
    revision = samples.with_file(house, samples.pages("A4"), "x.pdf")
    assert copy_of(revision) == copy_of(revision)


def test_long_ones_begin_with_their_contents(house) -> None:
    parts = [
        block
        for number in range(6)
        for block in (samples.heading(f"Step {number}"), samples.paragraph("Suppliers are evaluated. " * 120))
    ]
    text = reading.texts(copy_of(samples.written(house, *parts)))
    assert "Contents" in text[0]
    assert "6 Step 5" in text[0]


def test_written_content_stays_inert_and_fetches_nothing(house) -> None:
    link = {"type": "link", "attrs": {"href": "https://attacker.example/x"}}
    revision = samples.written(
        house,
        samples.paragraph("see there", **link),
        {"type": "image", "attrs": {"src": "attachment:018f0000-0000-7000-8000-000000000000", "alt": "gone"}},
    )
    made = copy_of(revision)
    assert "gone" in reading.texts(made)[0]
    assert not {"/JS", "/Launch", "/EmbeddedFiles", "/OpenAction"} & set(reading.active(made))


def test_hostile_html_is_shown_without_what_it_points_to(house, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr("urllib.request.urlopen", lambda *given, **more: asked.append(given))
    page = (
        b"<h1>Plan</h1><img src='http://attacker.example/x.png'><img src='file:///etc/passwd'>"
        b"<link rel='attachment' href='file:///etc/passwd'><a href='file:///etc/passwd'>p</a><script>1</script>"
        b"<style>@import url(http://attacker.example/x.css)</style>"
    )
    made = copy_of(samples.with_file(house, page, "plan.html", "text/html"))
    assert "Plan" in reading.texts(made)[0]
    assert asked == []
    assert reading.active(made) == []
    assert b"passwd" not in made


def test_a_file_that_paper_cannot_show_gets_a_sheet_in_front(house) -> None:
    revision = samples.with_file(house, b"\x00\x01DWG" * 40, "drawing.dwg")
    text = reading.texts(copy_of(revision))[0]
    assert "drawing.dwg" in text
    assert Revision.objects.get(pk=revision.pk).file.sha256[:30] in text.replace(" ", "")


def test_without_content_there_is_no_copy(house) -> None:
    with pytest.raises(NoCopy, match="no content"):
        copy_of(actions.edit(house.draft(), by=house.writer, file=None))


def test_in_the_language_of_the_document(house) -> None:
    actions.edit(house.document, by=house.acme.actor, language="de")
    text = reading.texts(copy_of(samples.written(house, samples.paragraph("Lieferanten werden bewertet."))))[0]
    assert "ENTWURF" in text
    assert "Seite 1 von 1" in text


def test_a_long_one_is_put_together_from_parts_in_order(house) -> None:
    made = reading.texts(copy_of(samples.with_file(house, samples.pages(*["A4"] * 41), "long.pdf")))
    assert len(made) == 41
    for number in (1, 20, 21, 41):
        assert f"Top of page {number} " in f"{made[number - 1]} "
        assert f"Page {number} of 41" in made[number - 1]


def test_laying_out_makes_no_connection_whatever_the_document_says(house, monkeypatch) -> None:
    """Once through every way a file takes, and once with the allow-list off, so that only the fetcher is left."""
    revision = samples.with_file(house, b"Suppliers are evaluated.", "plan.txt", "text/plain")
    current = Revision.objects.get(pk=revision.pk)
    facts = facts_of(current)
    with listening.server() as (address, asked):
        hostile = attacks.files(address)
        for name in ("attack.html", "attack.md", "attack.csv", "attack.xlsm", "attack.docm"):
            html = composition.shown(hostile[name], "", name)
            assert attacks.SAYS in " ".join(reading.texts(laid_out(facts, html))), name
        raw = hostile["attack.html"].decode() + f"<img src='file://{samples.__file__}'>"
        laid_out(facts, raw)
        assert asked == []
        monkeypatch.setattr("weasyprint.urls.URLFetcher", _everything)
        laid_out(facts, raw)
        assert {"/a.css", "/img.png"} <= {line.split()[1] for line in asked}  # with the fetcher of WeasyPrint it is


def _everything(**_limits: object) -> object:
    return None


def test_a_long_one_is_laid_out_in_a_program_of_its_own_with_the_same_bytes(house, monkeypatch) -> None:
    revision = Revision.objects.get(pk=samples.with_file(house, samples.pages("A4"), "plan.pdf").pk)
    facts, short = facts_of(revision), "<h2>Plan</h2><p>Suppliers are evaluated.</p>"
    here = laid_out(facts, short), stamps(facts, [(595.0, 842.0)] * 3)
    with listening.server() as (address, asked):
        hostile = attacks.files(address)["attack.html"].decode()
        monkeypatch.setattr(printing, "HERE", 0)
        assert (laid_out(facts, short), stamps(facts, [(595.0, 842.0)] * 3)) == here
        assert attacks.SAYS in reading.texts(laid_out(facts, hostile))[0]
        assert asked == []
    monkeypatch.setattr(printing, "MEMORY", 64 << 20)
    with pytest.raises(NoCopy, match="too long"):
        laid_out(facts, short)
