from django.db import migrations

# The words of number and title in a small vector of their own: to read the large one of every record takes long.
POSTGRESQL = [
    "ALTER TABLE search_searchrow ADD COLUMN titles tsvector GENERATED ALWAYS AS (to_tsvector('simple', head)) STORED",
    "CREATE INDEX search_titles ON search_searchrow USING gin (titles)",
]


def kept_apart(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(kept_apart, migrations.RunPython.noop)]
