"""The components as template tags: thin names over the functions in marks, blocks, rows and frame."""

import json
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from plumbline.ui import blocks, forms, frame, keeping, marks, rows, writing
from plumbline.ui.typed import typed
from plumbline.ui.units import Counted
from plumbline.ui.words import script_words

register = template.Library()

register.simple_tag(marks.icon_html, name="icon")
register.simple_tag(marks.badge_html, name="badge")
register.simple_tag(marks.due_html, name="due")
register.simple_tag(marks.date_html, name="day")
register.simple_tag(marks.when_html, name="when")
register.simple_tag(marks.avatar_html, name="avatar")
register.simple_tag(marks.person_html, name="person")
register.simple_tag(marks.progress_html, name="progress")
register.simple_tag(blocks.button_html, name="button")
register.simple_tag(blocks.tabs_html, name="tabs")
register.simple_tag(blocks.chip_html, name="chip")
register.simple_tag(blocks.pager_html, name="pager")
register.simple_tag(blocks.messages_html, name="messages")
register.simple_tag(rows.list_html, name="list")
register.simple_tag(rows.filters_html, name="filter_boxes")
register.simple_tag(frame.nav_html, name="nav")
register.simple_tag(frame.bottom_html, name="bottom")
register.simple_tag(forms.form_html, name="form_body")
register.simple_tag(forms.bound_html, name="field_body")
register.simple_tag(forms.summary_html, name="error_summary")
register.simple_tag(writing.editor_html, name="editor")
register.simple_block_tag(blocks.section_html, name="section")
register.simple_block_tag(blocks.empty_html, name="empty")
register.simple_block_tag(blocks.field_html, name="field")
register.simple_block_tag(blocks.happening_html, name="happening")
register.simple_block_tag(blocks.alert_html, name="alert")
register.simple_block_tag(blocks.dialog_html, name="dialog")
register.simple_block_tag(blocks.more_html, name="more")
register.simple_block_tag(blocks.drop_html, name="drop")
register.simple_block_tag(writing.passages_html, name="passages")


@register.filter
def counted(number: int) -> Counted:
    """Returns a count that is written as the reader writes it."""
    return Counted(number)


@register.simple_tag
def logo(css: str = "pl-logo") -> SafeString:
    """Returns the mark, a plumb line."""
    return mark_safe(f'<svg class="{escape(css)}" aria-hidden="true"><use href="{static("ui/logo.svg")}#mark"/></svg>')


@register.simple_tag(takes_context=True)
def still(context: Context, name: str, searched: str = "", **known: Any) -> SafeString:
    """Returns a template that knows nothing of page and reader but what is named: see `ui.keeping`."""
    return keeping.still_html(context, name, known, {"searched": searched})


@register.simple_tag(takes_context=True)
def what_was_typed(context: Context) -> list[str]:
    """Returns the texts of the form that this page refuses."""
    return typed(context.get("request"))


@register.simple_tag
def words() -> SafeString:
    """Returns the sentences our scripts say, as a data block (not code, so the content security policy allows it)."""
    text = json.dumps({key: str(value) for key, value in script_words().items()})
    safe = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/json" id="pl-words">{safe}</script>')


@register.simple_tag
def figure(svg: str, caption: str = "", headings: Any = (), rows: Any = ()) -> SafeString:
    """Returns a picture with its numbers as a table underneath."""
    return blocks.figure_html(svg, caption, headings, rows)
