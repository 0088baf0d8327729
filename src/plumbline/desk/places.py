"""The pages and the commands of an organisation that this person may open, to be found by what they are called."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plumbline.kernel import policy
from plumbline.kernel.register import registers
from plumbline.organisation.actor import Actor

from . import frame


@dataclass(frozen=True)
class Place:
    """A page to go to or a thing to begin, with what it is for."""

    title: str
    url: str
    icon: str
    detail: str = ""

    @property
    def words(self) -> str:
        return f"{self.title} {self.detail}"


def pages(actor: Actor) -> list[Place]:
    """What stands in the navigation and in the menu, registers with their purpose."""
    slug = actor.organisation.slug
    top, _nav, _bottom = frame.places(slug)
    listed = [
        Place(str(one.title), reverse(f"{one.slug}:list", args=[slug]), one.icon, str(one.purpose))
        for one in registers()
        if not one.within
    ]
    password = Place(_("Change password"), reverse("account_change_password"), "key")
    tops, menu = ([Place(one.title, one.url, one.icon) for one in some] for some in (top, frame.menu(slug, actor)))
    return [*tops, *listed, *menu, password, *_settings(actor)]


def _settings(actor: Actor) -> Iterator[Place]:
    """The pages that the settings lead to, called as they are there: what stands before the colon is the title."""
    if not frame.may_settle(actor):
        return
    words = {
        "documents:kinds": _("Kinds of documents: their numbers, who approves them, how long they are kept"),
        "own-fields": _("Own fields: what you write down beyond what a register asks"),
        "documents:copies": _("Copies of documents: the certificate that signs them, and the mark across them"),
        "entry": _("How people sign in: second factor, single sign-on"),
        "directory": _("Your directory keeps the people and their roles (SCIM)"),
        "devices": _("Shared devices: people without e-mail sign in by badge or PIN"),
        "webhooks": _("Webhooks: other programs are told what happens here"),
        "program-tokens": _("Programs that read and write here, and their tokens"),
    }
    if actor.has("quality", "management"):
        words["everything"] = _("Export everything: the whole company as one file")
    for name, said in words.items():
        title, _colon, detail = said.partition(": ")
        yield Place(title, reverse(name, args=[actor.organisation.slug]), "settings", detail)


def commands(actor: Actor) -> Iterator[Place]:
    """What this person may begin: a scan, a record of each register, somebody or something of the organisation."""
    yield Place(_("Scan a label"), "#scan", "qrcode")
    slug = actor.organisation.slug
    for register in registers():
        if not register.within and policy.may_create(actor, register):
            yield Place(_begin(register), reverse(f"{register.slug}:new", args=[slug]), "plus", str(register.title))
    if policy.may_run_organisation(actor):
        words = {
            "person": _("Add a person"),
            "role": _("Give a role"),
            "site": _("Add a site"),
            "department": _("Add a department"),
            "process": _("Add a process"),
        }
        for what, title in words.items():
            yield Place(title, reverse("people-new", args=[slug, what]), "plus", _("People and places"))
        yield Place(_("Load a standard"), reverse("standard-load", args=[slug]), "plus", _("The standard"))


def _begin(register: Any) -> str:
    """“New: nonconformity”, or the register's own words for it."""
    one = str(register.one)
    return pgettext("begin a record", "New: %(one)s") % {
        "one": one[:1].lower() + one[1:] if one[1:2].islower() else one
    }
