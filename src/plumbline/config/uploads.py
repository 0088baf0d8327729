"""Files that are sent go to disk while the request is read; a request that is too large is refused before that."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class LimitedUploads(TemporaryFileUploadHandler):
    """Without a session or a token next to nothing is taken; with one, two of the largest files in one request."""

    def handle_raw_input(
        self, input_data: Any, meta: dict, content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        """Raises RequestDataTooBig, which is answered with 400."""
        signed_in = self.request is not None and settings.SESSION_COOKIE_NAME in self.request.COOKIES
        known = signed_in or getattr(self.request, "auth", None) is not None  # or by a token
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + (2 * settings.PLUMBLINE_MAX_UPLOAD if known else 0)
        if content_length > most:
            raise RequestDataTooBig(f"{content_length} bytes in one request")
