"""What a command says: JSON Lines on standard output, words and progress on standard error."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import typer


class Refused(Exception):
    """The command cannot do this; the text says what happened and what to do, in one sentence."""


def line(facts: dict[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    typer.echo(json.dumps(facts, ensure_ascii=False, default=str))


def say(text: str) -> None:
    """Words for the person at the terminal."""
    typer.echo(text, err=True)


def show(text: str) -> None:
    """What was asked for, as text on standard output."""
    typer.echo(text)


def followed(rows: Iterable[Any], words: str, total: int | None = None) -> Iterator[Any]:
    """The rows, with a bar on standard error while somebody watches."""
    if not sys.stderr.isatty():
        yield from rows
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(rows, description=words, total=total, console=Console(stderr=True), transient=True)


@contextmanager
def bar(words: str) -> Iterator[Callable[[int, int, str], None] | None]:
    """What shows (done, total, name) as a bar on standard error; nothing while nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(words)
        yield lambda done, total, name: progress.update(
            task, completed=done, total=total, description=f"{words} {name[-40:]}"
        )
