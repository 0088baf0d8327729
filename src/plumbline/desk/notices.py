"""My notices: what I hear, how often a mail comes and in which language, and the address of my calendar."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.faces.following.models import Follow
from plumbline.faces.lists import shelf
from plumbline.faces.portable import quiet
from plumbline.kernel.models import seen_by
from plumbline.kernel.register import registers
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account, Person

from .digest import address
from .mailing import default_of, language_of
from .models import CalendarKey, MailChoice, NewsChoice, Often
from .news import SORTS
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


class NewsForm(forms.Form):
    """Which sorts of news come where, and which registers are followed whole."""

    app = forms.MultipleChoiceField(
        label=_lazy("Under My work"), required=False, widget=forms.CheckboxSelectMultiple, choices=list(SORTS.items())
    )
    mail = forms.MultipleChoiceField(
        label=_lazy("In the mail"), required=False, widget=forms.CheckboxSelectMultiple, choices=list(SORTS.items())
    )
    kinds = forms.MultipleChoiceField(
        label=_lazy("I follow everything in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("A single record is followed on its page."),
    )

    def __init__(self, person: Person, given: Any = None) -> None:
        choice = NewsChoice.objects.filter(person=person).first() or NewsChoice(person=person)
        followed = list(Follow.objects.filter(person=person, record=None).values_list("kind", flat=True))
        on = {place: [sort for sort in SORTS if sort not in getattr(choice, place)] for place in ("app", "mail")}
        super().__init__(given, initial={**on, "kinds": followed})
        self.mark_optional = False
        offered = [(register.kind, str(register.title)) for register in registers() if not register.within]
        cast(forms.MultipleChoiceField, self.fields["kinds"]).choices = offered

    def keep(self, person: Person) -> None:
        """Keep what was chosen; what is not ticked is off."""
        off = {place: [one for one in SORTS if one not in self.cleaned_data[place]] for place in ("app", "mail")}
        with transaction.atomic():
            NewsChoice.objects.update_or_create(person=person, defaults=off)
            wanted, mine = self.cleaned_data["kinds"], Follow.objects.filter(person=person, record=None)
            mine.exclude(kind__in=wanted).delete()
            for kind in wanted:
                mine.get_or_create(person=person, kind=kind, record=None)


class News(DeskView):
    """Keeping which news come, and what is followed."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = cast(Person, self.actor.person)
        form = NewsForm(person, request.POST)
        if form.is_valid() and not self.actor.reads_only:
            form.keep(person)
            messages.success(request, _("Your choice is kept."))
        return redirect(reverse("notices", args=[self.organisation.slug]) + "#news")


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

    def followed(self) -> Any:
        mine = Follow.objects.filter(seen_by(self.actor, "record__"), person=self.person).exclude(record=None)
        return mine.select_related("record").order_by("-id")[:100]

    def page(self, form: MailForm, status: int = 200) -> HttpResponse:
        key = CalendarKey.objects.filter(person=self.person).first()
        return self.show(
            "desk/notices.html",
            status,
            form=form,
            news=NewsForm(self.person),
            follows=self.followed(),
            email=self.person.email,
            quiet=quiet.is_quiet(self.organisation),
            calendar=key and address(reverse("calendar", args=[self.organisation.slug, key.token])),
            others=key and _of_registers(self.organisation.slug, key.token),
            views=key and _of_views(self.actor, key.token),
        )


def _of_registers(slug: str, token: str) -> list[tuple[Any, str]]:
    """(register, address): the dates of all its records."""
    addresses = ((r.title, reverse("calendar-register", args=[slug, token, r.slug])) for r in registers())
    return [(title, address(path)) for title, path in addresses]


def _of_views(actor: Actor, token: str) -> list[tuple[str, str]]:
    """(register and view, address) of every saved view this person looks through."""
    slug, found = actor.organisation.slug, []
    for register, view in shelf.everywhere(actor):
        path = reverse("calendar-view", args=[slug, token, register.slug, view.pk])
        found.append((f"{register.title}: {view.name}", address(path)))
    return found


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
