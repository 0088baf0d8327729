"""Larger pieces of a page: buttons, sections, alerts, dialogs, tabs, pagers; each a function that returns HTML."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plumbline.ui.escaping import safe
from plumbline.ui.marks import avatar_html, icon_html, when_html

BUTTONS = {"primary": "btn-primary", "secondary": "pl-btn-secondary", "danger": "btn-danger", "quiet": "pl-btn-quiet"}
ALERTS = {"good": "circle-check", "bad": "alert-circle", "waiting": "alert-triangle", "active": "info-circle"}
LEVELS = {"success": "good", "error": "bad", "warning": "waiting", "info": "active", "debug": "active"}


def attributes(extra: dict[str, Any]) -> str:
    """Returns HTML attributes; underscores become dashes, True is a bare attribute, None and False are left out."""
    parts = []
    for name, value in extra.items():
        if value is None or value is False:
            continue
        plain = name.rstrip("_").replace("_", "-")
        parts.append(f" {plain}" if value is True else f' {plain}="{safe(value)}"')
    return "".join(parts)


def button_html(
    text: str, kind: str = "secondary", icon: str = "", url: str = "", off: str = "", **extra: Any
) -> SafeString:
    """Returns a button, or a link that looks like one; `off` is the visible reason why it cannot be used now."""
    css = f"btn {BUTTONS[kind]}" + (" btn-sm" if extra.pop("small", False) else "")
    inner = (icon_html(icon) if icon else "") + f"<span>{safe(text)}</span>"
    if off:
        return mark_safe(
            f'<span class="pl-off"><button type="button" class="{css}" aria-disabled="true">{inner}</button>'
            f'<span class="pl-why">{icon_html("lock")}<span>{safe(off)}</span></span></span>'
        )
    if url:
        return mark_safe(f'<a class="{css}" href="{safe(url)}"{attributes(extra)}>{inner}</a>')
    extra.setdefault("type", "submit")
    return mark_safe(f'<button class="{css}"{attributes(extra)}>{inner}</button>')


def section_html(
    content: str, title: str = "", icon: str = "", id: str = "", note: str = "", actions: str = ""
) -> SafeString:
    """Returns a titled section of a page that reads like a document."""
    anchor = f' id="{escape(id)}"' if id else ""
    head = ""
    if title:
        small = f'<p class="pl-note">{safe(note)}</p>' if note else ""
        buttons = f'<div class="pl-section-actions">{safe(actions)}</div>' if actions else ""
        mark = icon_html(icon) if icon else ""
        head = f'<div class="pl-section-head"><h2>{mark}{safe(title)}</h2>{small}{buttons}</div>'
    return mark_safe(
        f'<section class="pl-section"{anchor}>{head}<div class="pl-section-body">{content}</div></section>'
    )


def empty_html(
    content: str, title: str, icon: str = "clipboard-list", clause: str = "", url: str = "", step: str = ""
) -> SafeString:
    """Returns an empty state: what this place is for, the clause in plain words, and the first step as a button."""
    rule = f'<p class="pl-clause">{safe(clause)}</p>' if clause else ""
    first = button_html(step, "primary", "plus", url) if url and step else ""
    return mark_safe(
        f'<div class="pl-empty">{icon_html(icon)}<h2>{safe(title)}</h2>'
        f'<div class="pl-empty-text">{content}</div>{rule}{first}</div>'
    )


def field_html(content: str, label: str) -> SafeString:
    """Returns one term and its value for a definition list (`<dl class="pl-fields">`)."""
    value = content.strip() or f'<span class="pl-nobody">{_("not stated yet")}</span>'
    return mark_safe(f'<div class="pl-field"><dt>{safe(label)}</dt><dd>{value}</dd></div>')


def happening_html(content: str, who: str = "", when: Any = None, verb: str = "", icon: str = "") -> SafeString:
    """Returns one entry of a timeline (`<ol class="pl-timeline">`): who did what, when, and the detail underneath."""
    mark = f'<span class="pl-dot">{icon_html(icon)}</span>' if icon else avatar_html(who or "?")
    detail = f'<div class="pl-happening-detail">{content}</div>' if content.strip() else ""
    name = f"<strong>{safe(who)}</strong> " if who else ""
    return mark_safe(
        f'<li class="pl-happening">{mark}<div><p>{name}{safe(verb)}'
        f' <span class="pl-detail">{when_html(when)}</span></p>{detail}</div></li>'
    )


def alert_html(
    content: str, tone: str = "active", title: str = "", dismiss: bool = False, live: bool = False
) -> SafeString:
    """Returns an alert with icon and words; `live` announces it (bad ones at once, others when the reader is idle)."""
    role = f' role="{"alert" if tone == "bad" else "status"}"' if live else ""
    head = f"<strong>{safe(title)}</strong> " if title else ""
    close = ""
    if dismiss:
        close = (
            f'<button type="button" class="pl-close" data-dismiss aria-label="{_("Dismiss")}">{icon_html("x")}</button>'
        )
    return mark_safe(
        f'<div class="pl-alert pl-{tone}"{role}>{icon_html(ALERTS[tone])}<div>{head}{safe(content)}</div>{close}</div>'
    )


def messages_html(messages: Iterable[Any]) -> SafeString:
    """Returns Django's messages as dismissable alerts; good and neutral news are announced politely."""
    return mark_safe(
        "".join(alert_html(str(m), LEVELS.get(m.level_tag, "active"), dismiss=True, live=True) for m in messages or ())
    )


