"""Lists narrowed by the organisation's own fields: named as on the page, and refused where the page would look away."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from plumbline.kernel import ranges
from plumbline.kernel.register import Register
from plumbline.ledger import keyset
from plumbline.organisation import own_fields
from plumbline.organisation.actor import Actor
from plumbline.organisation.ranges import ends

SAID = (
    "The organisation's own fields, each as own-CODE; of texts a part suffices. Dates and numbers also have"
    " own-CODE_from and own-CODE_to. At most three fields at once that no index knows; from and to are one."
)
OWN: list[dict[str, Any]] = [
    {
        "in": "query",
        "name": "own",
        "required": False,
        "style": "form",
        "explode": True,
        "description": SAID,
        "schema": {
            "type": "object",
            "propertyNames": {"pattern": "^own-[A-Za-z0-9_-]{1,45}$"},
            "additionalProperties": {"type": "string", "maxLength": 200},
        },
    }
]


def own_filters(register: Register, actor: Actor, query: QueryDict) -> dict[str, str]:
    """What is asked of own fields; one that does not exist, or a value that says nothing, is refused by its name."""
    fields = own_fields.named(actor.organisation, register.kind)
    spans = ends(ranges.of(register, fields), fields)
    wrong: dict[str, str] = {}
    found: dict[str, str] = {}
    for name, value in query.items():
        if not name.startswith(own_fields.PREFIX) or not value:
            continue
        found[name] = str(value)
        if name in spans:
            if spans[name][0].value(str(value)) is None:
                wrong[name] = _("Write a date as 2026-12-31, a number with digits.")
        elif name not in fields:
            wrong[name] = _("There is no such field.")
    if wrong:
        raise ValidationError(wrong)
    return found


def refuse_unknown(asked: Any, query: QueryDict) -> None:
    """A name that narrows nothing would leave everything: it is refused, and a mark that no page gave."""
    own = own_fields.PREFIX
    wrong = {name: _("There is no such filter.") for name in query if not name.startswith(own)}
    for name in type(asked).model_fields:
        wrong.pop(name, None)
    if isinstance(asked.after, str) and asked.after and not keyset.opened(asked.after):
        wrong["after"] = _("This is not the mark at the end of a page.")
    if wrong:
        raise ValidationError(wrong)


def refuse_left_out(register: Register, asked: dict[str, Any], kept: dict[str, str]) -> None:
    """The page leaves out what is too much and shows what it kept; a program has to be told."""
    places = ranges.wheres(register)
    free = [
        one for one in asked if one in places or one.startswith(own_fields.PREFIX) or one.endswith(("_from", "_to"))
    ]
    if left := [name for name in free if name not in kept]:
        raise ValidationError(dict.fromkeys(left, _("These are too many filters at once: leave one out.")))
