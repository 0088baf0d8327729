"""Units of measure as people say them; what is kept, exported and told to programs is the UCUM code."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


class Counted(int):
    """How many there are; written out it has the reader's mark between thousands."""

    def __str__(self) -> str:
        return str(number_format(int(self), force_grouping=True))


def unit_name(code: str) -> str:
    """Returns the word for what is counted, such as “{piece}”; other codes (kg, mm) are read as they are."""
    counted = {
        "{piece}": _("pieces"),
        "{box}": _("boxes"),
        "{pallet}": _("pallets"),
        "{order}": _("orders"),
        "{batch}": _("batches"),
        "{lot}": _("lots"),
    }
    return counted.get(code) or (code[1:-1] if code.startswith("{") and code.endswith("}") else code)
