"""What happens by itself, once a minute: the acts of the clock, then mails and webhooks; one process at a time."""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connections
from django.utils import timezone

from plumbline.desk import mailing
from plumbline.faces import clock
from plumbline.faces.following import noting
from plumbline.faces.hooks import sending
from plumbline.faces.search import attached
from plumbline.faces.sheets import working
from plumbline.organisation.signin import strangers
from plumbline.registers.support.records.sweeping import sweep

EVERY = 60  # seconds
SWEEP = 3600  # seconds between two looks for what a disposal left behind

log = logging.getLogger(__name__)


def tick(now: datetime) -> Iterator[dict[str, Any]]:
    """One run, told act by act; nothing at all while another process is at it."""
    with clock.alone() as mine:
        if mine:
            strangers.forget(now)
            for act in clock.run(now):
                yield {**asdict(act), "occurred_at": act.occurred_at.isoformat()}
            noting.run()
            for _name in attached.learn():  # what files say is found from now on
                pass
            yield from mailing.send(now)
            yield from sending.run(now)


def start() -> None:
    """Run at once, to catch up, and then every minute, in a thread that ends with the main one."""
    threading.Thread(target=_keep_ticking, args=(threading.main_thread(),), name="clock").start()


def _keep_ticking(main: threading.Thread) -> None:
    """The thread is no daemon: at the end of the process it finishes the act it is at, and no other."""
    swept = float(-SWEEP)
    while main.is_alive():
        try:
            if time.monotonic() - swept >= SWEEP:
                swept = time.monotonic()
                sweep()
            working.catch_up()
            for _did in tick(timezone.now()):
                if not main.is_alive():
                    break
        except Exception:
            log.exception("The clock did not finish its run; it tries again in a minute")
        finally:
            connections.close_all()
        main.join(EVERY)
