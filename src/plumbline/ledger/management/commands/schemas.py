"""Freezes digest schemas (--write) or says where the models have drifted from them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plumbline.ledger import schemas


class Command(BaseCommand):
    """`schemas --write` after a new schema_version; `schemas` in make check."""

    help = "Compare the evidence models with their frozen digest schemas; --write freezes those without a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--write", action="store_true", help="freeze the schemas that have no file yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 with a line per drift."""
        for path in schemas.write_missing() if options["write"] else []:
            self.stdout.write(str(path))
        if lines := schemas.drift():
            raise CommandError("\n".join(lines))
