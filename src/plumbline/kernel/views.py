"""The pages every register has. A view finds the record, makes one call, and shows the answer."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from plumbline.history.uids import uid_of, uuid7
from plumbline.ledger.writer import writing
from plumbline.organisation.models import Account
from plumbline.organisation.signin import again
from plumbline.ui.typed import typed

from . import actions, drafts, faces, files, forms, lists, meanwhile, pages, policy, signing, timeline
from .middleware import asked
from .models import Record
from .workflow import IllegalMove


class RegisterView(View):
    """Finds the record among those the person may see; anything else is the same 404."""

    register: Any = None
    record: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.actor = asked(request).actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if number := kwargs.get("number"):
            self.record = pages.find(self.register, self.actor, number)
            if self.record.number != number and request.method == "GET":
                return redirect(request.path.replace(f"/{number}/", f"/{self.record.number}/", 1))
        try:
            return super().dispatch(request, *args, **kwargs)
        except policy.Denied as error:
            raise PermissionDenied(str(error)) from error
        except IllegalMove:  # somebody was faster: the record as it stands now, but first what was written for it
            told = meanwhile.moved(self.register, self.actor, self.record.number)
            if typed(request):
                return self.show("kernel/faster.html", 409, told=told)
            messages.warning(request, told)
            return self.to_record()

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"register": self.register, "record": self.record, "actor": self.actor}
        return render(self.request, template, context, status=status)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"{self.register.slug}:{name}", args=[self.actor.organisation.slug, *args])

    def to_record(self, record: Any = None) -> HttpResponseRedirect:
        return redirect(self.url("record", (record or self.record).number))


class List(RegisterView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        query = faces.asked(self.register, self.actor, request.GET)
        page = lists.page(self.register, self.actor, query)
        template = (
            "kernel/_rows.html" if asked(request).htmx and not asked(request).htmx.boosted else "kernel/list.html"
        )
        return self.show(template, **pages.list_context(self.register, self.actor, page, query))


class Create(RegisterView):
    def form_name(self) -> str:
        return f"{self.register.kind}:new"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_create(self.actor, self.register))
        draft = drafts.find(self.actor, self.form_name())
        initial = {**{name: request.GET[name] for name in request.GET}, **(pages.draft_initial(draft) if draft else {})}
        form = forms.record_form(self.register, self.actor, initial=initial)
        return self.show("kernel/form.html", form=form, draft=draft, **self.about())

    def about(self) -> dict[str, Any]:
        """The uid is made with the page: what is sent twice, or later, arrives once."""
        return {"form_name": self.form_name(), "origin": self.origin(), "uid": self.uid() or uuid7()}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if made := self.made():
            return self.to_record(made)
        form = forms.record_form(self.register, self.actor, data=forms.with_usual(self.register, request.POST))
        if form.is_valid():
            try:
                record = self.save(form)
            except IntegrityError:  # the same form at the same moment
                return self.to_record(self.made())
            except (ValidationError, files.TooLarge) as error:
                pages.tell_form(form, error)
            else:
                drafts.drop(self.actor, self.form_name())
                messages.success(request, _("%(number)s is saved.") % {"number": record.number})
                return self.to_record(record)
        return self.show("kernel/form.html", form=form, status=422, **self.about())

    def save(self, form: Any) -> Any:
        answers = {name: value for name, value in form.answers().items() if value is not None or name != "owner"}
        home, photos = self.actor.organisation.uid, self.request.FILES.getlist("photo")
        kept = [(files.keep(home, one, one.name or ""), one.name or "") for one in photos]
        uid = self.uid()
        if uid and Record.objects.filter(pk=uid).exists():
            uid = None  # somebody else's stays unsaid
        with writing(home, self.actor.stamp()):  # with its photos, or not at all
            record = actions.create(self.register, by=self.actor, uid=uid, raised_by=self.origin(), **answers)
            for content, name in kept:
                actions.attach(record, content, name, by=self.actor)
        return record

    def uid(self) -> UUID | None:
        """What the form, or a phone without network, named the record beforehand."""
        uid = uid_of(self.request.POST.get("uid", ""))
        return uid if uid and uid.version == 7 else None

    def made(self) -> Any:
        """The record, where the same person has sent the same form before."""
        uid = self.uid()
        return uid and self.register.records(self.actor).filter(pk=uid, author=self.actor.person).first()

    def origin(self) -> Any:
        """The record this one comes from, named by its uid in the address."""
        wanted = self.request.GET.get("from", "")
        return get_object_or_404(Record.objects.visible_to(self.actor), pk=uid_of(wanted)) if wanted else None


class Detail(RegisterView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.register.page_template, **pages.record_context(self.register, self.actor, self.record))


class Timeline(RegisterView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show("kernel/timeline.html", told=timeline.told(timeline.of(self.record, newest=1000)))


class Edit(RegisterView):
    def form_name(self) -> str:
        return f"{self.record.uid}:edit"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_edit(self.actor, self.register, self.record))
        draft = drafts.find(self.actor, self.form_name())
        initial = {**pages.draft_initial(draft), "version": draft.version or self.record.version} if draft else {}
        form = forms.record_form(self.register, self.actor, self.record, initial=initial)
        return self.show("kernel/form.html", form=form, draft=draft, form_name=self.form_name())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = forms.record_form(self.register, self.actor, self.record, data=request.POST)
        if form.is_valid():
            answers = {name: value for name, value in form.answers().items() if value is not None or name != "owner"}
            try:
                record = actions.edit(self.record, by=self.actor, version=form.cleaned_data["version"], **answers)
            except ValidationError as error:
                pages.tell_form(form, error)
            except actions.Stale as error:
                meanwhile.tell(form, pages.find(self.register, self.actor, self.record.number), error)
            else:
                drafts.drop(self.actor, self.form_name())
                return self.to_record(record)
        return self.show("kernel/form.html", form=form, form_name=self.form_name(), status=422)


class Act(RegisterView):
    def move(self, verb: str) -> Any:
        if verb not in {move.verb for move in self.register.workflow.moves}:
            raise Http404
        try:
            return self.register.workflow.move(verb, self.record.state)
        except IllegalMove as error:
            if self.request.method == "POST":
                signing.refused(self.record, verb, self.actor.uid, error)
            raise

    def form(self, move: Any, **given: Any) -> Any:
        return forms.act_form(self.request, self.register, move, self.actor, self.record, **given)

    def get(self, request: HttpRequest, verb: str, **kwargs: Any) -> HttpResponse:
        move = self.move(verb)
        answer = policy.may_move(self.actor, move, self.record)
        initial = {"seen": signing.digest_of(signing.manifest(self.record))} if move.sign else {}
        form = self.form(move, initial=initial | again.typed_before(request))
        return self.show("kernel/move.html", move=move, form=form, answer=answer)

    def post(self, request: HttpRequest, verb: str, **kwargs: Any) -> HttpResponse:
        move = self.move(verb)
        if move.sign and (led := again.away(request, again.about(self.record, move))):
            return led
        form = self.form(move, data=request.POST)
        if form.is_valid():
            try:
                proof = self.proof(move, form)
                record = actions.act(
                    self.record,
                    verb,
                    by=self.actor,
                    version=form.cleaned_data["version"],
                    proof=proof,
                    reason=form.cleaned_data.get("reason", ""),
                    **form.answers(),
                )
            except ValidationError as error:
                pages.tell_form(form, error)
            except (actions.Stale, signing.BadSignature) as error:
                self.tell_changed(form, move, error)
            else:
                messages.success(request, self.made(record))
                return self.to_record(record)
        answer = policy.may_move(self.actor, move, self.record)
        return self.show("kernel/move.html", move=move, form=form, answer=answer, status=422)

    def made(self, record: Any) -> str:
        """What is said when the move is made."""
        return _("%(number)s: %(state)s.") % {"number": record.number, "state": self.register.state_of(record).label}

    def tell_changed(self, form: Any, move: Any, error: actions.Stale | signing.BadSignature) -> None:
        """Say what changed meanwhile; the next try is upon what stands there now."""
        now = pages.find(self.register, self.actor, self.record.number)
        if isinstance(error, actions.Stale):
            meanwhile.tell(form, now, error)
        else:
            pages.tell_form(form, error)
        if move.sign and str(error) not in pages.NOT_SHOWN:
            meanwhile.renewed(form, seen=signing.digest_of(signing.manifest(now)))

    def proof(self, move: Any, form: Any) -> signing.Proof | None:
        if not move.sign:
            return None
        given = form.cleaned_data
        account = cast(Account, self.request.user)
        shown = again.Shown.of(self.request, given, again.about(self.record, move))
        return signing.prove(account, self.record, move, shown, given.get("seen") or "nothing")
