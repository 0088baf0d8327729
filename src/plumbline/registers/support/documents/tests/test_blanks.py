"""Documents to begin from: the same in every language, true to the catalogue, and enough of them."""

import re
from collections import Counter
from pathlib import Path

import pytest

from plumbline.composition import cleaned, fields_of, from_markdown, references, to_html, unfilled
from plumbline.organisation.roles import Role
from plumbline.registers.support.documents.blanks import FIELDS, ORDER, Blank, blank, blanks, languages
from plumbline.standards.catalogue import edition_of

MANUAL = Path(__file__).parents[6] / "docs/manual/templates.md"
ENGLISH, GERMAN = blanks("en"), blanks("de")
BOTH = ENGLISH + GERMAN
SORTS = {
    "policy", "manual", "procedure", "work_instruction", "form", "specification", "record_template", "external",
}  # fmt: skip
HEADS = {  # what every procedure has
    "en": ("Purpose", "Where it applies", "Responsibilities", "Steps", "Records kept and for how long"),
    "de": ("Zweck", "Geltungsbereich", "Verantwortung", "Ablauf", "Aufzeichnungen und Aufbewahrung"),
}
LAST = {"en": "Related documents", "de": "Mitgeltende Dokumente"}
OPTIONAL = {"en": "If you", "de": "Wenn "}
PAIRS = [pytest.param(one, blank(one.id, "de"), id=one.id) for one in ENGLISH]
each = pytest.mark.parametrize("one", [pytest.param(one, id=f"{one.id}.{one.language}") for one in BOTH])
pairs = pytest.mark.parametrize("english, german", PAIRS)


def outline(one: Blank) -> list[int]:
    return [len(marks) for marks in re.findall(r"(?m)^(#+) ", one.text)]


def rows(one: Blank) -> list[int]:
    """How many columns each line of a table has."""
    return [line.count("|") for line in one.text.splitlines() if line.startswith("|")]


def words(one: Blank) -> int:
    return len(re.findall(r"\w+", one.text))


def test_there_is_one_of_each_in_each_language():
    assert languages() == ["de", "en"]
    assert [one.id for one in ENGLISH] == [one.id for one in GERMAN] == list(ORDER)


def test_an_unknown_language_gets_english_and_an_unknown_id_nothing():
    assert blanks("fr-CA") == ENGLISH
    assert blanks("de-AT") == GERMAN
    assert blank("welding", "en") is None


def test_the_roles_that_fill_themselves_exist():
    assert {name.removeprefix("role.") for name in FIELDS if name.startswith("role.")} < set(Role.values)


@pairs
def test_both_languages_say_the_same(english: Blank, german: Blank):
    assert (german.requirements, german.basis, german.sort) == (english.requirements, english.basis, english.sort)
    assert outline(german) == outline(english)
    assert rows(german) == rows(english)
    assert Counter(german.fields) == Counter(english.fields)
    assert len(german.places) == len(english.places)
    assert german.referred_to == english.referred_to
    assert german.title != english.title
    assert 0.7 < words(german) / words(english) < 1.1


@each
def test_its_head_is_true(one: Blank):
    edition = edition_of("iso9001:2015")
    assert one.sort in SORTS
    assert one.basis in {"shall", "practice"}
    assert re.fullmatch(r"[^.]+\.", one.purpose), "one sentence"
    assert len(set(one.requirements)) == len(one.requirements)
    assert [id for id in (*one.requirements, *one.referred_to) if not edition.get(id)] == []
    demanded = {id for id in one.requirements if edition.get(id).documented_information != "none"}
    assert one.basis == "practice" or demanded, "what a shall asks for in writing"


@each
def test_its_text_can_be_filled_in(one: Blank):
    assert set(one.fields) <= FIELDS
    assert one.text.count("{{") == len(one.fields)
    assert one.text.count("[[") == one.text.count("]]") == len(one.places) > 3
    assert not [hint for hint in one.places if "|" in hint or "[" in hint or len(hint) > 240]
    assert 500 < words(one) < 1700, "one and a half to four pages"
    assert "  \n" not in one.text, "no blanks at the end of lines"


@each
def test_a_table_is_whole(one: Blank):
    block: list[int] = []
    for line in [*one.text.splitlines(), ""]:
        if line.startswith("|"):
            block.append(line.count("|"))
        else:
            assert len(set(block)) <= 1, f"before {line!r}"
            block = []


@each
def test_a_procedure_says_all_that_one_has_to_say(one: Blank):
    heads = re.findall(r"(?m)^# (.+)$", one.text)
    missing = [head for head in HEADS[one.language] if head not in heads]
    assert one.sort != "procedure" or (missing, heads[-1]) == ([], LAST[one.language])


@pytest.mark.parametrize("language", ["en", "de"])
def test_passages_that_not_everybody_needs_say_so(language: str):
    marked = [one.id for one in blanks(language) if any(hint.startswith(OPTIONAL[language]) for hint in one.places)]
    assert len(marked) > len(ORDER) / 2


def test_together_they_answer_what_a_document_can_answer():
    """What remains is evidence of daily work: no template can be it."""
    answered = {id for one in ENGLISH for id in one.requirements}
    asked = [row for row in edition_of("iso9001:2015").requirements if row.basis == "shall"]
    open_rows = {row.id: row.documented_information for row in asked if row.id not in answered}
    remaining = {id: kind for id, kind in open_rows.items() if kind != "none"}
    assert set(remaining.values()) == {"retain"}, remaining
    assert f"asks for {len(remaining)} kinds of evidence" in MANUAL.read_text(encoding="utf-8")


def test_the_manual_names_them_in_their_order():
    listed = re.findall(r"(?m)^\| ([A-Z][^|]+) \| [^|]+ \| (?:yes|no)", MANUAL.read_text(encoding="utf-8"))
    assert listed == [one.title for one in ENGLISH]


def test_preventive_action_is_not_sold_as_a_demand():
    for one in (blank("preventive-actions", "en"), blank("preventive-actions", "de")):
        assert one.basis == "practice"
        assert "2015" in one.text[:400]
        assert "6.1.1-1" in one.referred_to


@each
def test_it_becomes_a_written_document(one: Blank):
    """What is marked in the text is marked in the document, and nothing of the notation is left over."""
    written = cleaned(from_markdown(one.text))
    assert unfilled(written) == one.places
    assert set(fields_of(written)) == set(one.fields)
    assert [(found.to, found.target) for found in references(written)] == [
        ("requirement", id) for id in one.referred_to
    ]
    html = to_html(written, {"organisation.name": "Linden & Söhne"})
    assert "Linden &amp; Söhne" in html or "organisation.name" not in one.fields
    assert html.count("<mark") == len(one.places)
    assert html.count("<h2") == outline(one).count(1)
    assert html.count("<table") == one.text.count("\n|---")
    assert not re.search(r"\[\[|\]\]|\*\*|\]\(|\|---|^#", html, re.M)
