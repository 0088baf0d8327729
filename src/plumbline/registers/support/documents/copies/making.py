"""`controlled_pdf`: the controlled copy of a revision, from whatever its content is."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.composition import NotOurs
from plumbline.kernel import files
from plumbline.organisation.actor import Actor

from ..models import Revision
from . import content, office, sealing
from .facts import Facts, facts_of, language_of
from .laying import laid_out
from .printing import NoCopy
from .stamping import stamped

__all__ = ["NoCopy", "controlled_pdf"]

LONGEST = 4 << 20  # characters of HTML that are laid out, its pictures left out
PDF = "application/pdf"
_INLINED = re.compile(r'src="data:[^"]*"')


def controlled_pdf(revision: Revision, actor: Actor, copy: str = "") -> bytes:
    """The copy as PDF for that reader, signed where the organisation has a certificate; raises NoCopy.

    `copy` is what a numbered copy says of itself instead of the mark, such as “controlled copy no. 3 for the gate”.
    """
    language = language_of(revision)
    with override(language):
        facts = facts_of(revision, copy)
        made = unsigned(revision, facts, actor)
    return sealing.sealed(made, revision.home, facts)


def unsigned(revision: Revision, facts: Facts, actor: Actor) -> bytes:
    """The copy before it is signed: the same revision on the same day gives the same bytes."""
    if revision.file is None:
        raise NoCopy(_("There is no content yet: write it, or add a file."))
    path = files.path_of(revision.file)
    if revision.file.disposed_at or not path.exists():
        raise NoCopy(_("The content of this file is missing on this server. A backup may have it."))
    if revision.written:
        try:
            return laid_out(facts, _short_enough(content.written(revision, actor)))
        except NotOurs as error:
            raise NoCopy(_("The content cannot be read: %(why)s") % {"why": error.text}) from error
    if revision.file.media_type == PDF:
        return stamped(path, facts)
    with TemporaryDirectory(prefix="plumbline-copy-") as folder:
        if (faithful := office.converted(path, revision.file.media_type, Path(folder))) is not None:
            return stamped(faithful, facts)
    return laid_out(facts, _short_enough(content.of_file(revision, revision.file, path)))


def _short_enough(html: str) -> str:
    """Laying out takes minutes beyond that."""
    if len(_INLINED.sub("", html)) > LONGEST:
        raise NoCopy(_("This is too long to be printed from here. Open the file itself."))
    return html
