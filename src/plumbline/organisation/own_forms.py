"""How each sort of own field is asked for, judged and spelled; the same for a form and for an API."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.translation import gettext as _

from .models import Person, here

TEXT, LONG, LINK = 200, 5000, 500  # characters


def field_of(own: Any, now: Any = None) -> forms.Field:
    """The field of a form; never asked as needed here: the form and the door say when."""
    kwargs = {"label": str(own), "help_text": own.hint, "required": False}
    return _MADE[own.sort](own, now, kwargs)


def _choices(own: Any, now: Any) -> list[tuple[str, str]]:
    kept = now if isinstance(now, list) else [now]
    return [(code, words) for code, words, offered in own.choices if offered or code in kept]


def _choice(own: Any, now: Any, kwargs: dict) -> forms.Field:
    return forms.ChoiceField(choices=[("", "–"), *_choices(own, now)], **kwargs)


def _several(own: Any, now: Any, kwargs: dict) -> forms.Field:
    return forms.MultipleChoiceField(choices=_choices(own, now), widget=forms.CheckboxSelectMultiple, **kwargs)


def _truth(own: Any, now: Any, kwargs: dict) -> forms.Field:
    return forms.ChoiceField(choices=[("", "–"), ("true", _("yes")), ("false", _("no"))], **kwargs)


def _person(own: Any, now: Any, kwargs: dict) -> forms.Field:
    there = here(own.organisation.today()) | Q(pk=now) if now else here(own.organisation.today())
    people = Person.objects.filter(there, organisation=own.organisation_id).order_by("name")
    return forms.ModelChoiceField(people, empty_label="–", **kwargs)


def _link(own: Any, now: Any, kwargs: dict) -> forms.Field:
    field = forms.URLField(max_length=LINK, assume_scheme="https", **kwargs)
    field.validators = [one for one in field.validators if not isinstance(one, URLValidator)]
    field.validators.append(URLValidator(schemes=["http", "https"]))
    return field


_MADE: dict[str, Any] = {
    "text": lambda own, now, kwargs: forms.CharField(max_length=TEXT, **kwargs),
    "long": lambda own, now, kwargs: forms.CharField(
        max_length=LONG, widget=forms.Textarea(attrs={"rows": 4, "data-grow": ""}), **kwargs
    ),
    "number": lambda own, now, kwargs: forms.DecimalField(
        max_digits=24, decimal_places=9, widget=forms.NumberInput(attrs={"step": "any"}), **kwargs
    ),
    "date": lambda own, now, kwargs: forms.DateField(
        input_formats=["%Y-%m-%d"], widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    ),
    "choice": _choice,
    "several": _several,
    "truth": _truth,
    "person": _person,
    "link": _link,
}


def spelled(sort: str, cleaned: Any) -> Any:
    """Text, ISO dates, decimals as their shortest text, truths, lists of codes: what canonical JSON spells one way."""
    if cleaned in (None, "", []):
        return None
    if sort == "truth":
        return cleaned == "true"
    if isinstance(cleaned, Decimal):
        plain = format(cleaned.normalize(), "f")
        return "0" if not Decimal(plain) else plain
    if isinstance(cleaned, date):
        return cleaned.isoformat()
    if isinstance(cleaned, Person):
        return str(cleaned.uid)
    return cleaned


def judged(own: Any, given: Any, now: Any) -> Any:
    """What is kept of a value from outside; raises ValidationError for whatever the field does not take."""
    if own is None:
        raise ValidationError(_("There is no such field."))
    if given is None or given == now:
        return given
    if isinstance(given, bool):
        if own.sort != "truth":
            raise ValidationError(_("This field takes one value."))
        given = str(given).lower()
    if isinstance(given, dict) or (isinstance(given, list | tuple) and own.sort != "several"):
        raise ValidationError(_("This field takes one value."))
    if own.sort in {"text", "long", "link"} and not isinstance(given, str):
        raise ValidationError(_("This field takes text."))
    if isinstance(given, int | float | Decimal | date):
        given = str(given)
    value = field_of(own, now).clean(given.pk if isinstance(given, Person) else given)
    kept = spelled(own.sort, value)
    if isinstance(kept, list):  # in the order they are declared, each once
        return [code for code, _words, _offered in own.choices if code in kept]
    try:
        str(kept).encode()
    except UnicodeEncodeError as error:
        raise ValidationError(_("There is a sign in it that cannot be kept.")) from error
    return kept


def options(own: Any) -> list[tuple[str, str]]:
    """What a list offers to filter by."""
    if own.sort == "truth":
        return [("true", _("yes")), ("false", _("no"))]
    if own.sort in {"choice", "several"}:
        return [(code, words) for code, words, _offered in own.choices]
    if own.sort == "person":
        people = Person.objects.filter(organisation=own.organisation_id).order_by("name")
        return [("me", _("me")), *((str(uid), name) for uid, name in people.values_list("uid", "name"))]
    return []
