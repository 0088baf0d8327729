"""`plumb load`: a company from another installation."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from plumbline.faces.clock import alone
from plumbline.faces.portable.form import Unfit
from plumbline.faces.portable.loading import Wishes, load

from . import sweeping
from .migrating import migrate
from .rebuilding import afresh
from .telling import Refused, bar, line, say

KEY = 0x6C6F6164  # of PostgreSQL's advisory lock


def run(file: Path, slug: str, accounts: bool, live: bool, json: bool) -> int:
    """Into this installation, which may be new; what is disposed of stays disposed of."""
    Path(settings.PLUMBLINE_DATA).mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone("load", KEY) as mine:  # two would make the tables at once, and take each other's files
        if not mine:
            raise Refused("Another load into this installation is under way: nothing was done. Try again after it.")
        migrate()
        facts = _loaded(file, Wishes(slug, accounts, live))
    sweeping.tell(alone=False, silent=json)
    if json:
        line(facts)
    else:
        _tell(facts)
    return 0


def _loaded(file: Path, wishes: Wishes) -> dict[str, Any]:
    try:
        with bar("Checking") as told:
            return load(file, wishes, afresh, told)
    except Unfit as error:
        raise Refused(str(error)) from error
    except DatabaseError as error:
        raise Refused(f"The database refused the company, nothing is loaded: {' '.join(str(error).split())}") from error


def _tell(facts: dict[str, Any]) -> None:
    say(f"{facts['organisation']} is loaded and proven: {facts['events']} events, {facts['files']} files.")
    say(f"  State digest {facts['state_digest']}.")
    if not facts["live"]:
        say(
            "  It is quiet: no mail and no webhook goes out by itself until somebody presses “Send from here” in its"
            f" settings, or says `plumb sending {facts['organisation']} --on`."
        )
    if facts["accounts"]:
        say(f"  {facts['accounts']} accounts were made, without a password: people set one by mail.")
    if facts["matched"]:
        say(f"  {facts['matched']} people sign in with the accounts that were here.")
    if facts["apart"]:
        say(
            f"  These addresses have an account here, which was left alone: {', '.join(facts['apart'])}."
            " Invite them, or load with --accounts."
        )
