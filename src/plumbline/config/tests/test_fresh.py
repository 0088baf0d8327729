"""An empty database gets its tables at once, and they are those that all migrations lead to, one after the other."""

import subprocess
import sys

import pytest

from plumbline.config.tests.installations import PLUMB, Installation

pytestmark = pytest.mark.slow  # every migration, by a command

SHAPE = """
import json
from django.db import connection
TABLES = {
    "sqlite": [
        "SELECT m.name, c.name, c.type, c.[notnull], c.dflt_value, c.pk, c.hidden"
        " FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' ORDER BY 1, 2",
        "SELECT m.name, f.[from], f.[table], f.[to], f.on_update, f.on_delete"
        " FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1, 2",
        "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1, 2",
        "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' OR sql LIKE 'CREATE VIRTUAL%' ORDER BY 2",
    ],
    "postgresql": [
        "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale,"
        " is_nullable, column_default, collation_name, is_identity, generation_expression"
        " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
        "SELECT conrelid::regclass::text, contype, pg_get_constraintdef(oid), condeferrable, condeferred"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2, 3",
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
        "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)"
        " FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
        "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
        " WHERE table_schema = 'public' ORDER BY 1, 2, 3",
    ],
}
with connection.cursor() as cursor:
    for statement in TABLES[connection.vendor]:
        cursor.execute(statement)
        for row in cursor.fetchall():
            print(json.dumps(row))
    for table in sorted(connection.introspection.table_names(cursor)):
        for name, one in sorted(connection.introspection.get_constraints(cursor, table).items()):
            if one["check"] or one["unique"] or one["primary_key"]:
                print(json.dumps([table, one["check"], one["unique"], one["primary_key"], one["columns"]]))
    for columns in ("app, name FROM django_migrations", "app_label, model FROM django_content_type"):
        cursor.execute(f"SELECT {columns} ORDER BY 1, 2")
        for row in cursor.fetchall():
            print(json.dumps(row))
"""

BROKEN = """
import django
django.setup()
from django.core.management import call_command
from plumbline.faces.search import beside
beside.SQLITE[-1] = beside.POSTGRESQL[-1] = "nonsense"
call_command("migrate", verbosity=0)
"""


def shape(installation: Installation) -> list[str]:
    command = [str(PLUMB), "shell", "--verbosity", "0", "-c", SHAPE]
    done = subprocess.run(command, env=installation.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return sorted(
        done.stdout.replace("kernel_searchrow", "search_searchrow").splitlines()
    )  # took the keys' names along


def test_all_at_once_is_what_the_migrations_lead_to(empty) -> None:
    at_once, by_steps = empty(), empty()
    done = at_once.plumb("migrate")
    assert (done.returncode, "migrations are made at once" in done.stdout) == (0, True), done.stderr
    for part in (["organisation"], []):  # a table is there then, so that the rest goes step by step
        done = by_steps.plumb("migrate", *part)
        assert (done.returncode, "at once" in done.stdout) == (0, False), done.stderr
    made, led_to = shape(at_once), shape(by_steps)
    assert len(made) > 500
    assert [line for line in made if line not in led_to] == [line for line in led_to if line not in made] == []
    assert made == led_to


def test_cut_off_in_the_middle_there_is_nothing_and_it_is_made_at_the_next_try(empty) -> None:
    made = empty()
    made.data.mkdir(parents=True)
    told = {"DJANGO_SETTINGS_MODULE": "plumbline.config.settings", "PLUMBLINE_AS_OWNER": "1"}
    done = subprocess.run([sys.executable, "-c", BROKEN], env=made.environment | told, capture_output=True, text=True)
    assert (done.returncode, "nonsense" in done.stderr) == (1, True), done.stderr[-2000:]
    done = made.plumb("migrate")
    assert (done.returncode, "migrations are made at once" in done.stdout) == (0, True), done.stderr
