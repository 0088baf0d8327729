"""What may stand in HTML: most words have nothing to escape, and a page has a thousand of them."""

import html
import re
from typing import Any

from django.utils.html import conditional_escape

MARKUP = re.compile("[&<>\"']").search


def safe(text: Any) -> str:
    """Returns the text escaped, or as it is where it is HTML already."""
    if type(text) is not str:
        return str(conditional_escape(text))
    return html.escape(text) if MARKUP(text) else text
