"""A table's cells laid out on a grid, as Word wants them: a cell over several rows stands in each of them."""

from dataclasses import dataclass, field

from plumbline.composition.model import Json


@dataclass
class Cell:
    """One cell of one row, its first column, and whether it begins or goes on with a cell over several rows."""

    column: int
    columns: int
    head: bool
    merged: str = ""
    content: list[Json] = field(default_factory=list)


class Grid:
    """The rows of a table without holes or overlaps."""

    def __init__(self, table: Json) -> None:
        self.rows: list[list[Cell]] = []
        self._given: dict[int, int] = {}
        self._open: dict[int, tuple[Cell, int]] = {}
        """Cells of rows above that still take rows, by their column, with how many."""
        for row in table.get("content", []):
            self.rows.append(self._row(row.get("content", [])))
        self.count = max((cell.column + cell.columns for row in self.rows for cell in row), default=1)
        for row in self.rows:
            end = row[-1].column + row[-1].columns if row else 0
            if end < self.count:
                row.append(Cell(end, self.count - end, head=bool(row) and row[-1].head))

    def _row(self, nodes: list[Json]) -> list[Cell]:
        cells: list[Cell] = []
        opened: dict[int, tuple[Cell, int]] = {}
        column = self._passed(cells, 0)
        for node in nodes:
            cell, rows = self._cell(node, column)
            cells.append(cell)
            if rows > 1:
                opened[column] = (cell, rows - 1)
            column = self._passed(cells, column + cell.columns)
        for further in sorted(place for place in self._open if place >= column):
            if further > column:
                cells.append(Cell(column, further - column, head=False))
            column = self._passed(cells, further)
        self._open = opened | {place: (cell, left - 1) for place, (cell, left) in self._open.items() if left > 1}
        return cells

    def _cell(self, node: Json, column: int) -> tuple[Cell, int]:
        """The cell at this column, as wide as there is room, and how many rows it takes."""
        attrs = node.get("attrs", {})
        columns, rows = attrs.get("colspan", 1), attrs.get("rowspan", 1)
        columns = min([columns, *(place - column for place in self._open if place > column)])
        for place, width in enumerate(attrs.get("colwidth") or ()):
            self._given.setdefault(column + place, width)
        merged = "first" if rows > 1 else ""
        return Cell(column, columns, node["type"] == "tableHeader", merged, node.get("content", [])), rows

    def _passed(self, cells: list[Cell], column: int) -> int:
        """Go past the columns that cells of the rows above take here."""
        while column in self._open:
            above = self._open[column][0]
            cells.append(Cell(column, above.columns, above.head, "further"))
            column += above.columns
        return column

    def widths(self, whole: int) -> list[int]:
        """The width of each column, in proportion to what was given, together the whole."""
        if not self._given:
            shares = [1.0] * self.count
        else:
            usual = sum(self._given.values()) / len(self._given)
            shares = [float(self._given.get(place, usual)) for place in range(self.count)]
        return [max(1, round(whole * share / sum(shares))) for share in shares]
