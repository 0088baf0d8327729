"""`plumb migrate`: brings the database to the program's state, as its owner, with triggers and grants."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from plumbline.kernel.models import Record

from . import rebuilding
from .telling import say

AT_ONCE = 20_000  # records: more would keep the server from its start for more than a minute or two


def run(arguments: list[str]) -> int:
    """Django's migrate with our triggers; its options pass through."""
    Path(settings.PLUMBLINE_DATA).mkdir(parents=True, exist_ok=True)
    before = _applied()
    execute_from_command_line(["plumb", "migrate", *arguments])
    if not arguments and before and _applied() > before:  # one application, or one step, is for who knows why
        _work_out()
    return 0


def _applied() -> int:
    return len(MigrationRecorder(connection).applied_migrations())


def _work_out() -> None:
    """What is derived from the records may have another form now: whose turn it is, what search finds."""
    if Record.objects.count() > AT_ONCE:
        say("Now run `plumb rebuild`: duties and search are worked out afresh, while the server runs.")
    elif Record.objects.exists():
        rebuilding.run()


def migrate() -> None:
    """Make or bring up the database, quietly."""
    Path(settings.PLUMBLINE_DATA).mkdir(parents=True, exist_ok=True, mode=0o700)
    say("Preparing the database …")
    call_command("migrate", verbosity=0, interactive=False)
