"""Whatever somebody writes, what is shown runs nothing and loads nothing."""

import time

import pytest

from plumbline.composition import from_html, from_markdown, inert, shown, to_html, to_text
from plumbline.composition.inert import inert_foreign
from plumbline.composition.model import safe_link
from plumbline.composition.tests.parsed import Parsed, dangers

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/pixel.png'>",
    "<img src='//evil.example/pixel.png'>",
    "<img src='/\\evil.example/pixel.png'>",
    "<img srcset='https://evil.example/pixel.png 2x'>",
    "<img src='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+'>",
    "<svg onload=alert(1)><script>alert(1)</script><image href='https://evil.example/x'/></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa\tScRiPt:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a ping='https://evil.example' href='https://example.org'>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data='x.swf'></object><embed src='x.swf'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css'; p { background: url(https://evil.example) }</style>",
    "<p style='background:url(https://evil.example/x.png)'>x</p>",
    "<table background='https://evil.example/x.png'><tr><td background='x'>x</td></tr></table>",
    "<form action='https://evil.example'><input autofocus onfocus=alert(1)><button formaction='javascript:x'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example/'>",
    "<video src='https://evil.example/x.mp4' poster='https://evil.example/x.png'></video><audio src='x'></audio>",
    "<p hx-get='/acme/' hx-trigger='load' data-hx-post='/x/'>x</p>",
    "<p id='csrf' class='btn btn-primary' name='x'>x</p>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea><title><img src=x onerror=alert(1)></title>",
    "<<script>script>alert(1)<</script>/script>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<?xml-stylesheet href='https://evil.example/x.css'?>",
    "<span data-reference='document:x' data-label='\"><script>alert(1)</script>'>x</span>",
    "<mark data-place='&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'></mark>",
    "<span data-field='organisation.name' onmouseover=alert(1)>x</span>",
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_comes_through_anywhere(attack):
    for html in (
        inert(attack),
        inert_foreign(attack),
        to_html(from_html(attack)),
        to_html(from_markdown(f"before\n\n{attack}\n\n- {attack}\n\n| a |\n|---|\n| {attack} |\n")),
        shown(attack.encode(), "text/html", "a.html"),
        shown(attack.encode(), "text/markdown", "a.md"),
        shown(attack.encode(), "text/plain", "a.txt"),
        shown(f"a;b\n{attack};2\n".encode(), "text/csv", "a.csv"),
    ):
        assert dangers(html) == []


def test_foreign_html_cannot_reach_the_page_it_is_shown_in():
    html = inert_foreign("<p id='b-abcd1234' class='pl-place'>x</p><a href='/signout/'>y</a><img src='/acme/files/1/'>")
    assert Parsed(html).tags == [("p", {}), ("a", {}), ("img", {})]


def test_our_own_html_keeps_what_it_needs():
    html = (
        '<p id="b-abcd1234" class="pl-image btn">x</p><a href="/acme/documents/QP-1/">y</a><img src="/acme/files/1/">'
    )
    tags = dict(Parsed(inert(html)).tags)
    assert tags["p"] == {"id": "b-abcd1234", "class": "pl-image"}
    assert tags["a"]["href"] == "/acme/documents/QP-1/"
    assert tags["img"] == {"src": "/acme/files/1/"}


@pytest.mark.parametrize(
    "href, kept",
    [
        ("https://example.org/a b", None),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        (" mailto:qm@example.org ", "mailto:qm@example.org"),
        ("../other/", "../other/"),
        ("#b-abcd1234", "#b-abcd1234"),
        ("/acme/?q=a:b", "/acme/?q=a:b"),
        ("file:///etc/passwd", None),
        ("java\nscript:x", None),
        ("x:y", None),
        ("%6aavascript:x", None),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("", None),
        (None, None),
        ("https://" + "x" * 3000, None),
    ],
)
def test_links_lead_to_pages_and_people_only(href, kept):
    assert safe_link(href) == kept


DEEP = ("<div>", "<b>", "<blockquote>", "<ul><li>", "<table><tr><td>", "<a href='https://x.example'>", "<p><b class=x>")


@pytest.mark.parametrize("tag", DEEP)
def test_depth_is_flattened_and_costs_little(tag):
    began = time.process_time()
    content = from_html(tag * 20_000 + "the words")
    assert to_text(content) == "the words"
    assert dangers(to_html(content)) == []
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "> " * 50_000, "*a_ " * 20_000, "[[" * 50_000, "{{ " * 50_000, "![](" * 9000]
)
def test_costly_markdown_costs_little(text):
    began = time.process_time()
    assert dangers(to_html(from_markdown(text))) == []
    assert time.process_time() - began < 5


def test_odd_html_keeps_its_words():
    html = "one <li>two</li> three <td>four</td><ul>five<li>six<ul><li>seven</ul>eight</ul><table>nine<tr>ten<td>eleven"
    words = to_text(from_html(html + "</table>twelve")).replace("|", " ").split()
    assert sorted(words) == sorted("one two three four five six seven eight nine ten eleven twelve".split())  # noqa: SIM905
