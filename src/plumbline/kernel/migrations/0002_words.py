from django.db import migrations

# FTS5 with the words as external content, kept in step by SQLite itself; unstemmed, with prefixes of 2 and 3 letters.
SQLITE = [
    "CREATE VIRTUAL TABLE kernel_words USING fts5(words, content='kernel_searchrow', content_rowid='id', prefix='2 3',"
    " tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER kernel_words_in AFTER INSERT ON kernel_searchrow BEGIN"
    " INSERT INTO kernel_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER kernel_words_out AFTER DELETE ON kernel_searchrow BEGIN"
    " INSERT INTO kernel_words(kernel_words, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER kernel_words_new AFTER UPDATE ON kernel_searchrow BEGIN"
    " INSERT INTO kernel_words(kernel_words, rowid, words) VALUES ('delete', old.id, old.words);"
    " INSERT INTO kernel_words(rowid, words) VALUES (new.id, new.words); END",
]
POSTGRESQL = ["CREATE INDEX kernel_words ON kernel_searchrow USING gin (to_tsvector('simple', words))"]


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