def dialog_html(content: str, id: str, title: str) -> SafeString:
    """Returns a dialog, opened by any element with `data-open="ID"`."""
    close = f'<button class="pl-close" aria-label="{_("Close")}">{icon_html("x")}</button>'
    return mark_safe(
        f'<dialog class="pl-dialog" id="{escape(id)}" aria-labelledby="{escape(id)}-title"><div class="pl-dialog-head">'
        f'<h2 id="{escape(id)}-title">{safe(title)}</h2><form method="dialog">{close}</form></div>'
        f'<div class="pl-dialog-body">{content}</div></dialog>'
    )


def more_html(content: str, title: str = "", open: bool = False, fold: str = "") -> SafeString:
    """Returns a disclosure such as "More fields"; `fold` is a stable code under which the browser remembers it."""
    memory = f' data-fold="{escape(fold)}"' if fold else ""
    return mark_safe(
        f'<details class="pl-more"{memory}{" open" if open else ""}><summary>{icon_html("chevron-right")}'
        f"<span>{safe(title or _('More fields'))}</span></summary>"
        f'<div class="pl-more-body">{content}</div></details>'
    )


def tabs_html(tabs: Iterable[tuple], label: str = "") -> SafeString:
    """Returns tabs from (title, url, active[, count]); the count may be a text such as "10,000+"."""
    parts = []
    for title, url, active, *count in tabs:
        shown = f'<span class="pl-count">{safe(count[0])}</span>' if count and count[0] not in ("", None) else ""
        current = ' aria-current="page"' if active else ""
        parts.append(f'<li><a href="{safe(url)}"{current}>{safe(title)}{shown}</a></li>')
    return mark_safe(f'<nav class="pl-tabs" aria-label="{escape(label or _("Views"))}"><ul>{"".join(parts)}</ul></nav>')


def chip_html(label: str, value: str = "", url: str = "", remove: bool = True) -> SafeString:
    """Returns a filter as a chip; with `remove` the link takes the filter away, otherwise it sets it."""
    text = f"{safe(label)}{': ' if value else ''}<strong>{safe(value)}</strong>"
    if not remove:
        return mark_safe(f'<a class="pl-chip" href="{safe(url)}">{icon_html("plus")}<span>{text}</span></a>')
    voice = safe(_("Remove filter"))
    return mark_safe(
        f'<a class="pl-chip pl-chip-on" href="{safe(url)}"><span class="visually-hidden">{voice} </span>'
        f"<span>{text}</span>{icon_html('x')}</a>"
    )


def pager_html(previous: str = "", next: str = "", text: str = "") -> SafeString:
    """Returns keyset paging: the addresses of the page before and after, and a text such as "50 of 10,000+"."""
    if not (previous or next or text):
        return mark_safe("")
    back = button_html(_("Previous"), "secondary", "chevron-left", previous, small=True, rel="prev") if previous else ""
    on = button_html(_("Next"), "secondary", "chevron-right", next, small=True, rel="next") if next else ""
    return mark_safe(
        f'<nav class="pl-pager" aria-label="{_("Pages")}"><span class="pl-detail">{safe(text)}</span>'
        f"<span>{back}{on}</span></nav>"
    )


def figure_html(svg: str, caption: str, headings: Iterable[str] = (), rows: Iterable[Iterable[Any]] = ()) -> SafeString:
    """Returns a chart of ours with a caption and its numbers underneath; `svg` is trusted, the rest is escaped."""
    text = safe(caption)
    table = ""
    if headings:
        head = "".join(f'<th scope="col">{safe(h)}</th>' for h in headings)
        body = "".join(f"<tr>{''.join(f'<td>{safe(cell)}</td>' for cell in row)}</tr>" for row in rows)
        table = (
            f'<details class="pl-numbers"><summary>{icon_html("chevron-right")}{_("The numbers")}</summary>'
            f'<div class="pl-scroll" tabindex="0" role="group" aria-label="{text}">'
            f'<table class="table table-sm"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>'
        )
    return mark_safe(
        f'<figure class="pl-figure"><figcaption>{text}</figcaption><div class="pl-scroll" tabindex="0" role="group"'
        f' aria-label="{text}">{svg}</div>{table}</figure>'
    )


def drop_html(
    content: str, url: str, title: str = "", next: str = "", field: str = "file", folder: bool = True, accept: str = ""
) -> SafeString:
    """Returns a place to drop files or folders; each is posted to `url` (see drop.js), then the page goes to `next`."""
    onward = f' data-drop-next="{escape(next)}"' if next else ""
    kinds = f' accept="{escape(accept)}"' if accept else ""
    pick = (
        f'<label class="btn btn-primary pl-file-button">{icon_html("file")}<span>{_("Choose files")}</span>'
        f'<input type="file" multiple{kinds}></label>'
    )
    if folder:
        pick += (
            f'<label class="btn pl-btn-secondary pl-file-button">{icon_html("folder")}'
            f"<span>{_('Choose a folder')}</span>"
            '<input type="file" webkitdirectory multiple></label>'
        )
    return mark_safe(
        f'<div class="pl-drop" data-drop="{escape(url)}" data-drop-field="{escape(field)}"{onward}>'
        f"{icon_html('cloud-upload')}"
        f"<strong>{safe(title or _('Drop files or a whole folder here'))}</strong>{content}"
        f'<div class="pl-drop-pick">{pick}</div></div>'
    )
