"""Files as answers: one that is written while somebody waits, and the one that a run has left."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse, Http404

from .runs import path_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name: str, write: Callable[[IO[bytes]], Any]) -> FileResponse:
    """A workbook of that name, written at once."""
    file = TemporaryFile(prefix="plumbline-")  # noqa: SIM115 the answer closes it
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def left_by(run: Any, name: str, media_type: str) -> FileResponse:
    """The file of a run that is ready, under that name; else the same 404."""
    if run.state != "ready":
        raise Http404
    try:
        file = path_of(run).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
