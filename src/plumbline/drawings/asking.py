"""DXF: read by a program of its own, under limits, because a hostile file may cost all memory and time there is."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

MEDIA_TYPE = "image/vnd.dxf"
PROGRAM_BYTES = 768 << 20
"""Memory of the program, beside ten times the file."""
PROGRAM_SECONDS = 30
PICTURE_BYTES = 8 << 20
"""A picture that is larger is left out; the words stay."""
TEXTS = 5_000
LONGEST = 64 << 20
"""Bytes of a DXF that is read; a larger one is kept and not looked into."""
_PROGRAM = Path(__file__).with_name("dxf_program.py")
_BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
_BEGINS = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s*999\r?\n[^\r\n]*\r?\n)*\s*0\s*\r?\n\s*SECTION\s*\r?\n", re.I)


class NoDrawing(Exception):
    """The file cannot be read as a drawing; the message is a code: damaged, too_slow or too_large."""


@dataclass
class Drawing:
    """The words of a drawing in the order of reading, its properties, and an SVG of it (empty when too large)."""

    texts: list[str] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    svg: str = ""


def is_dxf(head: bytes) -> bool:
    """Whether the first bytes are those of a DXF, as text or binary."""
    return head.startswith(_BINARY) or bool(_BEGINS.match(head))


def read_dxf(stream: BinaryIO, *, picture: bool) -> Drawing:
    """What a DXF says and, when asked for, how it looks; raises NoDrawing."""
    with TemporaryDirectory(prefix="plumbline-") as folder:
        path = Path(folder) / "drawing.dxf"
        with path.open("wb") as copy:
            shutil.copyfileobj(stream, copy, 1 << 20)
        size = path.stat().st_size
        if size > LONGEST:
            raise NoDrawing("too_large")
        figures = [PROGRAM_BYTES + 10 * size, PROGRAM_SECONDS, TEXTS, PICTURE_BYTES if picture else 0]
        command = [sys.executable, "-I", str(_PROGRAM), path.name, *map(str, figures)]
        return _answer(command, folder)


def _answer(command: list[str], folder: str) -> Drawing:
    """Run the program in a folder of its own, which is also where its fonts' list is kept."""
    kept = {"PATH": os.environ.get("PATH", ""), "OPENBLAS_NUM_THREADS": "1", "XDG_CACHE_HOME": folder, "HOME": folder}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROGRAM_SECONDS * 3,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoDrawing("too_slow") from error
    if done.returncode in (-9, -24):  # SIGKILL, SIGXCPU
        raise NoDrawing("too_slow")
    try:
        return Drawing(**json.loads(done.stdout))
    except (ValueError, TypeError) as error:
        raise NoDrawing("damaged") from error
