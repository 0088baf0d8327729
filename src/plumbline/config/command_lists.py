"""The commands of `plumb` over whole lists."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .program import Json, Slug, app, run


@app.command("import-list")
def import_list(
    file: Annotated[Path, Argument(help="A table: .xlsx or .csv.", exists=True, dir_okay=False)],
    kind: Annotated[str, Option("--into", help="The register, such as actions.")],
    organisation: Slug,
    by: Annotated[str, Option(help="E-mail of the person in whose name it is done.")],
    dry_run: Annotated[bool, Option("--dry-run", help="Check every row, write nothing.")] = False,
    columns: Annotated[list[str], Option("--column", "-c", help="HEADING=FIELD; the rest is proposed.")] = [],  # noqa: B006
    keep_numbers: Annotated[bool, Option("--keep-numbers", help="Rows with a number are new records.")] = False,
    again: Annotated[bool, Option("--again", help="Although the same file was imported before.")] = False,
    undo: Annotated[str, Option("--undo", help="Take the import of this file back, for this reason.")] = "",
    json: Json = False,
) -> None:
    """A table becomes records of a register; stopped in between, the same command goes on."""
    run("importing_lists", writes=not dry_run, file=file, kind=kind, organisation=organisation, by=by, json=json,
        dry_run=dry_run, columns=columns, keep_numbers=keep_numbers, again=again, undo=undo)  # fmt: skip
