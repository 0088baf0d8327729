"""The high-water file: how far each log has been signed, kept outside the database."""

import fcntl
import json
import os
from base64 import b64decode
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Mark:
    """One line of the file: the highest head of a log that was signed."""

    home: str
    epoch: int
    origin: str
    size: int
    root: str
    note: str

    @property
    def root_bytes(self) -> bytes:
        """The root hash."""
        return b64decode(self.root)


def path() -> Path:
    """Where the file stands; a folder is given the name heads.jsonl."""
    place = Path(settings.PLUMBLINE_HEADS)
    return place / "heads.jsonl" if place.is_dir() else place


def read() -> dict[str, Mark]:
    """The marks by home; none where there is no file; raises ValueError on a damaged one."""
    file = path()
    if not file.exists():
        return {}
    try:
        marks = [Mark(**json.loads(line)) for line in file.read_text().splitlines() if line.strip()]
    except (TypeError, ValueError) as error:
        raise ValueError(f"The high-water file {file} is damaged: restore it from your backup. ({error})") from error
    return {mark.home: mark for mark in marks}


def raise_to(mark: Mark) -> None:
    """Raise one mark: write, fsync, rename, fsync the folder; a mark is never lowered."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file.with_name(file.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        marks = read()
        old = marks.get(mark.home)
        if old and (old.epoch, old.size) > (mark.epoch, mark.size):
            return
        marks[mark.home] = mark
        _replace(file, "".join(json.dumps(asdict(one)) + "\n" for one in marks.values()))


def _replace(file: Path, content: str) -> None:
    new = file.with_name(file.name + ".new")
    with open(new, "w") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(new, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
