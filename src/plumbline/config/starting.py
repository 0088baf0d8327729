"""What must hold before the server starts; each finding says what is wrong and how to mend it."""

from collections.abc import Callable

import pysqlite3
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from plumbline.ledger import heads, triggers
from plumbline.organisation.models import Organisation
from plumbline.organisation.signin import keyholders

OLDEST_SQLITE = (3, 51, 3)  # older ones can corrupt a database in WAL mode (sqlite.org, WAL-reset bug)
SHORTEST_SECRET = 40  # characters
KNOWN_SECRETS = ("django-insecure", "changeme", "secret", "only for tests")


def problems() -> list[str]:
    """Why the server must not start; empty when it may."""
    found = [*old_sqlite(), *weak_secret()]
    later: tuple[Callable[[], list[str]], ...] = (missing_triggers, lost_events, missing_providers)
    if behind := unapplied():
        return [*found, f"{len(behind)} migrations are not applied, {behind[0]} first: run `plumb migrate`."]
    return [*found, *(line for check in later for line in check())]


def old_sqlite() -> list[str]:
    """A SQLite that can corrupt what it keeps."""
    version = pysqlite3.sqlite_version_info
    if connection.vendor != "sqlite" or version >= OLDEST_SQLITE:
        return []
    told = ".".join(map(str, version))
    return [
        f"SQLite {told} can corrupt a database; 3.51.3 is needed: install pysqlite3 0.6.1 or newer, or use PostgreSQL."
    ]


def weak_secret() -> list[str]:
    """A secret that could be guessed; on loopback a short one is borne, an empty one never."""
    mend = "remove PLUMBLINE_SECRET and one is made in the keys folder, or set a random one."
    try:
        secret = settings.SECRET_KEY.strip()
    except ImproperlyConfigured:  # Django's word for empty
        secret = ""
    if not secret:
        return [f"The secret is empty: {mend}"]
    if settings.PLUMBLINE_LOOPBACK:
        return []
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 10 or secret.lower().startswith(KNOWN_SECRETS):
        return [
            f"The secret is known or shorter than {SHORTEST_SECRET} characters, and others reach this server: {mend}"
        ]
    return []


def unapplied() -> list[str]:
    """The migrations the database lacks."""
    loader = MigrationLoader(connection)
    return [".".join(node) for node in sorted(set(loader.graph.nodes) - set(loader.applied_migrations))]


def missing_triggers() -> list[str]:
    """Tables that somebody could write without an event."""
    lines = triggers.missing(connection)
    if not lines:
        return []
    return [
        f"{len(lines)} rules that guard the records are not in force ({lines[0]}): run `plumb migrate`,"
        " then `plumb verify --deep`."
    ]


def lost_events() -> list[str]:
    """A database that is behind what was signed."""
    try:
        heads.ensure_key()
        return [
            f"{line} (`plumb restore` of the newest backup, or `plumb restore FILE --reason` to go on)"
            for line in heads.behind()
        ]
    except (FileNotFoundError, ValueError) as error:
        return [str(error)]


def missing_providers() -> list[str]:
    """A provider taken out of the file while an organisation is entered only by it: everybody would be shut out."""
    return [
        f"{one.name} is entered only with the provider “{provider}”, which PLUMBLINE_SIGN_IN does not name any more:"
        f" put it back, or run `plumb sign-in --lift {one.slug}`."
        for one, provider in keyholders.unreachable(Organisation.objects.order_by("slug"))
    ]
