import django.db.models.deletion
from django.db import migrations, models

# The table of words is taken over from the kernel under a new name. In the index the columns of a word are kept, not its
# places, and beginnings of one to four letters: those are asked for while somebody types.
SQLITE = [
    "DROP TRIGGER IF EXISTS kernel_words_in",
    "DROP TRIGGER IF EXISTS kernel_words_out",
    "DROP TRIGGER IF EXISTS kernel_words_new",
    "DROP TABLE kernel_words",
    "ALTER TABLE kernel_searchrow RENAME TO search_searchrow",
    "CREATE VIRTUAL TABLE search_fts USING fts5(head, words, content='search_searchrow', content_rowid='id',"
    " prefix='1 2 3 4', detail=column, tokenize='unicode61 remove_diacritics 2')",
    "INSERT INTO search_fts(search_fts) VALUES ('rebuild')",
    "CREATE TRIGGER search_fts_in AFTER INSERT ON search_searchrow BEGIN"
    " INSERT INTO search_fts(rowid, head, words) VALUES (new.id, new.head, new.words); END",
    "CREATE TRIGGER search_fts_out AFTER DELETE ON search_searchrow BEGIN"
    " INSERT INTO search_fts(search_fts, rowid, head, words) VALUES ('delete', old.id, old.head, old.words); END",
    "CREATE TRIGGER search_fts_new AFTER UPDATE ON search_searchrow"
    " WHEN old.head <> new.head OR old.words <> new.words BEGIN"
    " INSERT INTO search_fts(search_fts, rowid, head, words) VALUES ('delete', old.id, old.head, old.words);"
    " INSERT INTO search_fts(rowid, head, words) VALUES (new.id, new.head, new.words); END",
]
POSTGRESQL = [
    "ALTER TABLE kernel_searchrow RENAME TO search_searchrow",
    "ALTER INDEX kernel_words RENAME TO search_fts",
    # compared letter by letter, whatever the language of the database
    'ALTER TABLE search_searchword ALTER COLUMN word TYPE varchar(30) COLLATE "C",'
    ' ALTER COLUMN turned TYPE varchar(30) COLLATE "C", ALTER COLUMN bones TYPE varchar(30) COLLATE "C"',
]


def take_over(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def learn(apps, schema_editor):
    """The words known so far, with their new readings; what comments and files say is learnt by `plumb rebuild`."""
    from plumbline.faces.search import vocabulary

    model = apps.get_model("search", "SearchWord")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT organisation, word FROM kernel_searchword")
        while rows := cursor.fetchmany(5000):
            given = [vocabulary.row_of(organisation, word) for organisation, word in rows]
            names = ("organisation", "length", "word", "turned", "bones")
            model.objects.bulk_create([model(**{name: getattr(one, name) for name in names}) for one in given])
        cursor.execute("DROP TABLE kernel_searchword")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0006_search_is_a_face")]
    operations = [
        migrations.CreateModel(
            name="FileText",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="kernel.file",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation", models.UUIDField()),
                ("length", models.PositiveSmallIntegerField()),
                ("word", models.CharField(max_length=30)),
                ("turned", models.CharField(max_length=30)),
                ("bones", models.CharField(max_length=30)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "word"], name="search_word"),
                    models.Index(fields=["organisation", "turned"], name="search_word_turned"),
                    models.Index(fields=["organisation", "bones"], name="search_word_bones"),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="SearchRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("organisation", models.UUIDField()),
                        ("kind", models.CharField(max_length=40)),
                        ("head", models.TextField(default="")),
                        ("words", models.TextField()),
                        (
                            "record",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="words",
                                to="kernel.record",
                            ),
                        ),
                    ],
                ),
            ],
            database_operations=[migrations.RunPython(take_over, migrations.RunPython.noop)],
        ),
        migrations.RunPython(learn, migrations.RunPython.noop),
    ]
