"""Marks and rows: shapes beside words, due dates in words, escaping."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import override

from plumbline.ui import marks, rows
from plumbline.ui.sprite import ICONS, TARGET

TODAY = date(2026, 11, 22)


def text(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).strip()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-9, "overdue by 9 days"),
        (-1, "overdue by 1 day"),
        (0, "due today"),
        (1, "due tomorrow"),
        (3, "due in 3 days"),
        (14, "due in 14 days"),
        (90, "due 20 Feb 2027"),
    ],
)
def test_a_due_date_is_told_in_words(days: int, words: str) -> None:
    with override("en"):
        assert text(marks.due_html(TODAY + timedelta(days=days), TODAY)) == words


def test_overdue_has_an_icon_and_done_is_calm() -> None:
    with override("en"):
        late = marks.due_html(TODAY - timedelta(days=2), TODAY)
        done = marks.due_html(TODAY - timedelta(days=2), TODAY, done=True)
    assert "<svg" in late
    assert "pl-late" in late
    assert "pl-late" not in done
    assert "overdue" not in done
    assert marks.due_html(None) == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [(-2, "overdue by 2 days 20 Nov 2026"), (14, "due in 14 days 6 Dec 2026"), (15, "due 7 Dec 2026")],
)
def test_on_its_page_a_due_date_in_words_has_the_day_behind_it(days: int, words: str) -> None:
    with override("en"):
        assert text(marks.due_html(TODAY + timedelta(days=days), TODAY, dated=True)) == words


def test_a_badge_has_a_shape_and_escapes_its_words() -> None:
    badge = marks.badge_html("<b>open</b>", "bad")
    assert "#bad" in badge
    assert "<b>" not in badge


def test_every_tone_has_its_own_shape() -> None:
    sheet = (TARGET.parent.parent / "shapes.svg").read_text()
    shapes = dict(re.findall(r'<symbol id="(\w+)"[^>]*>(.*?)</symbol>', sheet))
    assert set(shapes) == set(marks.TONES)
    assert len(set(shapes.values())) == len(marks.TONES)
    with pytest.raises(KeyError):
        marks.badge_html("x", "purple")


def test_the_sprite_holds_every_icon_and_nothing_else() -> None:
    assert re.findall(r'<symbol id="([\w-]+)"', TARGET.read_text()) == ICONS
    assert sorted(set(ICONS)) == ICONS


def test_an_unknown_icon_is_refused_and_a_label_is_spoken() -> None:
    with pytest.raises(KeyError, match="no icon named"):
        marks.icon_html("unicorn")
    assert 'aria-label="Delete &lt;x&gt;"' in marks.icon_html("trash", "Delete <x>")
    assert 'aria-hidden="true"' in marks.icon_html("trash")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ann Linden", "AL"),
        ("Bob", "B"),
        ("Eva Maria von Stein", "ES"),
        ("", "?"),
        ("Ö. Ünal", "ÖÜ"),
        ("Kim (left)", "KL"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert marks.initials(name) == letters


def test_a_person_is_escaped_and_nobody_is_said() -> None:
    assert "<i>" not in marks.person_html("<i>Ann</i>", "<i>QM</i>", '"><i>')
    with override("en"):
        assert text(marks.person_html("")) == "nobody yet"


def test_an_instant_carries_its_exact_time() -> None:
    html = marks.when_html(datetime(2026, 11, 22, 10, 42, tzinfo=UTC))
    assert 'datetime="2026-11-22T10:42:00+00:00"' in html
    assert "data-relative" in html


def test_progress_says_its_figures() -> None:
    with override("en"):
        html = marks.progress_html(12, 40, "Answered")
    assert 'max="40" value="12" aria-label="Answered"' in html
    assert "12 of 40" in text(html)
    assert 'max="1"' in marks.progress_html(0, 0)


COLUMNS = [
    rows.Column("Number", "number"),
    rows.Column("100 % title", "title", "?sort=t", "ascending"),
    rows.Column("State"),
]


def test_a_list_links_its_title_and_escapes_what_is_not_safe() -> None:
    row = rows.Row("/x/?a=1&b=2", ("NC-1", "<b>50 %s</b>", mark_safe("<em>open</em>")))
    html = rows.list_html(COLUMNS, [row], "Things")
    assert '<a href="/x/?a=1&amp;b=2">&lt;b&gt;50 %s&lt;/b&gt;</a>' in html
    assert "<em>open</em>" in html
    assert 'data-label="100 % title"' in html
    assert 'aria-sort="ascending"' in html
    assert "<caption" in html


def test_a_list_offers_boxes_only_when_asked() -> None:
    row = rows.Row("/x/", ("NC-1", "t", "s"), uid="u1")
    assert 'name="uid" value="u1" aria-label="Choose t"' in rows.list_html(COLUMNS, [row], "Things", pick="uid")
    assert "checkbox" not in rows.list_html(COLUMNS, [row], "Things")


def test_a_count_is_written_as_the_reader_writes_it() -> None:
    said = "{% blocktranslate count n=n|counted %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"
    told = Template("{% load i18n ui %}" + said)
    assert told.render(Context({"n": 50_000})) == "50,000 rows"
    with override("de"):
        assert told.render(Context({"n": 50_000})) == "50.000 Zeilen"
        assert "1.234 von 50.000" in marks.progress_html(1234, 50_000)
