from django.db import migrations

# Both vectors also name the stretch of rows a row lies in (#a of 4,096 and #b of 65,536; no word has such a sign): the
# index alone then gives the rows that have a word and are recent, without looking up all that have it.
STRETCHES = "array_to_tsvector(ARRAY['#a' || id / 4096, '#b' || id / 65536])"
POSTGRESQL = [
    "ALTER TABLE search_searchrow DROP COLUMN vector, DROP COLUMN titles",
    "ALTER TABLE search_searchrow ADD COLUMN vector tsvector GENERATED ALWAYS AS"
    f" (setweight(to_tsvector('simple', head), 'A') || to_tsvector('simple', words) || {STRETCHES}) STORED,"
    f" ADD COLUMN titles tsvector GENERATED ALWAYS AS (to_tsvector('simple', head) || {STRETCHES}) STORED",
    "CREATE INDEX search_fts ON search_searchrow USING gin (vector)",
    "CREATE INDEX search_titles ON search_searchrow USING gin (titles)",
]


def stretches_named(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_words_of_titles")]
    operations = [migrations.RunPython(stretches_named, migrations.RunPython.noop)]
