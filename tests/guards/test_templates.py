"""Pages carry no code and no style of their own, so the content-security policy needs no exception."""

import re

from tests.guards.source import LIST, complain, exceptions, name_of, seen, templates

INLINE = {
    "a script with content": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an event attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.I),
    "a javascript: address": re.compile(r"""=\s*["']?\s*javascript:""", re.I),
    "the filter safe": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
    "an address elsewhere": re.compile(r"""(?:src|srcset|action)\s*=\s*["']?(?:https?:)?//""", re.I),
}


def test_templates_have_nothing_inline() -> None:
    found = [
        f"{name_of(path)}:{text.count(chr(10), 0, hit.start()) + 1}: {what}"
        for path in templates()
        if path.suffix != ".txt" and seen(path) and name_of(path) not in exceptions("templates_inline")
        for text in [path.read_text()]
        for what, pattern in INLINE.items()
        for hit in pattern.finditer(text)
    ]
    complain(
        found,
        f"Classes in ui/'s CSS, behaviour in ui/'s scripts; or a reason in {LIST} [templates_inline].",
    )
