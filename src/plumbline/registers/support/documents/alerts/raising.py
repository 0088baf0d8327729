"""A temporary instruction or quality alert: one short form, one signature, in force the same day, gone by itself."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plumbline.composition import NotOurs
from plumbline.history.uids import uid_of, uuid7
from plumbline.kernel import actions, files, pages, policy
from plumbline.kernel.forms import choices
from plumbline.kernel.register import register_of
from plumbline.kernel.views import RegisterView
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, Process, RoleHolding, Site
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.drafting import written
from plumbline.registers.support.documents.models import Document, Revision, Step
from plumbline.registers.support.documents.models.kinds import rules_of
from plumbline.registers.support.documents.readers import distribution

from . import places

APPROVE = ("quality", "management")
SORT = Document.Sort.WORK_INSTRUCTION.value


def approvers(by: Actor) -> QuerySet[Person]:
    """Who may put it into force by signature: those who answer for quality, but not who wrote it."""
    held = RoleHolding.current(by.organisation.today()).filter(organisation=by.organisation, role__in=APPROVE)
    found = choices(Person, by).filter(pk__in=held.values("person"))
    own = rules_of(by.organisation, SORT).author_may_approve
    return found if own else found.exclude(pk=by.uid)


class AlertForm(forms.Form):
    """What is said, where, until when, to whom, and who signs."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("What is to be done, or to be watched"), required=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-grow": ""}),
    )  # fmt: skip
    photo = forms.FileField(
        label=gettext_lazy("Photo"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
    )
    until = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput)
    who = forms.ChoiceField(label=gettext_lazy("Who gets it"))
    approver: Any = forms.ModelChoiceField(label=gettext_lazy("Who approves it"), queryset=None)
    site: Any = forms.ModelChoiceField(label=gettext_lazy("Only at the site"), queryset=None, required=False)
    process: Any = forms.ModelChoiceField(label=gettext_lazy("Only in the process"), queryset=None, required=False)
    order = forms.CharField(label=gettext_lazy("Only for the order"), max_length=60, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = actor.organisation.today()
        self.folded, self.folded_title = ["site", "process", "order"], _("Only at one place")
        self.actor, self.places = actor, places.held(actor)
        rows: dict[str, Any] = {"site": choices(Site, actor), "process": choices(Process, actor)}
        if self.places is not None:
            rows = places.where(actor, self.places)
        rows["approver"] = approvers(actor)
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        offered = distribution.offered(actor) if self.places is None else places.offered(actor, self.places)
        groups = [(heading, options) if heading else options[0] for heading, options in offered]
        self.fields["who"].choices = groups  # type: ignore[attr-defined]
        for name in ("who", "site") if self.is_bound and self.places is not None else ():
            named = self.data.get(name, "").rpartition(":")[2]  # “department:UID”, or “UID”
            refused = places.refusal(actor, self.places or set(), uid_of(named))
            self.fields[name].error_messages["invalid_choice"] = refused.replace("%", "%%")
        self.fields["approver"].initial = rows["approver"].first()
        self.fields["until"].initial = self.today + timedelta(days=14)

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until < self.today:
            raise ValidationError(_("This day is over."))
        return until

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("text") and not given.get("photo"):
            raise ValidationError(_("Say it in words, or add a photo."))
        return given


def content_of(text: str, photo: Any, by: Actor) -> written.Content:
    """The words and the photo as a written document; raises NotOurs and TooLarge."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    nodes: list[dict[str, Any]] = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines]
    pictures = []
    if photo:
        kept = files.keep(by.organisation.uid, photo, photo.name)
        if kept.media_type not in written.PICTURES:
            raise ValidationError({"photo": _("This is not a photo that can be shown here.")})
        picture = written.Picture(uuid7(), kept, written.tidy(photo.name))
        pictures.append(picture)
        nodes.append({"type": "image", "attrs": {"src": f"attachment:{picture.uid}", "alt": _("Photo")}})
    return written.written({"type": "doc", "content": nodes}, by, pictures)


def raised(by: Actor, content: written.Content, given: dict[str, Any]) -> Revision:
    """The document with its one revision, handed in to whoever signs it.

    The form let nobody name others than those of the places she holds her role for: it counts for this document.
    """
    with writing(by.organisation.uid, by.stamp()):
        where: dict[str, Any] = {name: given.get(name) or None for name in ("site", "process")}
        creator = by.at(places.held(by) or ())
        document = actions.create(register_of("document"), by=creator, title=given["title"], sort=SORT, **where)
        distribution.add(document, by, given["who"], reads=True)
        values = {**revising.following(document), **where, **written.values(content, document, by)}
        revision = actions.create(
            register_of("revision"), by=by, of_document=document, state="draft", revision_no="1.0", temporary=True,
            order=given.get("order") or "", effective_on=by.organisation.today(), effective_until=given["until"],
            **values,
        )  # fmt: skip
        revising.say(revision, content.text)
        today = by.organisation.today()
        actions.create(Step, by=by, record=revision, place=1, does="approve", person=given["approver"], due=today)
        return actions.act(Revision.objects.get(pk=revision.pk), "submit", by=by)


class Alert(RegisterView):
    """One short form."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(places.may_warn(self.actor))
        return self.page(AlertForm(actor=self.actor))

    def page(self, form: AlertForm, status: int = 200) -> HttpResponse:
        mine = places.named(self.actor, form.places) if form.places is not None else ""
        alone = not approvers(self.actor).exists()
        return self.show("documents/readers/alert.html", status, form=form, alone=alone, mine=mine)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(places.may_warn(self.actor))
        form = AlertForm(request.POST, request.FILES, actor=self.actor)
        if not form.is_valid():
            return self.page(form, 422)
        given = form.cleaned_data
        try:
            revision = raised(self.actor, content_of(given["text"], given["photo"], self.actor), given)
        except (NotOurs, files.TooLarge) as error:
            form.add_error(None, written.refusal(error))
        except ValidationError as error:
            pages.tell_form(form, error)
        else:
            said = _("%(name)s is asked to sign it; it is in force the moment that is done.")
            messages.success(request, said % {"name": given["approver"].name})
            return redirect("revisions:record", self.actor.organisation.slug, revision.number)
        return self.page(form, 422)
