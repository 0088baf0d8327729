"""`plumb migrate`: brings the database to the program's state, as its owner, with triggers and grants."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command, execute_from_command_line

from .telling import say


def run(arguments: list[str]) -> int:
    """Django's migrate with our triggers; its options pass through."""
    Path(settings.PLUMBLINE_DATA).mkdir(parents=True, exist_ok=True)
    execute_from_command_line(["plumb", "migrate", *arguments])
    return 0


def migrate() -> None:
    """Make or bring up the database, quietly."""
    Path(settings.PLUMBLINE_DATA).mkdir(parents=True, exist_ok=True, mode=0o700)
    say("Preparing the database …")
    call_command("migrate", verbosity=0, interactive=False)
