"""Written documents: nothing breaks out of the surface, what is not given is not offered, scripts and tools agree."""

import json
import re
from pathlib import Path

import pytest
from django.utils.translation import override

from plumbline.ui.words import writing_words
from plumbline.ui.writing import editor_html, passages_html

SCRIPTS = Path(__file__).parents[1] / "static" / "ui" / "editor"
NASTY = '"><i>x</i></textarea></script>&'
ALL = {"upload": "/up/", "search": "/find/", "fields": [{"name": "a", "label": "A", "value": "1"}]}


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def setting(html: str) -> dict:
    return json.loads(re.search(r"data-setting>(.*?)</script>", html, re.S)[1])


def test_nothing_breaks_out_of_the_surface() -> None:
    fields = [{"name": NASTY, "label": NASTY, "value": NASTY}]
    html = editor_html(NASTY, NASTY, NASTY, NASTY, NASTY, fields, {NASTY: NASTY}, NASTY)
    read = passages_html(NASTY, [{"uid": NASTY, "block": NASTY, "quote": NASTY, "open": True}], NASTY, NASTY)
    for drawn in (html, read):
        assert "<i>" not in drawn
        assert drawn.count("</textarea>") == (drawn is html)
        assert drawn.count("</script>") == 2
    assert setting(html)["fields"] == fields
    assert setting(read)["remarks"][0]["quote"] == NASTY


def test_the_textarea_holds_the_value_to_the_letter() -> None:
    assert (
        '<textarea class="form-control" name="text" id="id_text" aria-label="Text">\n\n{&quot;a&quot;}</textarea>'
        in (editor_html("text", '\n{"a"}'))
    )


def test_what_is_not_given_is_not_offered() -> None:
    bare, full = editor_html("text"), editor_html("text", **ALL)
    for offered in ('data-do="picture"', 'data-do="reference"', 'data-do="field"', 'data-panel="field"'):
        assert offered in full
        assert offered not in bare
    assert "data-comment" not in passages_html("<p>x</p>")
    assert "data-comment" in passages_html("<p>x</p>", form="remark")


def test_html_is_read_before_json() -> None:
    assert setting(passages_html("<p>x</p>", value="{}"))["value"] == ""
    assert setting(passages_html(" \n", value="{}"))["value"] == "{}"


def test_every_tool_does_something() -> None:
    tools = set(re.findall(r'data-do="(\w+)"', editor_html("text", **ALL))) - {"keys"}
    commands = (SCRIPTS / "tools.js").read_text().split("const COMMANDS = {", 1)[1].split("\n};", 1)[0]
    known = set(re.findall(r"\b(\w+): (?:plain|toggle|\{ run)", commands))
    known |= set(re.findall(r"^  (\w+)\(\) \{", (SCRIPTS / "writing.js").read_text(), re.M))
    assert len(tools) > 30
    assert tools - known == set()


def test_every_panel_knows_what_to_do() -> None:
    panels = re.findall(r'data-panel="(\w+)"', editor_html("text", **ALL))
    answers = set(re.findall(r"^  (\w+): \{$", (SCRIPTS / "panels.js").read_text(), re.M))
    assert set(panels) == answers
    assert len(panels) == len(answers)


def test_scripts_find_every_sentence_they_say() -> None:
    scripts = "".join(path.read_text() for path in SCRIPTS.glob("*.js"))
    said = set(re.findall(r'(?:\.say|\.tell)\("(\w+)"', scripts)) | set(re.findall(r"words\.(\w+)\b(?!\()", scripts))
    said |= {word for pair in re.findall(r'(?:say|tell)\([^"()]* \? "(\w+)" : "(\w+)"', scripts) for word in pair}
    assert said - {"textContent"} == set(writing_words())
