"""A form that was open while somebody else saved: what stands there now is shown, and saving again is upon that."""

from typing import Any

from django.template.defaultfilters import date as spelled_date
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from plumbline.organisation import own_fields as own

from .actions import Stale
from .models import Record
from .pages import shown


def tell(form: Any, record: Record, error: Stale) -> None:
    """Beside each field that differs, what it holds now; the form then speaks of the record as it stands."""
    form.add_error(None, str(error))
    for name in [name for name in form._meta.fields if name in form.cleaned_data]:
        if form.cleaned_data[name] != getattr(record, name):
            form.add_error(
                name, _("Now it says: “%(value)s”. Yours stands in the field.") % {"value": _now(record, name)}
            )
    for name, field in own.named(record.organisation, record.kind).items():
        now = own.value_of(record, field)
        if name in form.cleaned_data and field.spelled(form.cleaned_data[name]) != now:
            told = _("Now it says: “%(value)s”. Yours stands in the field.")
            form.add_error(name, told % {"value": field.plain(now, own.everybody([field])) or "–"})
    renewed(form, version=record.version)


def renewed(form: Any, **values: object) -> None:
    """The form as it was filled in, with what it carries unseen put right."""
    form.data = form.data.copy()
    for name, value in values.items():
        form.data[name] = str(value)


def _now(record: Record, name: str) -> str:
    value, kind = shown(record, name)
    if kind in {"date", "due"} and value:
        return spelled_date(value, "DATE_FORMAT")
    if kind == "text":
        value = Truncator(getattr(record, name)).chars(400)
    return "–" if value in (None, "") else str(value)
