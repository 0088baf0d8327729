"""The dates and numbers that a list of a register is narrowed by, from and to, the organisation's own among them."""

from plumbline.organisation.own_fields import OwnField
from plumbline.organisation.ranges import Range, of_model

from .register import Register


def of(register: Register, fields: dict[str, OwnField]) -> list[Range]:
    """The dates that every record has, those of the register, then the organisation's own."""
    names = tuple(dict.fromkeys(["due", "created_at", "closed_at", *register.fields()]))
    return [*of_model(register.model, names), *(Range(at, str(one), one) for at, one in fields.items() if one.has_ends)]


def wheres(register: Register) -> dict[str, str]:
    """The places a list is narrowed to by their name, where no filter of the register offers them: labels by name."""
    return {at: register.label(at) for at in sorted({*register.fields()} & {"process", "site"} - {*register.filters})}
