"""Where the searched words begin is found in plain letters, and is where they stand as they were written."""

import pytest

from plumbline.ui import excerpts

TEXTS = (
    "The supplier is evaluated every year; a re-evaluated supplier stays.",
    "Prüfmittel und Meßschieber: jährlich prüfen. Maße stehen im Plan.",
    "MASS und Maß, Größe, GRÖSSE; Straße 12.",
    "reevaluated, then evaluated",
    "_evaluated first_evaluated 7evaluated evaluated",
    "İstanbul: letters that grow when they are small; measure twice",
    "naïve café, CAFÉ, coöperate",
    "ﬁle of ﬁgures",
    "",
)
GROUPS = (
    [["evaluated"]],
    [["pruf"], ["mass"]],
    [["gross"]],
    [["strass"], ["12"]],
    [["measure"]],
    [["cafe", "naive"]],
    [["Supplier"]],
    [["file"]],
)


@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("text", TEXTS)
def test_the_quick_way_finds_the_place_that_the_pattern_finds(text: str, groups: list[list[str]]) -> None:
    wanted = excerpts.words(groups)
    assert wanted
    found = wanted.search(text)
    terms = excerpts._terms(groups)
    assert excerpts._first(text, terms, wanted) == (found.start() if found else None)


def test_the_word_is_marked_as_it_was_written() -> None:
    said = excerpts.excerpt("x " * 200 + "die Prüfung <b> der Maße", [["prufung"], ["mass"]])
    assert "<mark>Prüfung</mark> &lt;b&gt; der <mark>Maße</mark>" in said
    assert said.startswith("… x x")


def test_of_a_clause_not_every_figure_is_marked() -> None:
    clause = [["7"], ["1"], ["5"]]
    assert excerpts.excerpt("7.1.6, 8.5.1 and 7.1.5.2", clause) == "7.1.6, 8.5.1 and <mark>7.1.5</mark>.2"
    assert excerpts.excerpt("hall 5", [["hall"], ["5"]]) == "<mark>hall</mark> <mark>5</mark>"
