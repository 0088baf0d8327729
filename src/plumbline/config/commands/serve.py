"""`plumb serve`."""

from pathlib import Path

from ..serving import serve


def run(host: str, port: int, lan: bool, certificate: Path | None, key: Path | None) -> int:
    """Answer until told to stop."""
    return serve(host, port, lan, certificate, key)
