"""What search has in the database beside its models, made at once where it is empty: as the migrations leave it."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STRETCHES = "array_to_tsvector(ARRAY['#a' || id / 4096, '#b' || id / 65536])"
SQLITE = [
    "CREATE VIRTUAL TABLE search_fts USING fts5(head, words, content='search_searchrow', content_rowid='id',"
    " prefix='1 2 3 4', detail=column, tokenize='unicode61 remove_diacritics 2')",
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
    'ALTER TABLE search_searchword ALTER COLUMN word TYPE varchar(30) COLLATE "C",'
    ' ALTER COLUMN turned TYPE varchar(30) COLLATE "C", ALTER COLUMN bones TYPE varchar(30) COLLATE "C"',
    "ALTER TABLE search_searchrow ADD COLUMN vector tsvector GENERATED ALWAYS AS"
    f" (setweight(to_tsvector('simple', head), 'A') || to_tsvector('simple', words) || {STRETCHES}) STORED,"
    f" ADD COLUMN titles tsvector GENERATED ALWAYS AS (to_tsvector('simple', head) || {STRETCHES}) STORED",
    "CREATE INDEX search_fts ON search_searchrow USING gin (vector) WITH (gin_pending_list_limit = 256)",
    "CREATE INDEX search_titles ON search_searchrow USING gin (titles) WITH (gin_pending_list_limit = 256)",
]


def make(editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)
