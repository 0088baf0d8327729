"""My notices: how often a mail comes and in which language, and the address of my calendar."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.kernel.register import registers
from plumbline.organisation.models import Account, Person

from .digest import address
from .mailing import default_of, language_of
from .models import CalendarKey, MailChoice, Often
from .pages import DeskView


class MailForm(forms.Form):
    """What a person wishes."""

    often = forms.ChoiceField(label=_lazy("How often"), required=False, widget=forms.RadioSelect)
    urgent = forms.BooleanField(
        label=_lazy("Also on a day on which something is newly overdue or due within a day"), required=False
    )
    language = forms.ChoiceField(label=_lazy("Language of mails and calendar"), choices=settings.LANGUAGES)

    def __init__(self, person: Person, given: Any = None) -> None:
        choice = MailChoice.objects.filter(person=person).first() or MailChoice(person=person)
        language = language_of(cast(Account, person.account))
        initial = {"often": choice.often, "urgent": choice.urgent, "language": language}
        super().__init__(given, initial=initial)
        self.mark_optional = False
        usual = Often(default_of(person.organisation)).label
        as_all = _("As %(where)s has it: %(usual)s") % {"where": person.organisation.name, "usual": usual}
        cast(forms.ChoiceField, self.fields["often"]).choices = [("", as_all), *Often.choices]


class Notices(DeskView):
    """The page, and keeping what was chosen."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(MailForm(self.person))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = MailForm(self.person, request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        chosen = form.cleaned_data
        wishes = {"often": chosen["often"], "urgent": chosen["urgent"]}
        MailChoice.objects.update_or_create(person=self.person, defaults=wishes)
        Account.objects.filter(person=self.person.pk).update(language=chosen["language"])
        messages.success(request, _("Your choice is kept."))
        return redirect("notices", self.organisation.slug)

    @property
    def person(self) -> Person:
        return cast(Person, self.actor.person)

    def page(self, form: MailForm, status: int = 200) -> HttpResponse:
        key = CalendarKey.objects.filter(person=self.person).first()
        return self.show(
            "desk/notices.html",
            status,
            form=form,
            email=self.person.email,
            calendar=key and address(reverse("calendar", args=[self.organisation.slug, key.token])),
            others=key and _of_registers(self.organisation.slug, key.token),
        )


def _of_registers(slug: str, token: str) -> list[tuple[Any, str]]:
    """(register, address): the dates of all its records."""
    addresses = ((r.title, reverse("calendar-register", args=[slug, token, r.slug])) for r in registers())
    return [(title, address(path)) for title, path in addresses]


class Key(DeskView):
    """The calendar's address: a new one, which ends the old one; or none any more."""

    def post(self, request: HttpRequest, what: str, **kwargs: Any) -> HttpResponse:
        if what not in ("new", "end"):
            raise Http404
        person = cast(Person, self.actor.person)
        if what == "new":
            CalendarKey.renew(person)
            messages.success(request, _("This is your calendar's address. An older one does not work any more."))
        else:
            CalendarKey.objects.filter(person=person).delete()
            messages.success(request, _("Your calendar's address does not work any more."))
        return redirect(reverse("notices", args=[self.organisation.slug]) + "#calendar")
