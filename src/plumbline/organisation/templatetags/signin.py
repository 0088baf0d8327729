"""What the sign-in page asks of the configuration."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

from plumbline.organisation.signin.providers import configured

register = template.Library()


@dataclass(frozen=True)
class Door:
    """One button of the sign-in page."""

    id: str
    name: str
    address: str


@register.simple_tag
def providers() -> list[Door]:
    """Returns the providers one is led to; a directory has no page of its own, its passwords go into the form."""
    names = {"oidc": "openid_connect_login", "saml": "saml_login"}
    return [
        Door(one.id, one.name, reverse(names[one.kind], args=[one.id])) for one in configured() if one.kind in names
    ]


@register.simple_tag
def directories() -> list[str]:
    """Returns the names of those whose passwords the form takes, beside ours."""
    return [one.name for one in configured() if one.kind == "ldap"]
