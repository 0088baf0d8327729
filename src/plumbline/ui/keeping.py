"""Parts of a page that seldom change: drawn once for all they are drawn from, then only filled in.

Such a template is given what it is kept by and nothing else, so nobody can be shown what was drawn for another.
"""

from functools import lru_cache
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST = 512  # drawn parts a process keeps; the largest, with what our scripts say, has 13 kB
FILLED = ("csrf_token", "here", "searched")  # what stands anew in each: NUL marks the place, as no text has one


def still_html(context: Context, name: str, searched: str, known: dict[str, Any]) -> SafeString:
    """Returns the template drawn from plain values and the language, with this request's own in its places."""
    pieces = _drawn(name, get_language(), tuple(known.items()))
    if len(pieces) == 1:
        return mark_safe(pieces[0])
    request = context.get("request")
    own: dict[str, Any] = {
        "csrf_token": context.get("csrf_token", ""),
        "here": request.get_full_path() if request else "",
        "searched": searched,
    }
    filled = [conditional_escape(own[piece]) if place % 2 else piece for place, piece in enumerate(pieces)]
    return mark_safe("".join(filled))


@lru_cache(maxsize=MOST)
def _drawn(name: str, _language: str | None, known: tuple[tuple[str, Any], ...]) -> tuple[str, ...]:
    places = {one: mark_safe(f"\0{one}\0") for one in FILLED}
    template: Any = get_template(name)
    return tuple(template.template.render(Context({**dict(known), **places})).split("\0"))
