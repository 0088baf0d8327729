import re
from collections.abc import Iterable


def order(revision: str) -> list[tuple[int, int, str]]:
    """A key that sorts revisions: 2 before 2.1 before 10, A before B, letters before figures."""
    pieces: Iterable[str] = re.findall(r"\d+|[^\W\d_]+", revision.casefold())
    return [(1, int(piece), "") if piece.isdecimal() else (0, 0, piece) for piece in pieces]
