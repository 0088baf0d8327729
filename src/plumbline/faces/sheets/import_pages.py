"""Import: the file, its columns, what would happen, what happened, and the way back; a page for each of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plumbline.kernel import policy
from plumbline.kernel.views import RegisterView

from . import answers, correcting, importing, opening, pace, undoing, working
from .checking import counted, misunderstood
from .delimited import DELIMITERS, ENCODINGS
from .exporting import write_rows
from .models import Import
from .runs import own
from .showing import understood
from .spelling import DATES
from .tables import MOST_BYTES, MOST_ROWS, Unreadable
from .undoing import way_back
from .wanted import choices, fields, not_mapped

FEW = 3  # rows with errors that are seen at one look
SHOWN = 100  # rows with errors on the page; the workbook has them all
TOLD = [(step, state) for step in ("create", "edit") for state in ("done", "undone")]


class ImportView(RegisterView):
    """For those who may write here at all; what each row may do is asked row by row."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.actor.reads_only:
            raise PermissionDenied(policy.may_create(self.actor, self.register).reason)
        return super().dispatch(request, *args, **kwargs)

    def run(self, uid: UUID) -> Import:
        run: Import = own(Import, self.actor, self.register.kind, uid)
        if not run.reading:
            raise Http404
        return run


class Begin(ImportView):
    """Choose a file; what was brought in before."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        given = request.FILES.get("file")
        if given is None:
            return self.page(error=_("Choose a file first."), status=422)
        try:
            language = get_language() or "en"
            run = opening.begin(self.register, self.actor, given.chunks(), given.name or "", language)
        except Unreadable as error:
            return self.page(error=f"{given.name}: {error}", status=422)
        return redirect(self.url("import-run", run.uid))

    def page(self, status: int = 200, **context: Any) -> HttpResponse:
        return self.show(
            "sheets/import.html",
            status=status,
            way=way_back(self.register),
            made=opening.of(self.register, self.actor),
            megabytes=MOST_BYTES >> 20,
            most=MOST_ROWS,
            **context,
        )


class Blank(ImportView):
    """An empty workbook with the headings of this register, and what can be chosen in its columns."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        wanted = fields(self.register, self.actor.organisation)
        headings = [one.label for one in wanted.values() if one.name != "state"]
        title = str(self.register.title)
        return answers.workbook(f"{self.register.slug}.xlsx", lambda file: write_rows(file, [title], headings, []))


