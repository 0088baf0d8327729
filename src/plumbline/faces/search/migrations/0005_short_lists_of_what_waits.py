from django.db import migrations

# What is written waits in a list before it goes into the index, and every search reads that list: at PostgreSQL's own limit of
# 4 MB it took longer than all else. Kept at 256 kB writing costs what it did; without a list it would cost twice as much.
POSTGRESQL = [
    "ALTER INDEX search_fts SET (gin_pending_list_limit = 256)",
    "ALTER INDEX search_titles SET (gin_pending_list_limit = 256)",
]


def kept_short(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_longest_words")]
    operations = [migrations.RunPython(kept_short, migrations.RunPython.noop)]
