"""The numbers of headings: 1, 1.1, 1.1.1."""

LEVELS = 4


class Numbers:
    """Counts headings in reading order; a level that was left out counts as its first."""

    def __init__(self) -> None:
        self._counts = [0] * LEVELS

    def next(self, level: int) -> str:
        """The number of the next heading of that level."""
        above = level - 1
        self._counts[:above] = [max(1, count) for count in self._counts[:above]]
        self._counts[above:] = [self._counts[above] + 1] + [0] * (LEVELS - level)
        return ".".join(str(count) for count in self._counts[:level])