class Bring(ImportView):
    """One import: the page of the step it is at."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        return self.page(self.run(uid))

    def post(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        run, step = self.run(uid), request.POST.get("do", "")
        steps: dict[str, dict[str, Any]] = {
            "mapping": {"look": self.look, "check": self.check},
            "checked": {"map": self.map, "turn": self.turn, "import": self.bring_in},
            "checking": {"stop": self.map},
            "importing": {"stop": self.stop},
            "undoing": {"stop": self.halt},
            "done": {"undo": self.undo},
            "stopped": {"resume": self.resume, "undo": self.undo},
        }
        if (does := steps.get(run.state, {}).get(step)) is not None and (answer := does(run)) is not None:
            return answer
        return redirect(self.url("import-run", run.uid))

    def page(self, run: Import, status: int = 200, **context: Any) -> HttpResponse:
        if run.state == "mapping":
            return self.show("sheets/mapping.html", status=status, **self.columns(run), **context)
        if run.under_way:
            seen = pace.watched(run, self.request.GET)
            return self.show("sheets/under_way.html", run=run, queued=working.queued(run), **seen)
        if run.state == "stopped":  # its last batch may have ended after it
            run.counts, context["waiting"] = counted(run), importing.waiting(run).count()
        wrong = correcting.wrong(run).order_by("line")
        told = [(row, correcting.words_of(row)) for row in wrong[:SHOWN]]
        kept = run.rows.filter(state="kept").order_by("line")[:SHOWN]
        context["alike"] = correcting.alike(run) if len(told) > FEW else []
        context |= {"told": told, "wrong": wrong.count(), "kept": kept, "counts": run.counts, "run": run}
        context |= {"way": way_back(self.register), "same": opening.same_before(run), "shown": SHOWN}
        context |= {f"{state}_{step}": run.counts.get(f"{step}-{state}", 0) for step, state in TOLD}
        context["stayed"] = run.counts.get("create-kept", 0) + run.counts.get("edit-kept", 0)
        context["undone"] = context["undone_create"] + context["undone_edit"]
        context["changes"] = run.counts.get("create", 0) + run.counts.get("edit", 0)
        if run.state == "checked":
            context["misunderstood"] = misunderstood(run)
            context["understood"] = understood(run, self.register, self.actor)
        template = "sheets/checked.html" if run.state == "checked" else "sheets/done.html"
        return self.show(template, status=status, **context)

    def columns(self, run: Import) -> dict[str, Any]:
        """What the mapping page shows."""
        wanted = fields(self.register, self.actor.organisation)
        cells = opening.preview(run)
        encoding = run.reading.get("encoding", "")
        return {
            "run": run,
            "columns": list(zip(range(len(cells)), run.headings, run.mapping, cells, strict=True)),
            "choices": choices(wanted),
            "lacking": not_mapped(wanted, run.mapping, run.changing),
            "encodings": ENCODINGS | ({encoding: encoding} if encoding else {}),
            "delimiters": DELIMITERS,
            "dates": DATES,
            "same": opening.same_before(run),
        }

    def look(self, run: Import) -> HttpResponse | None:
        """Read it as the person says it is."""
        told: dict[str, Any] = {
            name: self.request.POST[name] for name in ("encoding", "delimiter", "sheet") if self.request.POST.get(name)
        }
        line = self.request.POST.get("heading", "")
        if line.isdecimal() and len(line) < 6:
            told["heading"] = int(line)
        if not self.known(run, told):
            return None
        try:
            opening.again(run, self.actor, told)
        except (Unreadable, LookupError) as error:
            return self.page(run, status=422, error=str(error))
        run.save()
        return None

    def known(self, run: Import, told: dict[str, Any]) -> bool:
        """Whether these are encodings, signs and sheets that were offered."""
        offered = {"encoding": [*ENCODINGS, run.reading.get("encoding")], "delimiter": [*DELIMITERS]}
        offered["sheet"] = run.reading.get("sheets", [])
        return all(told[name] in offered[name] for name in offered if name in told)

    def twice(self) -> str:
        """The first field that more than one column is said to go into, in words."""
        sent = [value for name, value in self.request.POST.items() if name.startswith("column-") and value]
        wanted = fields(self.register, self.actor.organisation)
        return next((str(wanted[one].label) for one in sent if sent.count(one) > 1 and one in wanted), "")

    def take(self, run: Import) -> None:
        """What the form says of columns and spelling."""
        wanted, taken = fields(self.register, self.actor.organisation), set()
        for place in range(len(run.headings)):
            name = self.request.POST.get(f"column-{place}", "")
            run.mapping[place] = name if name in wanted and name not in taken else ""
            taken.add(name)
        if (dates := self.request.POST.get("dates", "")) in DATES:
            run.reading["dates"] = dates
        if (decimal := self.request.POST.get("decimal", "")) in (",", "."):
            run.reading["decimal"] = decimal
        run.changing = self.request.POST.get("changing", "yes") == "yes"
        run.clearing = bool(self.request.POST.get("clearing"))

    def check(self, run: Import) -> HttpResponse | None:
        self.take(run)
        if twice := self.twice():
            run.mapping = [self.request.POST.get(f"column-{place}", "") for place in range(len(run.headings))]
            words = _("Two columns go into “%(field)s”: choose the one that counts.") % {"field": twice}
            return self.page(run, status=422, error=words)
        if not any(run.mapping):
            return self.page(run, status=422, error=_("Say for at least one column what it holds."))
        read = {name: getattr(run, name) for name in ("mapping", "reading", "changing", "clearing")}
        run.step(state="checking", error="", **read)
        transaction.on_commit(working.wake)
        return None

    def map(self, run: Import) -> None:
        run.step(state="mapping", error="")

    def turn(self, run: Import) -> None:
        """Take rows with a number the other way round, and look again."""
        run.step(changing=not run.changing, state="checking")
        transaction.on_commit(working.wake)

    def bring_in(self, run: Import) -> HttpResponse | None:
        if opening.same_before(run) and not self.request.POST.get("again"):
            return self.page(run, status=422, error=_("The same file was imported before: say that you mean it."))
        run.step(state="importing", done=0, total=run.counts.get("create", 0) + run.counts.get("edit", 0))
        transaction.on_commit(working.wake)
        return None

    def stop(self, run: Import) -> None:
        """No further batch; what came in stands, and can be taken back."""
        run.step(
            state="stopped", error=_("It was stopped here. What came in so far stands."), finished_at=timezone.now()
        )

    def halt(self, run: Import) -> None:
        """Nothing more is taken back; what was stays so."""
        undoing.ended(run, _("It was stopped here. What was taken back so far stays so; the rest is as it came in."))

    def resume(self, run: Import) -> None:
        run.step(state="importing", error="", finished_at=None)
        transaction.on_commit(working.wake)

    def undo(self, run: Import) -> HttpResponse | None:
        if not (reason := self.request.POST.get("reason", "").strip().replace("\0", "")):
            return self.page(run, status=422, error=_("Say why: the reason stays with the record."))
        done = sum(count for name, count in counted(run).items() if name.endswith("-done"))
        run.step(state="undoing", reason=reason[:1000], done=0, total=done, error="", finished_at=timezone.now())
        transaction.on_commit(working.wake)
        messages.info(self.request, _("The import is being taken back."))
        return None


class Errors(ImportView):
    """The rows that did not come in, with a column that says why."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponseBase:
        run = self.run(uid)
        if run.state in ("mapping", "checking"):
            raise Http404
        name = f"{self.register.slug}-errors.xlsx"
        return answers.workbook(name, lambda file: correcting.write_errors(file, run))
