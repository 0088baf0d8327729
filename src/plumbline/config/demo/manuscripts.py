"""Reads manuscripts: a few lines of particulars, then Markdown, with dates that move with today."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

DATE = re.compile(r"\{([+-]?\d+)\}")  # {-45} is 45 days before today
DASHED = re.compile(r"^\|[\s:|-]+\|$")
MONTHS = (  # in English, whatever the locale of the machine
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Manuscript:
    """One document to be written, its dates already filled in."""

    file: str
    head: str
    foot: str
    author: str
    title: str
    written_on: date
    language: str
    text: str


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, item or table; `level` of a heading, `rows` of a table."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def manuscripts(folder: Path, today: date) -> list[Manuscript]:
    """Every manuscript of a folder, in the order of their names."""
    return [_read(path.read_text(encoding="utf-8"), today) for path in sorted(folder.glob("*.md"))]


def blocks(text: str) -> list[Block]:
    """The text cut into blocks; consecutive lines are one paragraph."""
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = chunk.split("\n")
        if lines[0].startswith("|"):
            found.append(Block("table", rows=tuple(_cells(line) for line in lines if not DASHED.match(line))))
        elif lines[0].startswith("#"):
            marks, _blank, title = lines[0].partition(" ")
            found.append(Block("heading", title, len(marks)))
            found += blocks("\n".join(lines[1:])) if lines[1:] else []
        elif lines[0].startswith(("- ", "1. ")):
            found += _items(lines)
        elif chunk.strip():
            found.append(Block("paragraph", " ".join(lines)))
    return found


def _read(source: str, today: date) -> Manuscript:
    _start, particulars, text = source.split("---\n", 2)
    told = dict(line.split(": ", 1) for line in particulars.strip().split("\n"))
    style = told.get("dates", "long")

    def dated(match: re.Match[str]) -> str:
        return _spell(today + timedelta(days=int(match[1])), style)

    filled = {name: DATE.sub(dated, value) for name, value in told.items()}
    return Manuscript(
        file=filled["file"],
        head=filled.get("head", ""),
        foot=filled.get("foot", ""),
        author=filled.get("author", ""),
        title=filled.get("title", ""),
        written_on=today + timedelta(days=int(told["written"])),
        language=filled.get("language", "en"),
        text=DATE.sub(dated, text).replace("{year}", str(today.year)),
    )


def _items(lines: list[str]) -> list[Block]:
    kind = "item" if lines[0].startswith("- ") else "step"
    found: list[str] = []
    for line in lines:
        mark, _blank, rest = line.partition(" ")
        if mark in {"-", "1."}:
            found.append(rest)
        else:
            found[-1] += " " + line.strip()
    return [Block(kind, text) for text in found]


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _spell(day: date, style: str) -> str:
    if style == "iso":
        return day.isoformat()
    if style == "german":
        return f"{day:%d.%m.%Y}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
