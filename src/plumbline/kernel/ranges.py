"""The dates and numbers that a list of a register is narrowed by, from and to, the organisation's own among them."""

from plumbline.organisation.own_fields import OwnField
from plumbline.organisation.ranges import Range, of_model

from .register import Register


def of(register: Register, fields: dict[str, OwnField]) -> list[Range]:
    """The dates that every record has, those of the register, then the organisation's own."""
    names = tuple(dict.fromkeys(["due", "created_at", "closed_at", *register.fields()]))
    own = [Range(name, str(one), one) for name, one in fields.items() if one.has_ends]
    return [*of_model(register.model, names), *own]


def wheres(register: Register) -> dict[str, str]:
    """The places a list is narrowed to by their name, where no filter of the register offers them: labels by name."""
    names = [name for name in ("process", "site") if name in register.fields() and name not in register.filters]
    return {name: register.label(name) for name in names}
