"""Typed readers of the environment, for the settings: text, switches, words, paths, the database, the secret."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def switch(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def path(name: str, default: Path | str) -> Path:
    return Path(text(name) or default).expanduser().resolve()


def whole(name: str, default: int) -> int:
    """A whole number; whoever wrote another thing is told so in one line."""
    given = text(name) or str(default)
    if not given.isascii() or not given.isdigit():
        raise SystemExit(f"{name} is “{given}”: it must be a whole number, such as {default}.")
    return int(given)


def database(url: str, data: Path) -> dict:
    """Django's words for a database address; without one, SQLite in the data folder."""
    if url and urlsplit(url).scheme not in {"sqlite", "postgresql", "postgres"}:
        raise SystemExit(
            "PLUMBLINE_DATABASE_URL must begin with postgresql:// or sqlite:///; without it, SQLite in the data folder."
        )
    if not url or url.startswith("sqlite"):
        name = urlsplit(url).path if url else str(data / "plumbline.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "CONN_MAX_AGE": 60,  # closing the last one folds the log into the file, opening one reads the whole schema
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: with NORMAL a power cut loses acknowledged commits (design notes, Durability).
                "init_command": "PRAGMA journal_mode=WAL;"
                f" PRAGMA synchronous={text('PLUMBLINE_SQLITE_SYNCHRONOUS', 'FULL')};"
                " PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),  # libpq's own words, such as sslmode=verify-full
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def secret(keys: Path) -> str:
    """The secret of this installation: from the environment, or made once in the keys folder."""
    if given := text("PLUMBLINE_SECRET"):
        return given
    file = keys / "secret"
    if not file.exists():
        for place in (keys.parent, keys):  # the folder around them too: it holds the database and the files
            if not place.exists():
                place.mkdir(parents=True, mode=0o700)
        keys.chmod(0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(descriptor, secrets.token_urlsafe(50).encode())
        os.close(descriptor)
    return file.read_text()
