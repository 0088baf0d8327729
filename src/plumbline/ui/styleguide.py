"""The style page: every component with sample content, for whoever works on the face, and for the tests."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from plumbline.ui import charts
from plumbline.ui.frame import Choice, Entry, Frame, Group, Reader
from plumbline.ui.marks import TONES, badge_html, due_html, person_html
from plumbline.ui.rows import Column, Row
from plumbline.ui.sprite import ICONS
from plumbline.ui.styleguide_written import FIELDS, IMAGES, PROCEDURE, REMARKS

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
RESULTS = [
    charts.Series("met", "met"),
    charts.Series("partly", "partly"),
    charts.Series("not-met", "not met"),
    charts.Series("not-audited", "not audited"),
    charts.Series("not-applicable", "not applicable"),
]


class SampleForm(forms.Form):
    """One field of every kind."""

    what = forms.CharField(label="What happened?", help_text="In one sentence, as you would tell a colleague.")
    detail = forms.CharField(label="What did you do about it?", widget=forms.Textarea, required=False)
    found_on = forms.DateField(label="Found on", initial=TODAY)
    quantity = forms.IntegerField(label="How many pieces?", required=False)
    place = forms.ChoiceField(label="Where?", choices=[("", "Please choose"), ("s", "Sawing"), ("w", "Welding shop")])
    enough = forms.ChoiceField(
        label="Is that enough?",
        help_text="That a correction is enough is itself a decision.",
        widget=forms.RadioSelect,
        choices=[("y", "Yes, the correction is enough"), ("n", "No, the cause must be found")],
    )
    told = forms.MultipleChoiceField(
        label="Who was told?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("c", "The customer"), ("l", "The next shift"), ("q", "Quality")],
    )
    photo = forms.FileField(
        label="Photo", required=False, widget=forms.FileInput(attrs={"accept": "image/*", "data-preview": "photos"})
    )
    stop = forms.BooleanField(label="Stop the line", required=False, help_text="The shift leader is called.")
    lot = forms.CharField(label="Lot", required=False)
    folded = ("lot",)


def frame(path: str = "/") -> Frame:
    """Returns a frame as an organisation of twelve people sees it."""
    chapters = (
        Group(
            "4 Context",
            (
                Entry("Issues", "#", "world"),
                Entry("Interested parties", "#", "users"),
                Entry("Processes", "#", "sitemap"),
            ),
            "c4",
        ),
        Group(
            "7 Support",
            (Entry("Documents", "#", "file-text", badge=3), Entry("Measuring equipment", "#", "ruler-measure")),
            "c7",
        ),
        Group(
            "9 Evaluation", (Entry("Audits", "#", "clipboard-check"), Entry("Management review", "#", "gavel")), "c9"
        ),
        Group(
            "10 Improvement",
            (Entry("Shop-floor problems", path, "alert-triangle", True, 12), Entry("Actions", "#", "list-check")),
            "c10",
        ),
    )
    reader = Reader(
        organisation=Choice("Linden Metalwork", "linden"),
        organisations=(
            Choice("Linden Metalwork", "linden", "#", True),
            Choice("Brightwater Pumps", "brightwater", "#"),
        ),
        person="Ann Linden",
        account="ann@example.org",
        menu=(Entry("Change password", "#", "key"),),
        search_url="/search/",
        sign_out_url="/out/",
        language_url="/i18n/",
        languages=(Choice("English", "en", active=True), Choice("Deutsch", "de")),
    )
    top = (
        Entry("The road", "#road", "road", key="g r"),
        Entry("My work", "#work", "list-check", badge=4, key="g w"),
        Entry("Library", "#library", "books", key="g l"),
    )
    bottom = (
        Entry("My work", "#work", "list-check", badge=4),
        Entry("Library", "#library", "books"),
        Entry("Report", "#new", "alert-triangle"),
        Entry("Search", "#search", "search"),
    )
    return Frame(reader, top, chapters, bottom)


def pictures() -> dict[str, str]:
    """Returns one chart of every kind, by name."""
    clauses = ["4 Context", "5 Leadership", "6 Planning", "7 Support", "8 Operation", "9 Evaluation", "10 Improvement"]
    counts = [
        (9, 3, 2, 1, 0),
        (6, 1, 1, 0, 0),
        (3, 4, 3, 0, 0),
        (14, 6, 4, 5, 1),
        (22, 9, 6, 12, 7),
        (4, 3, 5, 2, 0),
        (2, 2, 3, 1, 0),
    ]
    codes = [one.code for one in RESULTS]
    rows = [(name, dict(zip(codes, line, strict=True))) for name, line in zip(clauses, counts, strict=True)]
    tasks = [
        charts.Task("Quality policy, signed and posted", "Ann Linden", TODAY, TODAY + timedelta(days=12), "met"),
        charts.Task(
            "Procedure for control of documents",
            "Bob Maier",
            TODAY + timedelta(days=3),
            TODAY + timedelta(days=30),
            "partly",
        ),
        charts.Task(
            "Calibration of all gauges in the welding shop",
            "Carol Ray",
            TODAY - timedelta(days=20),
            TODAY - timedelta(days=3),
            "not-met",
        ),
        charts.Task("Management review", "Ann Linden", TODAY + timedelta(days=40), TODAY + timedelta(days=70)),
    ]
    values = [3.1, 2.8, 3.4, 2.2, 2.6, None, 4.4, 2.0, 1.7, 1.9, 1.4, 1.2]
    months = ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]
    grid: list[list[tuple[str, str] | None]] = [
        [("met", "12"), ("partly", "3"), None],
        [("partly", "4"), ("not-met", "2"), ("not-audited", "7")],
        [("not-applicable", "–"), ("met", "9"), ("met", "1")],
    ]
    return {
        "bars": charts.stacked_bars(rows, RESULTS, title="State by clause"),
        "ring": charts.ring(
            list(zip(RESULTS, (60, 28, 24, 21, 8), strict=True)), title="All requirements", centre="43 %"
        ),
        "spark": charts.sparkline(values, title="Scrap rate, twelve months"),
        "line": charts.line_chart(
            [charts.Point(m, v) for m, v in zip(months, values, strict=True)],
            title="Scrap rate",
            unit="%",
            upper=("limit", 4),
            target=("target", 1.5),
        ),
        "plan": charts.plan_strip(
            tasks, title="Plan", today=("today", TODAY), spell=lambda day: f"{day.day}.{day.month}."
        ),
        "heat": charts.heat_grid(
            ["Purchasing", "Production", "Office"], ["Questions", "Gaps", "Tasks"], grid, title="Areas"
        ),
    }


def sample_list(count: int = 6) -> dict[str, Any]:
    """Returns columns and rows of a list of problems."""
    columns = [
        Column("Number", "number", "?sort=-number", "descending"),
        Column("Title", "title", "?sort=title"),
        Column("State", "state"),
        Column("Owner", "owner"),
        Column("Due", "due", "?sort=due"),
    ]
    titles = [
        "Burr on bracket 4711 after laser cutting",
        "Wrong drawing revision at the brake press",
        "Customer returned 40 pcs: thread too tight",
        "Gauge 12 used after its due date",
        "Supplier certificate missing for lot 88-B",
        "Weld seam cracked in bending test",
    ]
    states = [
        ("open", "bad"),
        ("cause analysis", "active"),
        ("waiting for approval", "waiting"),
        ("closed", "good"),
        ("draft", "neutral"),
        ("cancelled", "muted"),
    ]
    rows = [
        Row(
            f"/linden/problems/PR-2026-{n:03}/",
            (
                f"PR-2026-{n:03}",
                titles[n % 6],
                badge_html(*states[n % 6]),
                person_html(("Ann Linden", "Bob Maier", "Carol Ray")[n % 3]),
                due_html(TODAY + timedelta(days=n * 3 - 4), TODAY, n % 6 in (3, 5)),
            ),
            uid=f"u{n}",
            muted=n % 6 == 5,
        )
        for n in range(count)
    ]
    return {"columns": columns, "rows": rows}


def everything() -> dict[str, Any]:
    """Returns the context of the style page."""
    return {
        "title": "Style page",
        "organisation": "Linden Metalwork",
        "register": "Shop-floor problems",
        "frame": frame(),
        "tones": TONES,
        "icons": ICONS,
        "today": TODAY,
        "dates": [TODAY + timedelta(days=n) for n in (-9, 0, 1, 3, 12, 90)],
        "now": NOW,
        "form": SampleForm(),
        "wrong": SampleForm({"what": "", "quantity": "many", "enough": ""}, prefix="wrong"),
        "charts": {name: mark_safe(svg) for name, svg in pictures().items()},
        "written": PROCEDURE,
        "fields": FIELDS,
        "images": IMAGES,
        "remarks": REMARKS,
        "tabs": [("Open", "#", True, 12), ("Mine", "#", False, 3), ("All", "#", False, "10,000+")],
        **sample_list(),
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """Shows the style page; route it in development only."""
    return render(request, "ui/styleguide.html", everything())
