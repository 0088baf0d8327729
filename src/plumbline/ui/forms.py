"""The form renderer: label above, hint, error beside the field, a summary at the top that links to each field."""

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plumbline.ui.blocks import more_html
from plumbline.ui.marks import icon_html

CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
SHORT = (forms.NumberInput, forms.DateInput, forms.TimeInput, forms.DateTimeInput)


class Renderer(DjangoTemplates):
    """Set as FORM_RENDERER; `{{ form }}` and `{{ field.as_field_group }}` then come out in the house style."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"


def form_html(form: forms.BaseForm) -> SafeString:
    """Returns summary, hidden fields and fields; names in `form.folded` go under a disclosure (`form.folded_title`)."""
    folded = set(getattr(form, "folded", ()))
    shown = form.visible_fields()
    parts = [summary_html(form), *(str(field) for field in form.hidden_fields())]
    parts += [bound_html(field) for field in shown if field.name not in folded]
    hidden = [field for field in shown if field.name in folded]
    if hidden:
        wanted = any(field.errors for field in hidden)
        inner = "".join(bound_html(field) for field in hidden)
        parts.append(more_html(inner, getattr(form, "folded_title", "") or _("More fields"), open=wanted))
    return mark_safe("".join(parts))


def summary_html(form: forms.BaseForm) -> SafeString:
    """Returns the list of everything wrong with the form, each linked to its field; empty when nothing is wrong."""
    if not form.is_bound or not form.errors:
        return mark_safe("")
    lines = [f"<li>{conditional_escape(str(text))}</li>" for text in form.non_field_errors()]
    for field in form:
        target = _first_id(field)
        name = str(field.label).rstrip(":")
        name = conditional_escape(name if name.endswith("?") else f"{name}:")
        lines += [f'<li><a href="#{target}">{name} {conditional_escape(str(text))}</a></li>' for text in field.errors]
    return mark_safe(
        f'<div class="pl-summary" role="alert" tabindex="-1" data-focus>{icon_html("alert-circle")}'
        f"<div><h2>{_('There is a problem')}</h2><ul>{''.join(lines)}</ul></div></div>"
    )


def bound_html(field: BoundField) -> SafeString:
    """Returns one field with label, hint, error and widget."""
    widget = field.field.widget
    if field.is_hidden:
        return mark_safe(str(field))
    if isinstance(widget, forms.CheckboxInput):
        return _checkbox(field)
    bad = " pl-bad-field" if field.errors else ""
    if isinstance(widget, CHOICES):
        return mark_safe(_fieldset(field, f'<div class="pl-choices">{"".join(map(_choice, field))}</div>', bad))
    drawn = field.as_widget(attrs=_dress(field)).replace(f">{BLANK_CHOICE_DASH[0][1]}<", ">–<")
    if field.use_fieldset:
        return mark_safe(_fieldset(field, f'<div class="pl-several">{drawn}</div>', bad))
    label = f'<label class="form-label" for="{field.id_for_label}">{_label(field)}</label>'
    return mark_safe(f'<div class="pl-form-field{bad}">{label}{_hint(field)}{_error(field)}{drawn}</div>')


def _fieldset(field: BoundField, inner: str, bad: str) -> str:
    described = f' aria-describedby="{field.aria_describedby}"' if field.aria_describedby else ""
    return (
        f'<fieldset class="pl-form-field{bad}"{described}><legend class="form-label">{_label(field)}</legend>'
        f"{_hint(field)}{_error(field)}{inner}</fieldset>"
    )


def _checkbox(field: BoundField) -> SafeString:
    box = field.as_widget(attrs={"class": "form-check-input"})
    bad = " pl-bad-field" if field.errors else ""
    label = f'<label class="pl-choice">{box}<span>{conditional_escape(field.label)}</span></label>'
    return mark_safe(f'<div class="pl-form-field{bad}">{_error(field)}{label}{_hint(field)}</div>')


def _choice(option: forms.boundfield.BoundWidget) -> str:
    option.data["attrs"]["class"] = "form-check-input"
    return f'<label class="pl-choice">{option.tag()}<span>{conditional_escape(option.choice_label)}</span></label>'


def _label(field: BoundField) -> str:
    label = conditional_escape(field.label)
    if field.field.required or not all(getattr(one, "mark_optional", True) for one in (field.form, field.field)):
        return label
    return f'{label} <span class="pl-optional">{_("(optional)")}</span>'


def _hint(field: BoundField) -> str:
    if not field.help_text:
        return ""
    return f'<div class="pl-hint" id="{field.auto_id}_helptext">{field.help_text}</div>'


def _error(field: BoundField) -> str:
    if not field.errors:
        return ""
    voice = f'<span class="visually-hidden">{_("Error:")} </span>'
    text = "<br>".join(conditional_escape(str(error)) for error in field.errors)
    return (
        f'<div class="pl-error" id="{field.auto_id}_error">{icon_html("alert-circle")}<span>{voice}{text}</span></div>'
    )


def _first_id(field: BoundField) -> str:
    return f"{field.auto_id}_0" if isinstance(field.field.widget, CHOICES) else field.id_for_label or field.auto_id


def _dress(field: BoundField) -> dict[str, str | bool]:
    """Chooses the classes of the widget, and the browser's own pickers for dates and times."""
    widget = field.field.widget
    classes = [widget.attrs.get("class", ""), "form-select" if isinstance(widget, forms.Select) else "form-control"]
    if type(widget) is forms.DateInput:
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    elif type(widget) is forms.DateTimeInput:
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif type(widget) is forms.TimeInput:
        widget.input_type, widget.format = "time", "%H:%M"
    if isinstance(widget, SHORT):
        classes.append("pl-short")
    if field.errors:
        classes.append("is-invalid")
    if str(field.label).lower() in str(widget.attrs.get("placeholder", "")).lower():
        widget.attrs.pop("placeholder", None)  # a placeholder that repeats the label disappears when it is needed
    extra: dict[str, str | bool] = {"class": " ".join(filter(None, classes))}
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        extra["rows"] = "4"
    return extra
