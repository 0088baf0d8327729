"""Forms read from the declaration: the short form, the full form, and what one move asks."""

from typing import Any, cast

from django import forms
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Site, here
from plumbline.organisation.signin import again

from .models import Record
from .register import Register
from .workflow import Move


class RecordForm(forms.ModelForm):
    """A form of one register, whose choices are of this organisation only."""

    use_required_attribute = False
    folded: list[str]
    own: dict[str, str] = {}  # name of a field -> code of the organisation's own field
    ended: list[str] = []  # what was typed into own fields that ended meanwhile
    register: Register

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = choices(field.queryset.model, actor)
            elif isinstance(field, forms.TypedChoiceField):
                given = self.register.options(name, actor.organisation, held=getattr(self.instance, name))
                first: Any = list(cast(Any, field.choices))[:1]
                field.choices = [*(pair for pair in first if pair[0] == ""), *given.items()]

    def _post_clean(self) -> None:
        """The door validates; the form only converts, so the instance stays as the database has it."""

    def clean(self) -> dict[str, Any] | None:
        for told in self.ended:
            self.add_error(None, told)
        return super().clean()

    def answers(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name in (self._meta.fields or ())}
        own_values = {code: self.cleaned_data[name] for name, code in self.own.items() if name in self.cleaned_data}
        return {**given, "own": own_values} if self.own else given


def choices(model: Any, actor: Actor) -> models.QuerySet:
    """The rows of the actor's organisation that may be chosen today."""
    if hasattr(model, "ended_on"):
        today = actor.organisation.today()
        return model._base_manager.filter(here(today), organisation=actor.organisation).order_by("name")
    if issubclass(model, Record):
        return model.objects.visible_to(actor).order_by("-uid")
    return model._base_manager.filter(organisation=actor.organisation)


def _widget(field: models.Field, **kwargs: Any) -> forms.Field | None:
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    elif isinstance(field, models.TextField):
        kwargs["widget"] = forms.Textarea(attrs={"rows": 4, "data-grow": ""})
    return field.formfield(**kwargs)


def form_class(register: Register, names: list[str]) -> type[RecordForm]:
    made: Any = forms.modelform_factory(register.model, form=RecordForm, fields=names, formfield_callback=_widget)
    made.register = register
    return cast(type[RecordForm], made)


def with_usual(register: Register, posted: QueryDict) -> QueryDict:
    """What was posted, with the usual choice for what a shorter form (a phone without network) did not ask."""
    data = posted.copy()
    for name in register.fields():
        field = register.field(name)
        if name not in data and field.choices and field.has_default():
            data[name] = field.get_default()
    return data


def record_form(register: Register, actor: Actor, record: Record | None = None, **kwargs: Any) -> RecordForm:
    """Every field of the register; those outside the short form are marked to be folded."""
    names = [*register.light, *(name for name in register.fields() if name not in register.light)]
    form = form_class(register, names)(actor=actor, instance=record, **kwargs)
    one_site = actor.organisation.sites_count == 1 and not (record and record.site_id)
    if "site" in form.fields and one_site and len(choices(Site, actor)[:2]) < 2:
        del form.fields["site"]  # nobody is asked which
    form.folded = [name for name in names if register.light and name not in register.light and name in form.fields]
    _add_own(form, register, actor, record)
    if "owner" in form.fields:
        form.fields["owner"].initial = actor.uid
        form.fields["owner"].required = False
    if record is None and "number" in form.fields:
        form.fields["number"].required = False
        form.fields["number"].help_text = _("Its own, if it has one; left empty, it gets the next number.")
    if record is not None:
        form.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=record.version)
    return form


def _add_own(form: RecordForm, register: Register, actor: Actor, record: Record | None) -> None:
    """The organisation's own fields, those it needs among the first, the others folded where a form folds."""
    form.own = {}
    form.ended = own.ended_among(actor.organisation, register.kind, record, form.data)
    for name, field in own.named(actor.organisation, register.kind).items():
        value = own.value_of(record, field) if record else None
        form.fields[name] = field.asked(value)
        form.fields[name].required = field.required and (record is None or value is not None)
        form.initial.setdefault(name, field.typed(value))
        form.own[name] = field.code
        if register.light and not field.required:
            form.folded.append(name)


def move_form(register: Register, move: Move, actor: Actor, record: Record, **kwargs: Any) -> RecordForm:
    """What this move asks: its fields, a reason, the password where signing in again is asked."""
    form = form_class(register, [*move.asks, *move.may_ask])(actor=actor, instance=record, **kwargs)
    for name in move.asks:
        form.fields[name].required = True
    form.folded = list(move.may_ask)
    if move.reason:
        form.fields["reason"] = forms.CharField(
            label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("It stays with the record.")
        )
    if move.sign and register.strength(move, record) == "again":
        form.fields["password"] = forms.CharField(
            label=_("Your password"),
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            help_text=_("You sign with your name, so we ask once more that it is you."),
        )
    if move.sign:
        form.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False)
    form.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=record.version)
    return form


def act_form(request: HttpRequest, register: Register, move: Move, actor: Actor, record: Record, **kwargs: Any) -> Any:
    """The same for the page of this person, with the ways she has to show again that it is she who signs."""
    return again.dressed(request, move_form(register, move, actor, record, **kwargs), record, move)
