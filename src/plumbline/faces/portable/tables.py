"""Each register as a CSV file, for people who have a spreadsheet and no Plumbline."""

import csv
import io
from typing import IO, Any

from django.db import models
from django.utils import timezone, translation
from django.utils.text import capfirst

from plumbline.faces.sheets.exporting import inert
from plumbline.kernel.register import Register
from plumbline.ledger.shapes import shape_of
from plumbline.organisation.models import Organisation

LEFT_OUT = {"organisation", "kind"}
LAST = ("uid", "extra")  # for a machine


class Lines(io.TextIOBase):
    """Text that goes on as bytes; what `csv` writes to."""

    def __init__(self, stream: IO[bytes] | Any) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """As a file's."""
        return self.stream.write(text.encode())


def write(register: Register, organisation: Organisation, stream: Any) -> None:
    """The records of a register, one a line, in the organisation's language; formulas are inert."""
    with translation.override(organisation.language):
        fields = [field for field in shape_of(register.model).fields if field.name not in LEFT_OUT]
        fields.sort(key=lambda field: field.name in LAST)
        lines = csv.writer(Lines(stream))
        stream.write("\ufeff".encode())  # else Excel reads the letters wrongly
        lines.writerow([_heading(field) for field in fields])
        pointed = [field.name for field in fields if field.is_relation]
        found = register.model._base_manager.filter(organisation=organisation).select_related(*pointed)
        for row in found.order_by("uid").iterator(500):
            lines.writerow([inert(_cell(row, field, register)) for field in fields])


def _heading(field: Any) -> str:
    return capfirst(str(field.verbose_name).replace("_", " "))


def _cell(row: Any, field: Any, register: Register) -> str:
    if field.name == "state":
        return str(register.state_of(row).label)
    value = getattr(row, field.name)
    if value is None or value == {} or value == []:
        return ""
    if isinstance(field, models.DateTimeField):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if field.is_relation and type(value).__str__ is models.Model.__str__:
        return str(value.pk)  # a part has no name of its own
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return str(value)
