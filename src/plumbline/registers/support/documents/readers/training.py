"""Training that a change asks for: who was trained, when, by whom, and how it was judged."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plumbline.kernel import actions, files, policy
from plumbline.ledger.writer import writing
from plumbline.registers.support.documents import reading
from plumbline.registers.support.documents.models import Reading

from . import audience
from .confirming import Together


class TrainingForm(forms.Form):
    """One training of one or several people; how it was judged is said in words or shown by a file."""

    on = forms.DateField(label=gettext_lazy("Trained on"), widget=forms.DateInput)
    trainer = forms.CharField(label=gettext_lazy("Trained by"), max_length=200)
    judged = forms.CharField(
        label=gettext_lazy("How it was judged that they can do it"), max_length=2_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-grow": ""}),
        help_text=gettext_lazy("Watched at work, asked, a sample looked at …"),
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("Proof, if there is one"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("judged") and not given.get("file"):
            self.add_error("judged", _("Say how it was judged, or add the proof."))
        return given


class Training(Together):
    """Those of hers who are to be trained; several are noted at once."""

    def of_hers(self) -> QuerySet:
        """Those she leads, and those whose training she was asked to see to."""
        policy.require(audience.may_witness(self.actor, self.record))
        hers = audience.under(self.actor, self.record)
        hers = hers | Q(sees_to_it=self.actor.uid) if hers else hers
        rows = Reading.objects.filter(hers, record_id=self.record.uid, to_train=True, ended_because="")
        return rows.select_related("person", "person__department").order_by("person__name")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(TrainingForm(initial={"on": self.actor.organisation.today(), "trainer": self.actor.name}))

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        rows, ticked = list(self.of_hers()), set(self.request.POST.getlist("person"))
        choices = [(one, str(one.person_id) in ticked) for one in rows if one.trained_on is None]
        done = [one for one in rows if one.trained_on]
        live = self.record.state in reading.LIVE
        return self.show("documents/readers/training.html", status, form=form, choices=choices, done=done, live=live)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, wanted = TrainingForm(request.POST, request.FILES), request.POST.getlist("person")
        named = [one for one in self.of_hers() if str(one.person_id) in wanted]
        if not named:
            form.add_error(None, _("Tick who was trained."))
        if not form.is_valid():
            return self.page(form, 422)
        given = form.cleaned_data
        try:
            reading.sound(given["on"], self.record, self.actor)
            kept, caption = self.kept(given), _("Training on %(title)s") % {"title": self.record.title}
            with writing(self.actor.organisation.uid, self.actor.stamp()):  # the proof and whom it is of, or neither
                if kept:
                    actions.attach(self.record, *kept, by=self.actor, caption=caption, valid_on=given["on"])
                n = reading.trained(self.record, named, self.actor, given["on"], given["trainer"], given["judged"])
        except (reading.Over, ValidationError, files.TooLarge) as error:
            form.add_error(None, " ".join(getattr(error, "messages", [str(error)])))
            return self.page(form, 422)
        said = ngettext("It is noted that %(n)d person was trained.", "It is noted that %(n)d people were trained.", n)
        messages.success(request, said % {"n": n})
        return self.to_record()

    def kept(self, given: dict[str, Any]) -> tuple[files.Kept, str] | None:
        if self.record.state not in reading.LIVE:
            raise reading.Over(_("Nobody needs to be trained in this revision any more."))
        proof = given["file"]
        return (files.keep(self.actor.organisation.uid, proof, proof.name), proof.name) if proof else None
