"""What is wrong with a field that was sent, in the language that was asked for."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

CHOSEN = re.compile(r"'([^']*)'")
WORDS: tuple[tuple[str, Callable[[dict[str, Any]], str]], ...] = (
    ("missing", lambda of: _("This is needed.")),
    ("extra_forbidden", lambda of: _("There is no such field.")),
    ("literal_error", lambda of: _choices(of)),
    ("enum", lambda of: _choices(of)),
    ("string_too_short", lambda of: _("This is needed.")),
    ("string_too_long", lambda of: _("At most %(n)s signs.") % {"n": of.get("max_length")}),
    ("string", lambda of: _("This has to be a text.")),
    ("int", lambda of: _("This has to be a whole number.")),
    ("decimal", lambda of: _("This has to be a number.")),
    ("finite", lambda of: _("This has to be a number.")),
    ("bool", lambda of: _("This has to be true or false.")),
    ("date", lambda of: _("Write a date as 2026-12-31, a time as 2026-12-31T14:30:00Z.")),
    ("time", lambda of: _("Write a time of day as 14:30, without a zone.")),
    ("uuid", lambda of: _("This is no uid.")),
    ("greater_than", lambda of: _("At least %(n)s.") % {"n": of.get("ge", of.get("gt"))}),
    ("less_than", lambda of: _("At most %(n)s.") % {"n": of.get("le", of.get("lt"))}),
    ("list", lambda of: _("This has another form than is expected.")),
    ("dict", lambda of: _("This has another form than is expected.")),
    ("model", lambda of: _("This has another form than is expected.")),
)


def of(error: dict[str, Any]) -> str:
    """The reason in our words; one we have none for, as the checker says it."""
    kind = error.get("type", "")
    for begins, said in WORDS:
        if kind.startswith(begins):
            return said(error.get("ctx") or {})
    return error["msg"]


def _choices(of: dict[str, Any]) -> str:
    return _("Choose one of these: %(these)s.") % {"these": ", ".join(CHOSEN.findall(of.get("expected", "")))}
