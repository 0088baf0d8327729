"""What the pages are for that only kept records have."""

from typing import Any

from django.utils.translation import gettext_lazy as _

RECORD: dict[str, Any] = {
    "retention": _("How long each kind of record is kept, from when, and who may see it."),
    "disposal": _("Records whose time is over: keep them, or let them go with two signatures."),
    "categories": _("The categories of records, each with its retention time."),
    "category": _("Change how records of this category are kept."),
    "category-new": _("Add a category of records, with its retention time."),
}
