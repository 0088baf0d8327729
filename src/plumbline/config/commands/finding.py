"""What the words of a command name: an organisation, a register, a record."""

from plumbline.kernel.models import Record
from plumbline.kernel.register import Register, by_slug, registers
from plumbline.organisation.models import Organisation

from .telling import Refused


def organisation_of(slug: str) -> Organisation:
    """The organisation of that short name; Refused names those there are."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        there = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise Refused(
            f"There is no organisation “{slug}”. " + (f"There are: {there}." if there else "Run `plumb init`.")
        )
    return found


def register_named(name: str) -> Register:
    """The register by its address (“audits”) or its kind (“audit”)."""
    found = by_slug(name) or next((one for one in registers() if one.kind == name), None)
    if found is None:
        raise Refused(f"There is no register “{name}”. There are: {', '.join(one.slug for one in registers())}.")
    return found


def record_numbered(register: Register, organisation: Organisation, number: str) -> Record:
    """The record of that number."""
    found = register.model.objects.filter(organisation=organisation, kind=register.kind, number=number).first()
    if found is None:
        raise Refused(
            f"There is no {register.one} “{number}” in {organisation.slug}."
            f" `plumb list {register.slug} --organisation {organisation.slug}` names them."
        )
    return found
