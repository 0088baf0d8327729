"""`plumb demo`: the two demo companies."""

from importlib import import_module

from plumbline.organisation.models import Account, Organisation

from ..starting import unapplied
from .migrating import migrate
from .telling import Refused, line, say


def run(if_empty: bool, json: bool) -> int:
    """Build them once; with --if-empty nothing happens where an organisation exists."""
    if unapplied():
        migrate()
    if Organisation.objects.exists():
        if if_empty:
            return 0
        if Account.objects.filter(demo=True).exists():
            raise Refused("The demo companies are here already: `plumb serve` says whom to sign in as.")
        raise Refused("Organisations of your own are here: give the demo a data folder of its own with PLUMBLINE_DATA.")
    say("Building the demo companies …")
    for organisation in import_module("plumbline.config.demo.building").build():
        line({"organisation": organisation.slug}) if json else say(f"  {organisation.name} is made.")
    return 0
