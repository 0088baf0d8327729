"""`make bench`: each figure on both databases, at each size, beside raw SQL in the same run."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

SIZES = [int(size) for size in os.environ.get("RECORDS", "10000,100000").split(",") if size]
DOCUMENTS = int(os.environ.get("DOCUMENTS", "20000") or 0)  # each table is left out when it is asked for nothing
SEARCHED = [int(size) for size in os.environ.get("SEARCHED", "100000").split(",") if size]
MOST_ON_SQLITE = 100_000  # records to search
DATABASES = os.environ.get("DATABASES", "sqlite,postgresql").split(",")


@dataclass(frozen=True)
class Line:
    """One line of the table: what it is called, its goal, and how to say a measurement."""

    title: str
    goal: str
    form: str


REQUEST = "{app:.1f} + {database:.1f} ms, {queries:.0f} queries, {bytes:.0f} kB"
SHEET = "{wall:.1f} s, +{grown:.0f} MB"
LINES = {
    "list": Line("list page, 50 rows, signed in", "12 + 3 ms, 8 queries", REQUEST),
    "list_floor": Line("  floor: the same rows by raw SQL", "", "{app:.1f} + {database:.1f} ms"),
    "deep": Line("filtered, sorted, deep page", "12 + 3 ms, 8 queries", REQUEST),
    "deep_floor": Line("  floor: the same rows by raw SQL", "", "{app:.1f} + {database:.1f} ms"),
    "record": Line("record page: history, files, actions", "15 + 4 ms, 12 queries", REQUEST),
    "record_floor": Line("  floor: its row by raw SQL", "", "{app:.1f} + {database:.1f} ms"),
    "search": Line("search, a word most records have", "p95 30 ms (SQLite 50)", REQUEST),
    "api_list": Line("API: list of 50", "12 + 3 ms, 8 queries", REQUEST),
    "create": Line(
        "create, sealed, on disk, alone", "10 + 3.5 ms, 60/s", "{app:.1f} + {database:.1f} ms, {rate:.0f}/s"
    ),
    "create_8": Line("create, eight at once", "110/s", "{rate:.0f}/s"),
    "api_create": Line("API: create, one client", "60/s", "{rate:.0f}/s, {app:.1f} ms"),
    "api_create_8": Line("API: create, eight clients", "110/s", "{rate:.0f}/s, {app:.1f} ms"),
    "create_floor": Line("  floor: insert with an audit row", "create is 3 % of it", "{rate:.0f}/s"),
    "import": Line("import, each with its event", "500/s", "{rate:.0f}/s"),
    "export_csv": Line("export, 10,000 rows as CSV, streamed", "0.8 s", SHEET),
    "export_xlsx": Line("export, 10,000 rows as XLSX", "2.0 s, constant memory", SHEET),
    "import_csv": Line("import of a CSV file, 10,000 rows", "500/s", SHEET + ", {rate:.0f}/s, checked {checked:.0f}/s"),
    "cold": Line("cold start to first page", "5 s", "{wall:.1f} s, {cpu:.1f} s processor"),
    "idle": Line("idle memory of the server", "160 MB", "{megabytes:.0f} MB"),
}


PAGE = "{app:.1f} + {database:.1f} ms, {queries:.0f} queries, {bytes:.0f} kB"
LIST, RECORD, SEARCH = "12 + 3 ms, 8 queries", "15 + 4 ms, 12 queries", "p95 30 ms (SQLite 50)"
SHELF = {
    "shelved": Line("documents of 5 pages written", "", "{rate:.0f}/s"),
    "library": Line("library", LIST, PAGE),
    "library_group": Line("library, one kind", LIST, PAGE),
    "library_past": Line("library, one kind, of another day", LIST, PAGE),
    "library_common": Line("library, a word most have", SEARCH, PAGE),
    "library_two": Line("library, two frequent words", SEARCH, PAGE),
    "library_seldom": Line("library, a seldom word", SEARCH, PAGE),
    "library_wrong": Line("library, a word typed wrong", SEARCH, PAGE),
    "documents": Line("list of documents", LIST, PAGE),
    "document": Line("document", RECORD, PAGE),
    "revision": Line("revision with its five pages", RECORD, PAGE),
    "master_xlsx": Line("master list of all, XLSX", "constant memory", "{seconds:.1f} s, {megabytes:.0f} MB more"),
    "master_pdf": Line("master list of all, PDF", "", "{seconds:.0f} s, {megabytes:.0f} MB more, {beside:.0f} beside"),
}


FOUND = "p95 {p95:.0f} ms, median {median:.0f}, most {most:.0f}, {queries:.0f} queries"
BOX = {
    "box": Line("search box, 190 questions", "p95 30 ms, 1 M 60 (SQLite 50)", FOUND),
    "box_list": Line("search in a list, 60 questions", "p95 30 ms, 1 M 60 (SQLite 50)", FOUND),
}


def _environment(database: str, folder: Path, owner: bool) -> dict[str, str]:
    """Return where one database's installation lives; on PostgreSQL `make bench` told us the server."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("PLUMBLINE_")}
    told |= {"PLUMBLINE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    told |= {"PLUMBLINE_AS_OWNER": "1"} if owner else {}
    if database == "postgresql":
        told |= {name: os.environ[name] for name in ("PLUMBLINE_DATABASE_URL", "PLUMBLINE_DATABASE_OWNER_URL")}
    return told


def _measured(database: str, module: str, sizes: list[int], owner: bool) -> dict[str, dict]:
    """Return the figures of one database, by size, in one installation that grows."""
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as folder:
        told = _environment(database, Path(folder), owner)
        if database == "postgresql":
            _emptied(told["PLUMBLINE_DATABASE_OWNER_URL"])
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=told | {"PLUMBLINE_AS_OWNER": "1"}, check=True)
        command = [sys.executable, "-m", module, *map(str, sizes)]
        done = subprocess.run(command, env=told, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout)


def _emptied(owner: str) -> None:
    """The throw-away server of `make bench` begins anew for every table."""
    import psycopg

    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def _said(line: Line, figures: dict[str, float] | None) -> str:
    return line.form.format(**figures) if figures else "-"


def _table(lines: dict[str, Line], module: str, sizes: list[int], most_on_sqlite: int = 0, owner: bool = False) -> None:
    """Measure and print one table; what fills its tables past the triggers does so as their owner."""
    asked = {
        one: [size for size in sizes if one != "sqlite" or not most_on_sqlite or size <= most_on_sqlite]
        for one in DATABASES
    }
    found = {database: _measured(database, module, some, owner) for database, some in asked.items() if some}
    columns = [(database, str(size)) for database, some in asked.items() for size in some]
    width = 62
    print(f"{'':38}{'goal':30}" + "".join(f"{f'{database} {int(size):,}':{width}}" for database, size in columns))
    for key, line in lines.items():
        cells = [_said(line, found[database][size].get(key)) for database, size in columns]
        print(f"{line.title:38}{line.goal:30}" + "".join(f"{cell:{width}}" for cell in cells), flush=True)


def main() -> int:
    """Measure and print the tables."""
    if SIZES:
        _table(LINES, "bench.measure", SIZES)
    if SEARCHED:
        _table(BOX, "bench.searching", SEARCHED, MOST_ON_SQLITE, owner=True)
    if DOCUMENTS:
        _table(SHELF, "bench.library", [DOCUMENTS])
    print("a + b ms: processor time of the application + of PostgreSQL's process (SQLite works inside the application)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
