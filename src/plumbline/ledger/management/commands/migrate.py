"""Django's migrate, between taking our triggers off and putting them back; there is no other way to migrate."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from plumbline.ledger import grants, triggers


class Command(DjangoMigrate):
    """Migrates, and (re)installs triggers and grants even when a migration failed."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django's; --plan and --check change nothing."""
        if options.get("plan") or options.get("check_unapplied"):
            super().handle(*args, **options)
            return
        connection = connections[options["database"]]
        connection.ensure_connection()
        triggers.remove(connection)
        try:
            super().handle(*args, **options)
        finally:
            count = triggers.install(connection)
            grants.give(connection)
            if options["verbosity"] >= 1:
                self.stdout.write(f"  {count} tables are guarded by triggers.")
