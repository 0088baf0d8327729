"""A PDF that came from outside, put page by page on sheets with our head and foot."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from .facts import Facts
from .laying import POINTS_A_MM, identifier_of, stamps
from .printing import NoCopy

PROGRAM = Path(__file__).with_name("program.py")
MOST_PAGES = 1000
MOST_BYTES = 100 << 20
MEMORY = 768 << 20  # beside the file itself, taken four times
SECONDS = 60
TOGETHER = 8  # times as much for putting all pages together
TOP, BOTTOM, SIDE, LEAST = (mm * POINTS_A_MM for mm in (24.5, 28.5, 4, 150))  # what head and foot need


def stamped(content: Path, facts: Facts) -> bytes:
    """The pages of the file as they are seen, each with head, foot and what is written across; raises NoCopy."""
    if content.stat().st_size > MOST_BYTES:
        raise NoCopy(_("The file is too large for a stamped copy. Open the file itself."))
    with TemporaryDirectory(prefix="plumbline-copy-") as folder:
        flat, over, target, told = (Path(folder, name) for name in ("flat.pdf", "over.pdf", "made.pdf", "sheets.json"))
        said = _run(content, "open", content, flat, MOST_PAGES)
        if refused := said.get("refused"):
            raise NoCopy(_why(refused))
        sheets = [sheet(*size) for size in said["sizes"]]
        over.write_bytes(stamps(facts, [(width, height) for width, height, *_rest in sheets]))
        told.write_text(json.dumps(sheets), encoding="ascii")
        placed = _run(content, "place", flat, over, target, told)
        named = {"title": f"{facts.number} {facts.title} – {facts.organisation}", "author": facts.organisation}
        named |= {"language": facts.language, "identifier": identifier_of(facts).hex()}
        told.write_text(json.dumps({"parts": placed["parts"], **named}), encoding="ascii")
        _run(content, "finish", told, target, more=TOGETHER)
        return target.read_bytes()


def sheet(width: float, height: float) -> tuple[float, float, float, float, float]:
    """(width, height, scale, left, bottom): the sheet is as large as the page, a small page stands on a larger one."""
    across, up = max(width, LEAST), max(height, LEAST)
    scale = min(1.0, (across - 2 * SIDE) / width, (up - TOP - BOTTOM) / height)
    left = (across - width * scale) / 2
    bottom = BOTTOM + (up - TOP - BOTTOM - height * scale) / 2
    return across, up, scale, left, bottom


def _run(content: Path, *arguments: object, more: int = 1) -> dict:
    memory, seconds = MEMORY * more + 4 * content.stat().st_size, SECONDS * more
    command = [sys.executable, "-I", str(PROGRAM), str(memory), str(seconds), *map(str, arguments)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds * 3, check=True)
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError) as error:
        raise NoCopy(_why("broken")) from error


def _why(refused: str) -> str:
    return {
        "encrypted": _(
            "The PDF is locked with a password or against changes, so it cannot be stamped. Save it unlocked."
        ),
        "pages": _("The PDF has more than %(most)d pages. Open the file itself.") % {"most": MOST_PAGES},
    }.get(refused) or _("The PDF cannot be read. Open it in a PDF program and save it again.")
