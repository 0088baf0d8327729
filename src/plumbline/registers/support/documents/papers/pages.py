"""The page of a document's paper copies, and each of them as PDF."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.kernel import policy
from plumbline.kernel.forms import choices
from plumbline.kernel.views import RegisterView
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person

from ..copies import NoCopy
from ..copies.pages import pdf_answer
from ..models import Document, PaperCopy
from . import numbered


class HandOut(forms.Form):
    """Where one more copy goes."""

    place = forms.CharField(label=_lazy("Where it hangs or lies"), max_length=120)
    holder = forms.ModelChoiceField(Person.objects.none(), label=_lazy("Who has it"), required=False, empty_label="–")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["holder"]).queryset = choices(Person, actor)


class PaperCopies(RegisterView):
    """Who has which copy; what is to be called back; one more."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_write_part(self.actor, self.register, PaperCopy, self.record))
        return self.page(HandOut(actor=self.actor))

    def page(self, form: HandOut, status: int = 200) -> HttpResponse:
        document = Document.objects.get(pk=self.record.pk)
        stale, since = numbered.to_collect(document)
        gone = PaperCopy.objects.filter(record_id=document.uid).exclude(back_on=None)
        told: dict[str, Any] = {"in_force": numbered.in_force(document)}
        told |= {"copies": numbered.out(document), "stale": {one.uid for one in stale}, "since": since}
        told |= {"gone": list(gone.select_related("revision", "holder").order_by("-back_on", "-no")[:50])}
        return self.show("documents/papers/copies.html", status, form=form, **told)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_write_part(self.actor, self.register, PaperCopy, self.record))
        document, do = cast(Document, self.record), request.POST.get("do", "")
        form = HandOut(request.POST if do == "hand_out" else None, actor=self.actor)
        try:
            if do == "hand_out" and not form.is_valid():
                return self.page(form, 422)
            if do == "hand_out":
                made = numbered.hand_out(document, self.actor, **form.cleaned_data)
                messages.success(request, _("Copy no. %(no)s is noted. Print it now.") % {"no": made.no})
            else:
                copy = self.copy(request.POST.get("no", ""))
                (numbered.exchange if do == "exchange" else numbered.back)(copy, document, self.actor)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(self.url("paper-copies", self.record.number))

    def copy(self, no: str) -> PaperCopy:
        rows = PaperCopy.objects.filter(record_id=self.record.uid, back_on=None)
        found = rows.filter(no=int(no)).first() if no.isdecimal() else None
        if found is None:
            raise Http404
        return found


class PaperCopyPdf(RegisterView):
    """The numbered copy to print."""

    def get(self, request: HttpRequest, no: int, **kwargs: Any) -> HttpResponse:
        copy = PaperCopy.objects.select_related("holder").filter(record_id=self.record.uid, no=no).first()
        if copy is None:
            raise Http404
        try:
            content = numbered.pdf(copy, self.actor)
        except NoCopy as error:
            messages.error(request, str(error))
            return redirect(self.url("paper-copies", self.record.number))
        return pdf_answer(content, f"{self.record.number} {_('copy')} {copy.no}")
