from django.db import migrations, models

# The words of the head beside all words, so that what stands in number or title leads; each word once. On PostgreSQL the
# vector is kept in the row, since a long row is else taken apart again for every match that is looked at.
SQLITE = [  # the triggers went with the table, which was made anew for its new column
    "DROP TRIGGER IF EXISTS kernel_words_in",
    "DROP TRIGGER IF EXISTS kernel_words_out",
    "DROP TRIGGER IF EXISTS kernel_words_new",
    "DROP TABLE kernel_words",
    "CREATE VIRTUAL TABLE kernel_words USING fts5(head, words, content='kernel_searchrow', content_rowid='id',"
    " prefix='2 3', tokenize='unicode61 remove_diacritics 2')",
    "INSERT INTO kernel_words(kernel_words) VALUES ('rebuild')",
    "CREATE TRIGGER kernel_words_in AFTER INSERT ON kernel_searchrow BEGIN"
    " INSERT INTO kernel_words(rowid, head, words) VALUES (new.id, new.head, new.words); END",
    "CREATE TRIGGER kernel_words_out AFTER DELETE ON kernel_searchrow BEGIN"
    " INSERT INTO kernel_words(kernel_words, rowid, head, words) VALUES ('delete', old.id, old.head, old.words); END",
    "CREATE TRIGGER kernel_words_new AFTER UPDATE ON kernel_searchrow"
    " WHEN old.head <> new.head OR old.words <> new.words BEGIN"
    " INSERT INTO kernel_words(kernel_words, rowid, head, words) VALUES ('delete', old.id, old.head, old.words);"
    " INSERT INTO kernel_words(rowid, head, words) VALUES (new.id, new.head, new.words); END",
]
POSTGRESQL = [
    "DROP INDEX kernel_words",
    "ALTER TABLE kernel_searchrow ADD COLUMN vector tsvector GENERATED ALWAYS AS"
    " (setweight(to_tsvector('simple', head), 'A') || to_tsvector('simple', words)) STORED",
    "CREATE INDEX kernel_words ON kernel_searchrow USING gin (vector)",
]


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_signing_tries")]
    operations = [
        migrations.AddField("searchrow", "head", models.TextField(default="")),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation", models.UUIDField()),
                ("length", models.PositiveSmallIntegerField()),
                ("word", models.CharField(max_length=30)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "length", "word"], name="kernel_words_by_length"),
                    models.Index(fields=["organisation", "word"], name="kernel_words_by_word"),
                ],
            },
        ),
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
