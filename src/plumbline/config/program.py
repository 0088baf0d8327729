"""The program behind `plumb`: what every command is added to, and how one is run."""

import gc
import os
from importlib import import_module
from typing import Annotated, Any

import typer
from typer import Option

app = typer.Typer(
    help="Plumbline: the quality management system an organisation runs itself.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
Json = Annotated[bool, Option("--json", help="One JSON object a line on standard output, nothing else there.")]
Slug = Annotated[str, Option("--organisation", help="The organisation's short name.")]


def run(body: str, /, owner: bool = False, writes: bool = False, **options: Any) -> None:
    """Set Django up (as the database's owner, if need be), run the command, and leave with its exit code."""
    if owner:
        os.environ["PLUMBLINE_AS_OWNER"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.config.settings")
    import django

    gc.disable()  # what is loaded here stays: it would be looked through for garbage again and again, in vain
    django.setup()
    gc.freeze()
    gc.enable()
    try:
        code = import_module("plumbline.config.commands.running").run(body, writes, options)
    except KeyboardInterrupt:
        code = 130
    raise typer.Exit(code)
