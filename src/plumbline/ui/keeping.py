"""Parts of a page that seldom change: drawn once for all they are drawn from, then only filled in.

Such a template is given what it is kept by and nothing else, so nobody can be shown what was drawn for another.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from plumbline.ui.escaping import safe

MOST = 512  # drawn parts a process keeps; the largest, with what our scripts say, has 13 kB


class Home(NamedTuple):
    """Of an organisation no more than the way there, for the addresses in a kept part."""

    slug: str


def still_html(context: Any, name: str, known: dict[str, Any], filled: dict[str, str] | None = None) -> SafeString:
    """Returns the template drawn from plain values and the language; what is `filled` in stands anew in each.

    So do `csrf_token` and `here`, the address that was asked for, out of the context of the page.
    """
    places = ("csrf_token", "here", *(filled or ()))
    pieces = _drawn(name, get_language(), tuple(known.items()), places)
    if len(pieces) == 1:
        return mark_safe(pieces[0])
    request = context.get("request")
    own: dict[str, Any] = {
        "csrf_token": context.get("csrf_token", ""),
        "here": request.get_full_path() if request else "",
        **(filled or {}),
    }
    drawn = [safe(own[piece]) if place % 2 else piece for place, piece in enumerate(pieces)]
    return mark_safe("".join(drawn))


@lru_cache(maxsize=MOST)
def _drawn(
    name: str, _language: str | None, known: tuple[tuple[str, Any], ...], places: tuple[str, ...]
) -> tuple[str, ...]:
    marked = {one: mark_safe(f"\0{one}\0") for one in places}  # no text has a NUL
    template: Any = get_template(name)
    return tuple(template.template.render(Context({**dict(known), **marked})).split("\0"))
