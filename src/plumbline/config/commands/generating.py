"""`plumb generate`: the pages of docs/ that are read off the declarations; for those who develop Plumbline."""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.db import models
from django.utils.translation import override

from plumbline.faces.api.gate import site
from plumbline.kernel.models import Part
from plumbline.kernel.policy import ORGANISATION_RIGHTS
from plumbline.kernel.register import Register, registers
from plumbline.kernel.workflow import Move
from plumbline.ledger.models import Evidence
from plumbline.ledger.shapes import spine
from plumbline.organisation.roles import EXPLAINED, Role

from .telling import Refused, say

CLASSES = Path("tests/guards/tables.toml")
HEAD = "<!-- Written by `plumb generate`; do not edit. -->\n\n"


def run(check: bool) -> int:
    """Write what differs; with --check only say it, and exit 1."""
    if not CLASSES.exists():
        raise Refused(f"`plumb generate` writes docs/ of a checkout: run it where {CLASSES} is.")
    with override("en"):
        pages = {f"docs/states/{register.kind}.md": states(register) for register in registers()}
        pages |= {"docs/permissions.md": permissions(), "docs/evidence.md": evidence()}
    pages = {name: HEAD + text for name, text in pages.items()} | {"docs/openapi.json": openapi()}
    stale = {name: text for name, text in pages.items() if not _stands(name, text)}
    gone = [str(path) for path in sorted(Path("docs/states").glob("*.md")) if str(path) not in pages]
    for name, text in {} if check else stale.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    for name in [] if check else gone:
        Path(name).unlink()
    for name in [*stale, *gone]:
        say(f"{name} differs: run `plumb generate` and commit it." if check else f"{name} is written.")
    return 1 if check and (stale or gone) else 0


def _stands(name: str, text: str) -> bool:
    return Path(name).exists() and Path(name).read_text() == text


def openapi() -> str:
    """The description of the API, a line an entry, so that a change is seen."""
    return json.dumps(site().described(), indent=1, ensure_ascii=False) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def states(register: Register) -> str:
    """The workflow of one kind: a diagram, and every move in words."""
    workflow = register.workflow
    words = {code: str(state.label) for code, state in workflow.states.items()}
    rows = [
        (
            f"`{move.verb}`",
            str(move.label),
            ", ".join(words[one] for one in move.source),
            " or ".join(words[one] for one in (move.target, *move.also)),
            ", ".join(move.who),
            _conditions(register, move),
        )
        for move in workflow.moves
    ]
    moves = _table(("verb", "on the button", "from", "to", "who", "asks for"), rows)
    closed = ", ".join(words[code] for code, state in workflow.states.items() if state.closed) or "none"
    return (
        f"# {register.title}\n\nClause {register.clause or '–'}. {register.purpose}\n\n"
        f"```mermaid\n{workflow.diagram()}\n```\n\n"
        f"Begins as “{words[workflow.initial]}”; done when: {closed}.\n\n{moves}"
    )


def _conditions(register: Register, move: Move) -> str:
    found = [register.label(name) for name in move.asks]
    found += [f"{register.label(name)} (may)" for name in move.may_ask]
    found += ["a reason"] if move.reason else []
    found += [f"signature: {move.sign}" + (", password again" if move.strength == "again" else "")] if move.sign else []
    found += [f"not by: {', '.join(move.not_by)}"] if move.not_by else []
    return "; ".join(found) or "–"


def permissions() -> str:
    """Who may do what to which kind, as the policy reads it."""
    roles = [role.value for role in Role]
    explained = _table(
        ("role", "name", "what it is for"),
        ((f"`{one}`", str(Role(one).label), str(EXPLAINED[Role(one)])) for one in roles),
    )
    sections = [
        "# Who may do what\n\nA relation is a role, or what somebody is to the record. Whoever has one of them may;"
        " `body_auditor` reads and changes nothing. What somebody may not do, the page says on the button, and why.\n",
        explained,
        f"People, roles, sites, departments, processes, settings: {', '.join(ORGANISATION_RIGHTS)}.\n",
    ]
    sections += [f"## {register.title}\n\n{_matrix(register, roles)}" for register in registers()]
    return "\n".join(sections)


def _matrix(register: Register, roles: list[str]) -> str:
    verbs: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        ("create", register.created_by, ()),
        ("edit", register.edited_by, ()),
    ]
    verbs += [(move.verb, move.who, move.not_by) for move in register.workflow.moves]
    verbs += [
        (f"part: {part._meta.verbose_name}", who, ()) for part, (who, _) in sorted(register.parts.items(), key=_by_name)
    ]
    own = sorted({one for _, who, _ in verbs for one in who} - set(roles) - {"anyone", "owner", "author"})
    columns = ["anyone", "owner", "author", *own, *(role for role in roles if role != "member")]
    merged: dict[str, tuple[set[str], set[str]]] = {}
    for verb, who, not_by in verbs:
        yes, no = merged.setdefault(verb, (set(), set()))
        yes.update(who)
        no.update(not_by)
    rows = [[f"`{verb}`", *(_mark(column, yes, no) for column in columns)] for verb, (yes, no) in merged.items()]
    return _table(["", *columns], rows)


def _by_name(item: tuple[type[Part], tuple]) -> str:
    return str(item[0]._meta.verbose_name)


def _mark(column: str, yes: set[str], no: set[str]) -> str:
    if column in no:
        return "never"
    return "yes" if column in yes else ""


def evidence() -> str:
    """The class of every table of ours; Refused names a model that is in none."""
    listed = {
        name: (kind, why) for kind, names in tomllib.loads(CLASSES.read_text()).items() for name, why in names.items()
    }
    found: dict[str, list[tuple[str, str]]] = {}
    for model in sorted(_ours(), key=lambda one: one._meta.label):
        kind, why = _class_of(model, listed)
        found.setdefault(kind, []).append((f"`{model._meta.db_table}`", why))
    explained = {
        "evidence": "Every change has an event, a trigger refuses any other, `plumb verify --deep` compares each row.",
        "log": "The history itself: append-only by triggers.",
        "working": "No event: lost without loss of evidence.",
        "derived": "No event: worked out by `plumb rebuild`, compared by `plumb verify --derived`.",
    }
    sections = [
        f"## {kind.title()}\n\n{text}\n\n{_table(('table', 'what it keeps'), found.get(kind, []))}"
        for kind, text in explained.items()
    ]
    return "# Classes of table\n\n" + "\n".join(sections)


def _ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("plumbline.")]


def _class_of(model: type[models.Model], listed: dict[str, tuple[str, str]]) -> tuple[str, str]:
    if issubclass(model, Evidence):
        what = "part of a record" if issubclass(model, Part) else "spine of all records" if spine(model) else ""
        return "evidence", f"{model._meta.verbose_name}" + (f" ({what})" if what else "")
    if model._meta.label not in listed:
        raise Refused(
            f"{model._meta.label} is in no class: let it extend ledger.models.Evidence, or list it in {CLASSES}."
        )
    return listed[model._meta.label]
