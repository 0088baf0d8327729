"""Runs one command: its refusals become one sentence and exit 1, and what it wrote is signed at its end."""

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from plumbline.history.notes import BadNote
from plumbline.kernel.actions import Stale
from plumbline.kernel.files import TooLarge
from plumbline.kernel.policy import Denied
from plumbline.kernel.signing import BadSignature
from plumbline.kernel.workflow import IllegalMove
from plumbline.ledger.heads import ForkRefused, sign_heads

from ..starting import unapplied
from .telling import Refused, say

EXPECTED = (Refused, Denied, Stale, IllegalMove, BadSignature, BadNote, ForkRefused, TooLarge, CommandError, OSError)


def run(name: str, writes: bool, options: dict[str, Any]) -> int:
    """The exit code of a command of this folder."""
    code = _attempt(import_module(f"plumbline.config.commands.{name}"), options)
    return (_attempt_to_sign() or code) if writes else code


def _attempt(command: ModuleType, options: dict[str, Any]) -> int:
    try:
        return command.run(**options) or 0
    except ValidationError as error:
        say(" ".join(error.messages))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python says it once more at its end
        say("Stopped: nobody reads the output any more.")
    except EXPECTED as error:
        say(str(error))
    except DatabaseError as error:
        say(_explained(error))
    return 1


def _explained(error: DatabaseError) -> str:
    try:
        if unapplied():
            return "The database of this installation is not made, or older than the program: run `plumb migrate`."
    except DatabaseError:
        return f"The database does not answer: check PLUMBLINE_DATABASE_URL and that it runs. ({_one_line(error)})"
    return f"The database refused: {_one_line(error)}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _attempt_to_sign() -> int:
    """Sign the heads of what was written, if there is a log at all."""
    try:
        if "ledger_log" in connection.introspection.table_names():
            sign_heads(now=True)
    except (DatabaseError, *EXPECTED) as error:
        say(f"What was written is not signed yet: {_one_line(error)}")
        return 1
    return 0
