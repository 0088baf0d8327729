"""The list of disposals outside the database, so that an older backup cannot bring back what was disposed of."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from plumbline.kernel.files import sync
from plumbline.ledger import highwater

NAME = "disposed.jsonl"


@dataclass(frozen=True)
class Note:
    """One disposal: whose record, who signed, when and how; no word of what the record said."""

    organisation: UUID
    record: UUID
    disposal: UUID
    disposed_at: datetime
    method: str = ""
    first_by: UUID | None = None
    second_by: UUID | None = None

    def spelled(self) -> str:
        """As a line of the list."""
        return json.dumps({name: value and str(value) for name, value in asdict(self).items()})

    @classmethod
    def read(cls, line: str) -> "Note":
        """From a line of the list; raises ValueError on a damaged one."""
        try:
            told = json.loads(line)
            uids = {name: told[name] and UUID(told[name]) for name in ("first_by", "second_by")}
            fixed = {name: UUID(told[name]) for name in ("organisation", "record", "disposal")}
            return cls(**fixed, **uids, disposed_at=datetime.fromisoformat(told["disposed_at"]), method=told["method"])
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise ValueError(f"The list {path()} is damaged: restore it from your backup. ({error})") from error


def path() -> Path:
    """Beside the high-water file: put that on another disk, and this goes with it."""
    return highwater.path().with_name(NAME)


def read(file: Path | None = None) -> dict[UUID, Note]:
    """The notes by disposal, in the order they were written; none where there is no list."""
    file = file or path()
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    whole = (line for line in lines if line.endswith("\n") and line.strip())  # a torn last line is written anew
    return {note.disposal: note for note in map(Note.read, whole)}


def keep(*notes: Note) -> int:
    """Add to the list, durably; how many."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "ab+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        _mend(stream)
        stream.write("".join(f"{note.spelled()}\n" for note in notes).encode())
        stream.flush()
        os.fsync(stream.fileno())
    sync(file.parent)
    return len(notes)


def _mend(stream: BinaryIO) -> None:
    """Cut off a line that a power cut left half written."""
    end = stream.seek(0, os.SEEK_END)
    if end and (stream.seek(end - 1), stream.read(1))[1] != b"\n":
        stream.seek(0)
        stream.truncate(stream.read().rfind(b"\n") + 1)
