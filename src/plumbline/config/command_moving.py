"""The commands of `plumb` over everything at once: backups, and whole companies out and in."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .program import Json, app, run


@app.command()
def backup(
    file: Annotated[Path, Argument(help="The archive to write.")],
    with_keys: Annotated[bool, Option("--with-keys", help="The keys too: then keep it as you keep them.")] = False,
    json: Json = False,
) -> None:
    """One consistent archive, while the server runs."""
    run("archiving", owner=True, file=file, with_keys=with_keys, json=json)


@app.command()
def restore(
    file: Annotated[Path, Argument(help="An archive of `plumb backup`.", exists=True, dir_okay=False)],
    reason: Annotated[str, Option(help="Why events that were signed are given up, when the archive lacks them.")] = "",
    live: Annotated[
        bool | None, Option("--live/--quiet", help="Work goes on here; or it is a copy that sends nothing.")
    ] = None,
    json: Json = False,
) -> None:
    """An archive into an empty data folder and database."""
    run("restoring", owner=True, writes=True, file=file, reason=reason, live=live, json=json)


@app.command()
def export(
    organisation: Annotated[str, Argument(help="The organisation's short name.")],
    output: Annotated[Path, Option("--output", "-o", help="The ZIP to write.")],
    json: Json = False,
) -> None:
    """A whole company as one ZIP in open formats, with its history and proofs."""
    run("moving_out", writes=True, organisation=organisation, output=output, json=json)


@app.command()
def load(
    file: Annotated[Path, Argument(help="A ZIP of `plumb export`.", exists=True, dir_okay=False)],
    slug: Annotated[str, Option("--as", help="Another short name, where the company's own is taken here.")] = "",
    accounts: Annotated[
        bool, Option("--accounts", help="Its people sign in with the accounts that have their addresses here.")
    ] = False,
    live: Annotated[
        bool, Option("--live", help="It sends mails and webhooks from here at once: it moves for good.")
    ] = False,
    json: Json = False,
) -> None:
    """A company from another installation: whole and proven, or not at all."""
    run("moving_in", owner=True, writes=True, file=file, slug=slug, accounts=accounts, live=live, json=json)


@app.command()
def sending(
    organisation: Annotated[str, Argument(help="The organisation's short name.")],
    on: Annotated[bool | None, Option("--on/--off", help="Send from here, or keep quiet; else: say which.")] = None,
    json: Json = False,
) -> None:
    """Whether mails and webhooks of a company go out from here: a loaded one is quiet until somebody says so."""
    run("sending", writes=on is not None, organisation=organisation, on=on, json=json)
