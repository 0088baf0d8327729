"""`plumb demo`: the two demo companies."""

from importlib import import_module

from plumbline.organisation.models import Organisation

from ..starting import unapplied
from .migrating import migrate
from .telling import Refused, line, say


def run(if_empty: bool, json: bool) -> int:
    """Build those that are missing; with --if-empty nothing happens where an organisation of somebody's own exists."""
    if unapplied():
        migrate()
    if Organisation.objects.exclude(person__account__demo=True).exists():
        if if_empty:
            return 0
        raise Refused("Organisations of your own are here: give the demo a data folder of its own with PLUMBLINE_DATA.")
    building = import_module("plumbline.config.demo.building")
    if not building.missing() and not if_empty:
        say("The demo companies are here already: `plumb serve` says whom to sign in as.")
    for organisation in building.build(say):
        if json:
            line({"organisation": organisation.slug})
    return 0
