"""Django's migrate, between taking our triggers off and putting them back; there is no other way to migrate."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from plumbline.ledger import fresh, grants, triggers


class Command(DjangoMigrate):
    """Migrates, at once where there is nothing yet, and (re)installs triggers and grants even when that failed."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django's; --plan and --check change nothing."""
        if options.get("plan") or options.get("check_unapplied"):
            super().handle(*args, **options)
            return
        connection = connections[options["database"]]
        connection.ensure_connection()
        triggers.remove(connection)
        try:
            spared = 0 if options.get("app_label") or options.get("fake") else fresh.make(connection)
            if spared and options["verbosity"] >= 1:
                self.stdout.write(f"  The database was empty: {spared} migrations are made at once.")
            super().handle(*args, **options)
        finally:
            count = triggers.install(connection)
            grants.give(connection)
            if options["verbosity"] >= 1:
                self.stdout.write(f"  {count} tables are guarded by triggers.")
