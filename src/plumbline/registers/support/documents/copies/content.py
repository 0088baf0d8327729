"""The content of a revision as inert HTML for paper: what is written here, and every file that can be shown."""

from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _

from plumbline import composition
from plumbline.kernel.models import File
from plumbline.organisation.actor import Actor

from ..drafting import fields, pointers
from ..drafting import written as kept
from ..models import Revision
from .laying import inlined

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/bmp")
MOST_PICTURE = 50 << 20  # bytes of a picture that is placed


def written(revision: Revision, actor: Actor) -> str:
    """What was written in the browser, its fields filled, its pictures inside it; raises composition.NotOurs."""
    content = kept.load(revision)
    pointed = pointers.Pointers(content, actor)

    def picture(src: str) -> str | None:
        found = pointed.bytes_of(src)
        return inlined(found) if found and len(found) <= MOST_PICTURE else None

    def reference(to: str, target: str) -> tuple[str, str] | None:
        found = pointed.reference(to, target)
        return (settings.PLUMBLINE_ORIGIN + found[0], found[1]) if found else None

    return composition.to_html(content, fields.values(revision, composition.fields_of(content)), picture, reference)


def of_file(revision: Revision, file: File, path: Path) -> str:
    """A file that is no PDF: a picture placed, words and tables shown, or a sheet that stands in front of it."""
    fits = file.media_type in PICTURES and file.size <= MOST_PICTURE
    if address := inlined(path.read_bytes()) if fits else "":
        return f'<p class="pl-image"><img src="{address}" alt="{escape(revision.name)}"></p>'
    with path.open("rb") as stream:
        html = composition.shown(stream, file.media_type, revision.name)
    return html or front_sheet(revision, file)


def front_sheet(revision: Revision, file: File) -> str:
    """What stands in front of a file that paper cannot show: which file it is, to the byte."""
    said = _("The content is a file that cannot be printed from here. This sheet goes with it.")
    rows = ((_("File"), revision.name), (_("Size"), f"{file.size:,} B".replace(",", "\xa0")), ("SHA-256", file.sha256))
    table = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return f"<p>{escape(said)}</p><table><tbody>{table}</tbody></table>"
