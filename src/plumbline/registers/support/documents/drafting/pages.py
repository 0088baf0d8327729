"""Pages on which a document begins, gets its next revision, and two of its revisions are compared."""

from typing import Any

from django import forms as fields
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from plumbline.composition import NotOurs
from plumbline.history.uids import uid_of
from plumbline.kernel import files, forms, pages, policy, views
from plumbline.kernel.register import register_of
from plumbline.kernel.views import RegisterView

from .. import blanks, revising
from ..models import Document, Revision
from . import beginning, choosing, comparing, showing, word, written

ASKED = ["title", "sort", "owner", "number", "language", "process", "site", "confidential"]
FOLDED = ["number", "language", "process", "site", "confidential"]
MOST_ASKED = 20  # requirements that one document is begun for
REFUSED = (NotOurs, files.TooLarge, beginning.CannotBeWrittenOn)


class New(views.Create):
    """How a document begins: first the way is chosen, then its title, kind and owner."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_create(self.actor, self.register))
        if self.way() == "":
            return self.choices()
        return self.form_page(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.way() == "":
            return super().post(request, **kwargs)  # the record alone, as of every register
        policy.require(policy.may_create(self.actor, self.register))
        form = self.form(request.POST)
        if form.is_valid():
            try:
                revision = self.begun(form)
            except REFUSED as error:
                form.add_error("upload" if "upload" in form.fields else None, written.refusal(error))
            except ValidationError as error:
                pages.tell_form(form, error)
            else:
                return self.onward(revision)
        return self.form_page(form, status=422)

    def way(self) -> str:
        if self.blank() is not None:
            return "blank"
        if self.own() is not None:
            return "own"
        asked = self.request.GET.get("how", "")
        return asked if asked in beginning.WAYS and asked != "blank" else ""

    def blank(self) -> blanks.Blank | None:
        return blanks.blank(self.request.GET.get("blank", ""), self.actor.organisation.language)

    def own(self) -> Document | None:
        """The template of the organisation's own that it begins from."""
        return choosing.template_of(self.request.GET.get("blank", ""), self.actor)

    def choices(self) -> HttpResponse:
        kept = self.request.GET.copy()
        for name in ("blank", "how"):
            kept.pop(name, None)
        offered = [(one, requirements_of(one)) for one in blanks.blanks(self.actor.organisation.language)]
        own = [(f"{choosing.OWN}{one.uid}", one) for one in choosing.own_templates(self.actor)]
        told: dict[str, Any] = {"offered": offered, "own": own, "by_kind": choosing.by_kind(self.actor)}
        return self.show("documents/new.html", **told, kept=kept.urlencode(), origin=self.origin())

    def form(self, typed: Any = None) -> Any:
        way, blank = self.way(), self.blank()
        initial: dict[str, Any] = {"language": self.actor.organisation.language, "owner": self.actor.uid}
        initial |= {"title": blank.title, "sort": blank.sort} if blank else {}
        initial |= {name: self.request.GET[name] for name in ASKED if self.request.GET.get(name)}
        form: Any = forms.form_class(self.register, ASKED)(
            typed, self.request.FILES or None, actor=self.actor, initial=initial
        )
        form.fields["number"].required = False
        form.fields["number"].help_text = _("Its own, if it has one; left empty, it gets the next number.")
        form.folded = FOLDED
        if way in ("word", "file"):
            label = _("Word file (.docx)") if way == "word" else _("File")
            form.fields["upload"] = fields.FileField(label=label, allow_empty_file=False)
        return form

    def form_page(self, form: Any, status: int = 200) -> HttpResponse:
        blank = self.blank()
        told = {
            "way": self.way(),
            "blank": blank,
            "from_own": self.own(),
            "answers": requirements_of(blank) if blank else [],
        }
        return self.show("documents/begin.html", status=status, form=form, origin=self.origin(), **told)

    def begun(self, form: Any) -> Revision:
        own, upload = self.own(), form.cleaned_data.get("upload")
        content = (
            beginning.copied(own, self.actor)
            if own
            else beginning.prepared(self.way(), self.actor, self.blank(), upload)
        )
        given = {name: value for name, value in form.answers().items() if value not in (None, "")}
        asked = tuple(self.request.GET.get("for", "").split(",")[:MOST_ASKED])
        return beginning.begin(content, self.actor, given, self.blank(), self.origin(), asked)

    def onward(self, revision: Revision) -> HttpResponse:
        number = revision.of_document.number
        messages.success(self.request, _("%(number)s is made, with its first draft.") % {"number": number})
        name = "write" if revision.written else "record"
        return redirect(f"revisions:{name}", self.actor.organisation.slug, revision.number)


def requirements_of(blank: blanks.Blank) -> list[str]:
    """The clauses a template answers, each once."""
    return list(dict.fromkeys(id.split("-")[0] for id in blank.requirements))


class WriteOn(RegisterView):
    """The next revision of a document, with the content of the one in force to write on."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_edit(self.actor, self.register, self.record))
        slug = self.actor.organisation.slug
        try:
            revision = beginning.started(self.record, beginning.copied(self.record, self.actor), self.actor)
        except revising.AlreadyUnderWay as error:
            messages.info(request, str(error))
            making = Document.objects.get(pk=self.record.pk).under_way
            return redirect("revisions:record", slug, making.number) if making else self.to_record()
        except REFUSED as error:
            messages.error(request, written.refusal(error))
            return self.to_record()
        return redirect("revisions:write", slug, revision.number)


class Redline(RegisterView):
    """What changed between any two revisions of a document."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        revisions = list(self.revisions())
        if not revisions:
            raise Http404
        old, new = self.chosen(revisions)
        for one in revisions:
            one.state_word = register_of(one).state_of(one).label
        html = comparing.between(old, new, self.actor) if old and new and old.uid != new.uid else ""
        return self.show("documents/redline.html", revisions=revisions, old=old, new=new, html=html)

    def revisions(self) -> Any:
        """Those of this document that the reader may see, the newest first."""
        mine = register_of("revision").records(self.actor).filter(of_document=self.record.uid, file__isnull=False)
        return mine.order_by("-uid")

    def chosen(self, revisions: list[Revision]) -> tuple[Revision | None, Revision | None]:
        """As asked; else the newest against the one in force, or against the one before it."""
        by_uid = {one.uid: one for one in revisions}
        asked = [uid_of(self.request.GET.get(name, "")) for name in ("old", "new")]
        if any(one is not None and one not in by_uid for one in asked):
            raise Http404
        new = by_uid[asked[1]] if asked[1] else revisions[0]
        older = [one for one in revisions if one.uid < new.uid]
        in_force = next((one for one in older if one.state == "effective"), None)
        old = by_uid[asked[0]] if asked[0] else in_force or next(iter(older), None)
        return old, new


class Shown(RegisterView):
    """The content of a revision that is a file, as a fragment for the page it is shown in."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        html = showing.html_of(self.record, self.actor)
        return self.show("documents/_shown.html", html=html, missing="" if html else showing.missing(self.record))


class Word(RegisterView):
    """A written revision as a Word file."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.record.written or self.record.file is None or self.record.file.disposed_at:
            raise Http404
        try:
            content = word.exported(self.record, self.actor)
        except (NotOurs, FileNotFoundError) as error:
            raise Http404 from error
        named = content_disposition_header(as_attachment=True, filename=word.name_of(self.record))
        return HttpResponse(content, content_type=word.WORD, headers={"Content-Disposition": named or "attachment"})
