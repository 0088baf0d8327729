"""What a backup is: a tar of database, files, high-water marks, and a manifest with their SHA-256 digests."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from .telling import Refused

FORM = "plumbline-backup@1"
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
HEADS = "heads.jsonl"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Standing:
    """How far one log was when the database was copied."""

    home: str
    origin: str
    epoch: int
    size: int


@dataclass(frozen=True)
class Manifest:
    """What the archive holds, so that a damaged one is known before it replaces anything."""

    form: str
    made_at: str
    database: str
    keys: bool
    logs: list[Standing]
    members: dict[str, list]  # name → [size in bytes, SHA-256]

    def spelled(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        """From the archive; Refused where it is not one of ours."""
        try:
            facts = json.loads(content)
            if facts["form"] != FORM:
                raise Refused(
                    f"The archive's form is {facts['form']}, this program reads {FORM}: use the program that made it."
                )
            return cls(**{**facts, "logs": [Standing(**one) for one in facts["logs"]]})
        except (KeyError, TypeError, ValueError) as error:
            raise Refused("This file is no backup of Plumbline: its manifest cannot be read.") from error


class Measured:
    """A stream that is digested while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.digest, self.size = stream, sha256(), 0

    def read(self, count: int = -1) -> bytes:
        """As a file's."""
        content = self.stream.read(count)
        self.digest.update(content)
        self.size += len(content)
        return content


def kept_files() -> Iterator[tuple[str, Path]]:
    """(name in the archive, path) of every finished file; half-written ones begin with a dot."""
    top = Path(settings.PLUMBLINE_FILES)
    for path in sorted(top.rglob("*")) if top.exists() else ():
        if path.is_file() and not path.name.startswith("."):
            yield f"files/{path.relative_to(top).as_posix()}", path


def postgresql(program: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore on our database; the password goes through the environment, never the command line."""
    if shutil.which(program) is None:
        raise Refused(f"{program} is not installed: install PostgreSQL's client programs (postgresql-client).")
    place = connection.settings_dict
    told = {
        "PGHOST": place["HOST"],
        "PGPORT": str(place["PORT"]),
        "PGUSER": place["USER"],
        "PGPASSWORD": place["PASSWORD"],
    }
    told |= {f"PG{name.upper()}": str(value) for name, value in place["OPTIONS"].items()}
    environment = os.environ | {name: value for name, value in told.items() if value} | {"PGDATABASE": place["NAME"]}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"{program} failed: {' '.join(done.stderr.split())[:500]}")
