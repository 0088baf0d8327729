"""`plumb tick`: what has come due by itself is done now, once; the server does the same every minute."""

from django.utils import timezone

from ..clockwork import tick
from .telling import line, say


def run(json: bool) -> int:
    """One line for everything that was done or refused."""
    told = tick(timezone.now())
    for did in told:
        if json:
            line(did)
        else:
            say(" ".join(f"{name}={value}" for name, value in did.items() if value != ""))
    return 0
