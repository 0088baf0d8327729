"""The rule itself: triggers generated from the models, so that no evidence is written without its event."""

from collections.abc import Iterable
from hashlib import sha256

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from plumbline.ledger.rules import Guard, Refusal, guards

PREFIX = "plumbline_"
RAISE = "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE ="
OPERATIONS = ("insert", "update", "delete")
# A plan made for a small table is kept while it grows: to read it whole costs more with every row.
SETTING = "enable_seqscan=off"
# pg_trigger.tgtype: row 1, before 2, insert 4, delete 8, update 16, truncate 32 (PostgreSQL's pg_trigger.h)
ROW_TYPE, STATEMENT_TYPE = 1 + 2 + 4 + 8 + 16, 2 + 32


def install(connection: BaseDatabaseWrapper) -> int:
    """(Re)install the triggers of every table that exists; how many tables are guarded."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove(connection)
        there = set(connection.introspection.table_names(cursor))
        standing = [guard for guard in guards() if guard.table in there]
        for guard in standing:
            for statement in _statements_postgresql(guard) if _postgresql(connection) else _sqlite(guard).values():
                cursor.execute(statement)
    return len(standing)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger of ours; only a migration may, and only until it has run."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in _removals(connection):
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """What differs from the generated set, a line each; empty when every rule stands."""
    expected = _expected_postgresql() if _postgresql(connection) else _expected_sqlite()
    found = _found_postgresql(connection) if _postgresql(connection) else _found_sqlite(connection)
    lines = [f"trigger {name} is missing" for name in expected if name not in found]
    lines += [f"trigger {name} was altered" for name in expected if name in found and found[name] != expected[name]]
    return lines + [f"trigger {name} is not one of ours" for name in found if name not in expected]


def _postgresql(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "postgresql"


def _name(table: str, what: str) -> str:
    short = table if len(table) < 40 else f"{table[:30]}_{sha256(table.encode()).hexdigest()[:8]}"
    return f"{PREFIX}{short}_{what}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sqlite(guard: Guard) -> dict[str, str]:
    statements = {}
    for operation in OPERATIONS:
        refusals: Iterable[Refusal] = getattr(guard, operation)
        lines = "".join(f"\n  SELECT RAISE(ABORT, {_quoted(one.text)}) WHERE {one.when};" for one in refusals)
        name = _name(guard.table, operation)
        statements[name] = (
            f'CREATE TRIGGER "{name}" BEFORE {operation.upper()} ON "{guard.table}" FOR EACH ROW BEGIN{lines}\nEND'
        )
    return statements


def _expected_sqlite() -> dict[str, str]:
    return {name: statement for guard in guards() for name, statement in _sqlite(guard).items()}


def _found_sqlite(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'plumbline\\_%' ESCAPE '\\'"
        )
        return dict(cursor.fetchall())


def _source(guard: Guard) -> str:
    lines = ["", "BEGIN"]
    for operation in OPERATIONS:
        lines.append(f"  IF TG_OP = '{operation.upper()}' THEN")
        if guard.lock and operation != "delete":
            lines.append(f"    {guard.lock}")
        for one in getattr(guard, operation):
            lines.append(f"    IF {one.when} THEN")
            lines.append(f"      {RAISE} {_quoted(one.text)};")
            lines.append("    END IF;")
        lines.append(f"    RETURN {'OLD' if operation == 'delete' else 'NEW'};")
        lines.append("  END IF;")
    text = _quoted(f"{guard.table}: nothing is deleted")
    lines.append(f"  {RAISE} {text};")
    return "\n".join([*lines, "END", ""])


def _statements_postgresql(guard: Guard) -> list[str]:
    function, row, statement = (_name(guard.table, what) for what in ("rule", "row", "truncate"))
    return [
        f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql SET {SETTING}'
        f" AS $plumbline${_source(guard)}$plumbline$",
        f'CREATE TRIGGER "{row}" BEFORE INSERT OR UPDATE OR DELETE ON "{guard.table}"'
        f' FOR EACH ROW EXECUTE FUNCTION "{function}"()',
        f'CREATE TRIGGER "{statement}" BEFORE TRUNCATE ON "{guard.table}"'
        f' FOR EACH STATEMENT EXECUTE FUNCTION "{function}"()',
    ]


def _expected_postgresql() -> dict[str, tuple]:
    expected = {}
    for guard in guards():
        function, source = _name(guard.table, "rule"), _source(guard)
        for what, kind in (("row", ROW_TYPE), ("truncate", STATEMENT_TYPE)):
            expected[_name(guard.table, what)] = (guard.table, kind, "O", None, function, source, [SETTING])
    return expected


def _found_postgresql(connection: BaseDatabaseWrapper) -> dict[str, tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, t.tgtype, t.tgenabled::text, t.tgqual::text, p.proname, p.prosrc, p.proconfig"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgname LIKE 'plumbline\\_%%'"
            " AND pg_table_is_visible(c.oid)",
            [],
        )
        return {name: (table, *rest) for name, table, *rest in cursor.fetchall()}


def _removals(connection: BaseDatabaseWrapper) -> list[str]:
    if not _postgresql(connection):
        return [f'DROP TRIGGER "{name}"' for name in _found_sqlite(connection)]
    found = _found_postgresql(connection)
    drops = [f'DROP TRIGGER "{name}" ON "{row[0]}"' for name, row in found.items()]
    return drops + [
        f'DROP FUNCTION IF EXISTS "{function}"()' for function in sorted({row[4] for row in found.values()})
    ]
