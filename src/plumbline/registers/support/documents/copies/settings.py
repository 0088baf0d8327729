"""Settings of copies: the certificate that signs them, and the mark across a copy of what is in force."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.kernel import actions, policy
from plumbline.kernel.views import RegisterView
from plumbline.organisation.models import Organisation

from . import sealing
from .facts import UNMARKED

LARGEST = 1 << 20  # bytes of a PKCS#12 file


class CertificateForm(forms.Form):
    """A PKCS#12 file and the password that opens it, which is tried at once and not kept."""

    certificate = forms.FileField(label=_lazy("Certificate with its key (.p12, .pfx)"))
    password = forms.CharField(
        label=_lazy("Password of this file"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_lazy("It is tried now and not kept."),
    )

    def clean_certificate(self) -> Any:
        given = self.cleaned_data["certificate"]
        if given.size > LARGEST:
            raise forms.ValidationError(_("This is too large to be a certificate."))
        return given


class Copies(RegisterView):
    """The certificate, until when it is valid, and whether a copy in force bears a mark."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_run_organisation(self.actor))
        return self.page(CertificateForm())

    def page(self, form: CertificateForm, status: int = 200) -> HttpResponse:
        home = self.actor.organisation
        told = {"seal": sealing.seal_of(home), "marked": not home.settings.get(UNMARKED)}
        return self.show("documents/copies/settings.html", status, form=form, **told)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_run_organisation(self.actor))
        do = request.POST.get("do", "")
        if do == "certificate":
            return self.take(request)
        if do == "forget":
            sealing.forget(self.actor.organisation, self.actor)
            messages.success(request, _("The certificate is removed. Copies are not signed from now on."))
        if do == "mark":
            self.mark("marked" in request.POST)
        return redirect(self.url("copies"))

    def take(self, request: HttpRequest) -> HttpResponse:
        form = CertificateForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, 422)
        content, password = form.cleaned_data["certificate"].read(), form.cleaned_data["password"]
        try:
            seal = sealing.keep(self.actor.organisation, content, password, self.actor)
        except sealing.NotACertificate as error:
            form.add_error("certificate", str(error))
            return self.page(form, 422)
        messages.success(request, _("Copies are signed from now on: %(seal)s.") % {"seal": seal})
        return redirect(self.url("copies"))

    def mark(self, marked: bool) -> None:
        fresh = Organisation.objects.get(pk=self.actor.organisation.pk)
        kept = {name: value for name, value in fresh.settings.items() if name != UNMARKED}
        actions.edit(fresh, by=self.actor, settings=kept if marked else {**kept, UNMARKED: True})
        messages.success(self.request, _("Saved. It holds for copies made from now on."))
