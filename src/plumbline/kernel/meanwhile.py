"""A form that was open while somebody else saved: what stands there now is shown, and saving again is upon that."""

from typing import Any

from django.template.defaultfilters import date as spelled_date
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from plumbline.organisation import own_fields as own
from plumbline.organisation.actor import Actor

from . import timeline
from .actions import Stale
from .models import Record
from .pages import find, shown
from .register import Register


def moved(register: Register, actor: Actor, number: str) -> str:
    """What state the record is in by now, and who brought it there when."""
    record = find(register, actor, number)
    told = _("That is not possible while the record is “%(state)s”.") % {"state": register.state_of(record).label}
    made = [line for line in timeline.of(record) if register.label("state") in [name for name, *_ in line.changes]]
    at = "SHORT_DATETIME_FORMAT"
    return told + "".join(f" {one.who}: {one.verb} ({date_format(localtime(one.at), at)})." for one in made[:1])


def tell(form: Any, record: Record, error: Stale) -> None:
    """Beside each field that differs, what it holds now; the form then speaks of the record as it stands."""
    form.add_error(None, str(error))
    given = {name: value for name, value in form.cleaned_data.items() if name in form._meta.fields}
    differ = {name: _now(record, name) for name, value in given.items() if value != getattr(record, name)}
    for name, field in own.named(record.organisation, record.kind).items():
        now = own.value_of(record, field)
        if name in form.cleaned_data and field.spelled(form.cleaned_data[name]) != now:
            differ[name] = field.plain(now, own.everybody([field])) or "–"
    for name, value in differ.items():
        form.add_error(name, _("Now it says: “%(value)s”. Yours stands in the field.") % {"value": value})
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
