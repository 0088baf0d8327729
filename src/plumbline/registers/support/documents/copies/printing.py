"""A copy is laid out in the server when it is short, and in a program of its own when it is long."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from .printer import laid

PRINTER = Path(__file__).with_name("printer.py")
HERE = 40_000  # characters of HTML, about 13 pages and 70 MB
LEAF = 150  # characters that weigh as much as an empty page with head and foot
MEMORY = 6 << 30
SECONDS = 900


class NoCopy(Exception):
    """A copy cannot be made; the text says why, in the reader's words."""


def printed(html: str, identifier: bytes, leaves: int = 0) -> bytes:
    """The HTML as PDF; raises NoCopy."""
    if len(html) + LEAF * leaves <= HERE:
        return laid(html, identifier)
    with TemporaryDirectory(prefix="plumbline-copy-") as folder:
        source, made = Path(folder, "copy.html"), Path(folder, "copy.pdf")
        source.write_text(html, encoding="utf-8")
        limits = (str(MEMORY), str(SECONDS))
        command = [sys.executable, "-I", str(PRINTER), *limits, str(source), str(made), identifier.hex()]
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS * 2, check=True)
            return made.read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise NoCopy(_("This is too long to be printed from here. Open the file itself.")) from error
