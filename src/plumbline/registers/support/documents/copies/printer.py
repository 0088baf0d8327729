"""Lays HTML out as PDF and fetches nothing; for a long text run as its own short-lived program.

A page takes about 5 MB while it is laid out, and the server would keep them: a program gives them back when it ends.
Arguments: bytes of memory, seconds of processor time, the HTML, the PDF to be written, its identifier in hexadecimal.
"""

import contextlib
import sys
from pathlib import Path


def laid(html: str, identifier: bytes) -> bytes:
    """The HTML as PDF, with nothing but what is inlined in it."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    only_inlined = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    return bytes(HTML(string=html, base_url=None, url_fetcher=only_inlined).write_pdf(pdf_identifier=identifier))


def limit(memory: int, seconds: int) -> None:
    """Bound memory and processor time where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    html = Path(sys.argv[3]).read_text(encoding="utf-8")
    Path(sys.argv[4]).write_bytes(laid(html, bytes.fromhex(sys.argv[5])))
