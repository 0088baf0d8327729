"""How long a run has to go, by what whoever looks at its page has seen of it: nothing of it is kept."""

import time
from collections.abc import Mapping
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Run

WATCHED = 5  # seconds before anything is said
LONGEST = 9_999  # minutes, and seconds on the clock between two looks


def watched(run: Run, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the next look is asked with, and the time to go in words; no words while it is not known."""
    now = int(time.time())
    since, begun = _figure(asked, "since", now), _figure(asked, "begun", run.done)
    if not 0 <= now - since <= LONGEST or begun > run.done:  # another step, or an address somebody kept
        since, begun = now, run.done
    return {"watch": f"?since={since}&begun={begun}", "left": _left(now - since, run.done - begun, run)}


def _left(seconds: int, done: int, run: Run) -> str:
    if seconds < WATCHED or not done or run.done >= run.total:
        return ""
    minutes = ceil(seconds * (run.total - run.done) / done / 60)
    if minutes <= 1:
        return _("Less than a minute to go.")
    return ngettext("About %(n)d minute to go.", "About %(n)d minutes to go.", minutes) % {"n": min(minutes, LONGEST)}


def _figure(asked: Mapping[str, Any], name: str, otherwise: int) -> int:
    told = str(asked.get(name, ""))
    return int(told) if told.isascii() and told.isdigit() and len(told) < 12 else otherwise
