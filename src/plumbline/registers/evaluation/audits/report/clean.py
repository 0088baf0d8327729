"""Texts without the characters that no document can hold, whoever typed or pasted them."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

# What XML 1.0 forbids, and the marks (bell, form feed) by which docxtpl would start a new paragraph or page.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(value: Any) -> Any:
    """The same text, list, dict or dataclass, each forbidden character a blank."""
    if isinstance(value, str):
        return FORBIDDEN.sub(" ", value)
    if isinstance(value, tuple):
        return tuple(clean(each) for each in value)
    if isinstance(value, dict):
        return {key: clean(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: clean(getattr(value, each.name)) for each in fields(value)})
    return value
