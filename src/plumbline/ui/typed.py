"""What somebody wrote into a form that was refused: the page that says so gives it back."""

import re
from typing import Any

WRITTEN = {"comment", "description", "note", "reason", "text", "title"}  # whatever stands in them was written
NEVER = {"csrfmiddlewaretoken", "password", "code", "passkey", "pin", "badge"}
SECRET = re.compile("password|secret|credential|token")
WORDS = re.compile(r"\S\s+\S")


def typed(request: Any) -> list[str]:
    """The texts among what was sent: of fields that hold texts, and all that has more than one word."""
    if request is None or request.method != "POST" or not request.resolver_match:  # no address of ours: nothing is read
        return []
    given = [(name, value.strip()) for name, values in request.POST.lists() for value in values]
    wanted = [value for name, value in given if name in WRITTEN or (not _is_secret(name) and _is_text(value))]
    return [value for value in dict.fromkeys(wanted) if value]


def _is_secret(name: str) -> bool:
    """A password may be several words, and it has several names: of today, the new one, once more."""
    return name in NEVER or bool(SECRET.search(name))


def _is_text(value: str) -> bool:
    return bool(WORDS.search(value)) and not value.startswith(("{", "["))  # what scripts keep in a field
