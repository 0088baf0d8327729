"""The command `plumb`: what can be asked of it; each body stands in commands/, loaded once the settings stand."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Context, Option

from .addresses import is_loopback, told_to_settings
from .program import PASSED_ON, Json, Slug, app
from .program import run as _run


def main() -> None:
    """The entry point."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    app(prog_name="plumb")


@app.command()
def init(
    organisation: Annotated[str, Option(help="Its name, as on your letters.")],
    admin: Annotated[str, Option(help="E-mail address of the person who runs it first.")],
    name: Annotated[str, Option(help="That person's name.")] = "",
    slug: Annotated[str, Option(help="Short name for addresses; made from the name when left out.")] = "",
    password_env: Annotated[str, Option(help="Variable that holds the password; asked for when left out.")] = "",
    language: Annotated[str, Option(help="Language of the organisation.")] = "en",
    zone: Annotated[str, Option(help="Its time zone.")] = "Europe/Berlin",
    json: Json = False,
) -> None:
    """Make the database, the keys, an organisation and the person who runs it."""
    _run("initialising", owner=True, writes=True, organisation=organisation, admin=admin, name=name, slug=slug,
         password_env=password_env, language=language, zone=zone, json=json)  # fmt: skip


@app.command()
def serve(
    host: Annotated[str, Option(help="Address to listen on.")] = "",
    port: Annotated[int, Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    lan: Annotated[bool, Option("--lan", help="Answer the local network, with TLS.")] = False,
    certificate: Annotated[Path | None, Option(help="Your own certificate (PEM).", exists=True, dir_okay=False)] = None,
    key: Annotated[Path | None, Option(help="The certificate's key (PEM).", exists=True, dir_okay=False)] = None,
) -> None:
    """Serve the pages on this machine; with --lan to tablets and desks around."""
    if bool(certificate) != bool(key):
        raise typer.BadParameter("--certificate and --key come together.")
    host = host or ("0.0.0.0" if lan else "127.0.0.1")  # noqa: S104 that is what --lan asks for
    tls = bool(lan or certificate)
    proxied = os.environ.get("PLUMBLINE_BEHIND_PROXY", "0").lower() in {"1", "true", "yes", "on"}
    if not (tls or is_loopback(host) or proxied):
        raise typer.BadParameter(
            f"{host} would carry passwords unencrypted: use --lan, or PLUMBLINE_BEHIND_PROXY=1 with a proxy."
        )
    told_to_settings(host, port, tls)
    _run("serve", host=host, port=port, lan=lan, certificate=certificate, key=key)


@app.command()
def demo(
    if_empty: Annotated[bool, Option("--if-empty", help="Do nothing where an organisation exists.")] = False,
    json: Json = False,
) -> None:
    """Build the two demo companies."""
    _run("demo", owner=True, writes=True, if_empty=if_empty, json=json)


@app.command("import")
def import_(
    path: Annotated[Path, Argument(help="A folder, a ZIP or one file.", exists=True)],
    organisation: Slug,
    dry_run: Annotated[bool, Option("--dry-run", help="Propose, write nothing.")] = False,
    yes: Annotated[bool, Option("--yes", help="Confirm what is proposed.")] = False,
    json: Json = False,
) -> None:
    """Read documents and propose number, title, kind, revision and the requirements they speak to."""
    _run("importing", writes=not dry_run, path=path, organisation=organisation, dry_run=dry_run, yes=yes, json=json)


@app.command()
def coverage(
    organisation: Annotated[str, Argument(help="The organisation's short name.")],
    edition: Annotated[str, Option(help="Edition of the standard.")] = "2015",
    json: Json = False,
) -> None:
    """Which documents speak to which requirement."""
    _run("covering", organisation=organisation, edition=edition, json=json)


@app.command("list")
def list_(
    kind: Annotated[str, Argument(help="A register, such as documents or audits.")],
    organisation: Slug,
    search: Annotated[str, Option("--search", "-q", help="Words to find.")] = "",
    only_open: Annotated[bool, Option("--open", help="Only what is not done.")] = False,
    filters: Annotated[list[str], Option("--filter", "-f", help="NAME=VALUE, as in the list's address.")] = [],  # noqa: B006
    json: Json = False,
) -> None:
    """The records of a register."""
    _run(
        "listing", kind=kind, organisation=organisation, json=json, search=search, only_open=only_open, filters=filters
    )


@app.command()
def documents(
    organisation: Annotated[str, Argument(help="The organisation's short name.")],
    as_of: Annotated[str, Option("--as-of", help="A day, such as 2026-03-14; today when left out.")] = "",
    json: Json = False,
) -> None:
    """Which documents are in force on a day, in which revision, and where."""
    _run("shelving", organisation=organisation, as_of=as_of, json=json)


@app.command()
def report(
    number: Annotated[str, Argument(help="The audit's number.")],
    organisation: Slug,
    output: Annotated[Path, Option("--output", "-o", help="File to write: .pdf, .docx, .xlsx or .json.")],
    language: Annotated[str, Option(help="Language of the report; the organisation's when left out.")] = "",
) -> None:
    """Write the report of an audit."""
    _run("reporting", number=number, organisation=organisation, output=output, language=language)


@app.command()
def document(
    number: Annotated[str, Argument(help="The document's number.")],
    organisation: Slug,
    output: Annotated[Path, Option("--output", "-o", help="File to write: .pdf, .docx or .html.")],
    revision: Annotated[str, Option(help="Which revision; the one in force when left out.")] = "",
) -> None:
    """Write a revision of a document as a file."""
    _run("documenting", number=number, organisation=organisation, output=output, revision=revision)


@app.command()
def redline(
    number: Annotated[str, Argument(help="The document's number.")],
    old: Annotated[str, Argument(help="The revision before.")],
    new: Annotated[str, Argument(help="The revision after.")],
    organisation: Slug,
    output: Annotated[Path, Option("--output", "-o", help="File to write: .html.")],
) -> None:
    """Write what changed between two revisions of a document."""
    _run("documenting", number=number, organisation=organisation, output=output, revision=new, against=old)


@app.command()
def certificate(
    organisation: Slug,
    file: Annotated[
        Path | None, Option(help="PKCS#12 (.p12, .pfx); left out: say which one there is.", exists=True, dir_okay=False)
    ] = None,
    password_env: Annotated[str, Option(help="Variable that holds the file's password.")] = "",
) -> None:
    """Sign controlled copies with a certificate of the organisation."""
    _run("certifying", writes=bool(file), organisation=organisation, file=file, password_env=password_env)


@app.command()
def verify(
    deep: Annotated[bool, Option("--deep", help="Every row and file too.")] = False,
    derived: Annotated[bool, Option("--derived", help="Duties and search too.")] = False,
    json: Json = False,
) -> None:
    """Prove that nobody changed a record behind its history."""
    _run("verifying", deep=deep, derived=derived, json=json)


@app.command()
def rebuild() -> None:
    """Work out duties, the texts of files and search afresh."""
    _run("rebuilding")


@app.command()
def tick(json: Json = False) -> None:
    """Do now what happens by itself: what has come due, and the mails; the server does it every minute."""
    _run("ticking", writes=True, json=json)


@app.command("sign-in")
def sign_in(
    lift: Annotated[str, Option(help="Short name of an organisation whose rules for entering are taken away.")] = "",
    anew: Annotated[str, Option(help="E-mail address of somebody who lost phone and recovery codes.")] = "",
    json: Json = False,
) -> None:
    """The identity providers: their addresses for IT, and whether each answers; the way in for who is shut out."""
    _run("entering", writes=bool(lift or anew), lift=lift, anew=anew, json=json)


@app.command()
def sweep(json: Json = False) -> None:
    """Finish disposals that a crash or an older backup left undone."""
    _run("sweeping", writes=True, json=json)


@app.command(context_settings=PASSED_ON, add_help_option=False)
def migrate(context: Context) -> None:
    """Bring the database to the state of the program."""
    _run("migrating", owner=True, arguments=context.args)


@app.command()
def standard(
    file: Annotated[Path, Argument(help="A CSV file of the same form as ours.", exists=True, dir_okay=False)],
    organisation: Slug,
    code: Annotated[str, Option(help="Short code, such as iso14001:2015.")],
    name: Annotated[str, Option(help="Its name, such as ISO 14001:2015.")],
    language: Annotated[str, Option(help="Language of the file.")] = "en",
    json: Json = False,
) -> None:
    """Load another standard."""
    _run(
        "loading", writes=True, file=file, organisation=organisation, code=code, name=name, language=language, json=json
    )


@app.command()
def generate(check: Annotated[bool, Option("--check", help="Only say what differs.")] = False) -> None:
    """Write the generated pages of docs/."""
    _run("generating", check=check)


@app.command("django", context_settings=PASSED_ON, add_help_option=False)
def django_(context: Context) -> None:
    """Any command of Django's own."""
    _run("django", arguments=context.args)


def _pass_on(name: str) -> None:
    def passed_on(context: Context) -> None:
        _run("django", arguments=[name, *context.args])

    app.command(name, context_settings=PASSED_ON, add_help_option=False, hidden=True)(passed_on)


for _name in ("makemigrations", "schemas", "shell", "check", "makemessages", "compilemessages", "showmigrations"):
    _pass_on(_name)

from . import command_lists as command_lists  # noqa: E402 the help lists commands as they are added
from . import command_moving as command_moving  # noqa: E402
