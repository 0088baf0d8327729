"""The one encoder: the same values give the same bytes on every database and in every year."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import rfc8785


class Unencodable(ValueError):
    """A value that has no single spelling: a float, a naive time, a NUL, an unknown type."""


def canonical(mapping: Mapping[str, Any]) -> bytes:
    """RFC 8785 JSON of a mapping, after every value was made plain."""
    try:
        return rfc8785.dumps(plain(mapping))
    except rfc8785.CanonicalizationError as error:
        raise Unencodable(str(error)) from error


def plain(value: Any) -> Any:
    """The JSON form of a value: text, whole number, truth, null, list or mapping; raises Unencodable."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    for kind, spell in _SPELLINGS:
        if isinstance(value, kind):
            return spell(value)
    raise Unencodable(f"{type(value).__name__} has no place in the history; write it as text or as a whole number")


def instant(value: datetime) -> str:
    """An aware datetime as UTC with six digits."""
    if value.utcoffset() is None:
        raise Unencodable(f"{value!r} has no time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def fixed(value: Decimal, places: int | None = None) -> str:
    """A decimal with its own scale, or with the given number of places (refused where that would round)."""
    if not value.is_finite():
        raise Unencodable(f"{value} is not a quantity")
    if places is not None:
        scaled = value.quantize(Decimal(1).scaleb(-places))
        if scaled != value:
            raise Unencodable(f"{value} does not fit {places} places")
        value = scaled
    return f"{abs(value) if value.is_zero() else value:f}"


def _text(value: str) -> str:
    if "\0" in value:
        raise Unencodable("text with a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Unencodable("text with half a character (a lone surrogate)") from error
    return unicodedata.normalize("NFC", value)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise Unencodable(f"the key {key!r} is not text")
    return _text(key)


_SPELLINGS: tuple[tuple[Any, Any], ...] = (
    (int, int),
    (Decimal, fixed),
    (datetime, instant),
    (date, date.isoformat),
    (time, lambda value: value.isoformat(timespec="microseconds")),
    (timedelta, lambda value: value // timedelta(microseconds=1)),
    (UUID, str),
    (bytes | bytearray | memoryview, lambda value: bytes(value).hex()),
)
