"""Somebody without a browser: signs in, fills in forms and sends files as large as they are, a piece at a time."""

import uuid
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener

from plumbline.config.demo import PASSWORD

PIECE = 1 << 20


class Visitor:
    """Keeps cookies and the address of the last page."""

    def __init__(self, url: str, email: str) -> None:
        self.url, self.at = url, ""
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.send("/accounts/login/", {"login": email, "password": PASSWORD})

    def get(self, path: str) -> Any:
        """The answer, open, so that it can be read a piece at a time."""
        answer = self.opener.open(self.absolute(path), timeout=900)
        self.at = answer.url
        return answer

    def absolute(self, path: str) -> str:
        return path if path.startswith("http") else self.url + path

    def page(self, path: str) -> Any:
        from lxml import html

        with self.get(path) as answer:
            return html.fromstring(answer.read(), base_url=answer.url)

    def form(self, page: Any, fields: set[str], to: str) -> Any:
        for form in page.forms:
            named = {control.name for control in form.inputs}
            if (form.action or "").endswith(to) if to else fields <= named:
                return form
        raise LookupError(f"{self.at} has no form with {fields or to}: {page.findtext('.//title')}")

    def send(self, path: str, fields: dict[str, str], file: Path | None = None, to: str = "") -> Any:
        """Fill in the form of a page that goes to an address ending so, or that has these fields, and send it."""
        page = self.page(path)
        form = self.form(page, set(fields), to)
        given = [(name, value) for name, value in form.form_values() if name not in fields] + [*fields.items()]
        names = [control.name for control in form.inputs if getattr(control, "type", "") == "file"]
        boundary = uuid.uuid4().hex
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in given
        )
        if file:
            head += f'--{boundary}\r\nContent-Disposition: form-data; name="{names[0]}"; filename="{file.name}"\r\n\r\n'
        tail = ("\r\n" if file else "") + f"--{boundary}--\r\n"
        length = len(head.encode()) + len(tail) + (file.stat().st_size if file else 0)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(length),
            "Referer": self.at,
        }
        address = self.absolute(form.action or self.at) if form.action else self.at
        request = Request(address, _pieces(head, file, tail), headers, method="POST")
        with self.opener.open(request, timeout=900) as answer:
            self.at = answer.url
            return answer.read()


def _pieces(head: str, file: Path | None, tail: str) -> Iterator[bytes]:
    yield head.encode()
    if file:
        with file.open("rb") as stream:
            while piece := stream.read(PIECE):
                yield piece
    yield tail.encode()
