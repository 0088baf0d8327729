"""Whether a record can have parts of a kind, as its history says."""

from django.template import Context


def may_have(context: Context, part: type) -> bool:
    """Whether there may be such a part: if its whole history was read and names none, nobody need ask for them."""
    present = context.get("present")
    return present is None or part.__name__.lower() in present
