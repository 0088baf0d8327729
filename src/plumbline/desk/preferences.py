"""The organisation's settings: name, where it starts, the five answers, its numbering."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.faces.portable import quiet
from plumbline.faces.portable.long_exports import may_take_everything
from plumbline.kernel import actions, numbering
from plumbline.kernel.pages import tell_form
from plumbline.kernel.register import registers
from plumbline.organisation.models import Organisation
from plumbline.standards.models import editions_for

from .mailing import default_of
from .models import Often
from .pages import SettingView
from .start import OrganisationForm


class SettingsForm(OrganisationForm):
    """The same questions as at the start, then language, time zone, edition and one numbering scheme per register."""

    edition = forms.ChoiceField(label=_lazy("Edition of the standard that you work to"))
    mails = forms.ChoiceField(
        label=_lazy("How often people get a mail with what they owe"),
        choices=Often.choices,
        help_text=_lazy("Everybody can choose otherwise for themselves."),
    )

    class Meta(OrganisationForm.Meta):
        fields: tuple[str, ...] = (*OrganisationForm.Meta.fields, "language", "zone", "edition")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = self.instance
        cast(forms.ChoiceField, self.fields["edition"]).choices = [
            (e.code, e.name) for e in editions_for(organisation.uid)
        ]
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the organisation"), choices=[("en", "English"), ("de", "Deutsch")]
        )
        self.initial["mails"] = default_of(organisation)
        own = organisation.settings.get("numbering", {})
        self.folded = []
        self.folded_title = _("Numbering")
        for register in registers():
            name = f"scheme_{register.kind}"
            self.fields[name] = forms.CharField(
                label=str(register.title),
                initial=own.get(register.kind, register.scheme),
                required=False,
                validators=[numbering.check_scheme],
                help_text=_("{prefix} is %(prefix)s; {year}, {yy} and {n:03} are filled in.")
                % {"prefix": register.prefix},
            )
            self.folded.append(name)

    def _post_clean(self) -> None:
        """The door validates; the form only converts."""

    def answers(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in self.Meta.fields}
        schemes = {r.kind: self.cleaned_data[f"scheme_{r.kind}"] for r in registers()}
        own = {
            kind: scheme
            for kind, scheme in schemes.items()
            if scheme and scheme != next(r.scheme for r in registers() if r.kind == kind)
        }
        kept = {"numbering": own, "mails": self.cleaned_data["mails"]}
        return {**given, "settings": {**self.instance.settings, **kept}}


class Settings(SettingView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(SettingsForm(instance=self.organisation))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = SettingsForm(request.POST, instance=Organisation.objects.get(pk=self.organisation.pk))
        if form.is_valid():
            try:
                actions.edit(self.organisation, by=self.actor, **form.answers())
            except ValidationError as error:
                tell_form(form, error)
            else:
                messages.success(request, _("The settings are saved."))
                return redirect("settings", self.organisation.slug)
        return self.page(form, status=422)

    def page(self, form: SettingsForm, status: int = 200) -> HttpResponse:
        told = {"everything": may_take_everything(self.actor), "quiet": quiet.is_quiet(self.organisation)}
        return self.show("desk/settings.html", status, form=form, **told)


class SendFromHere(SettingView):
    """The company that was loaded begins to send mails and webhooks from here."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if quiet.change(self.organisation, True, self.actor):
            messages.success(request, _("From now on mails and webhooks go out from here."))
        return redirect("settings", self.organisation.slug)
