"""Forms: every field has its label, its hint, its error, and the summary leads to it."""

import re
import xml.etree.ElementTree as ET

import pytest
from django import forms
from django.utils.translation import override

from plumbline.ui.forms import Renderer
from plumbline.ui.styleguide import SampleForm


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def drawn(form: forms.Form) -> str:
    form.renderer = Renderer()
    return str(form)


def test_every_field_is_labelled_and_described() -> None:
    html = drawn(SampleForm({}))
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r'<label class="form-label" for="([^"]+)"', html)) <= ids
    described = re.findall(r'aria-describedby="([^"]+)"', html)
    assert described
    assert {part for value in described for part in value.split()} <= ids


def test_the_summary_names_each_error_and_links_to_its_field() -> None:
    html = drawn(SampleForm({"quantity": "many"}))
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)', html)
    assert {target for target, _ in links} <= ids
    assert ("id_what", "What happened? This field is required.") in links
    assert ("id_enough_0", "Is that enough? This field is required.") in links
    assert 'role="alert"' in html


def test_an_untouched_form_has_no_summary() -> None:
    assert "pl-summary" not in drawn(SampleForm())


def test_only_optional_fields_are_marked() -> None:
    html = drawn(SampleForm())
    assert html.count("(optional)") == 5  # detail, quantity, told, photo, lot; a single checkbox needs no mark
    form = SampleForm()
    form.mark_optional = False
    assert "(optional)" not in drawn(form)


def test_folded_fields_open_when_something_is_wrong_with_them() -> None:
    assert '<details class="pl-more"><summary>' in drawn(SampleForm())
    form = SampleForm({})
    form.fields["lot"].required = True
    assert '<details class="pl-more" open><summary>' in drawn(form)


def test_dates_use_the_browsers_picker_in_its_own_format() -> None:
    with override("de"):
        assert 'type="date" name="found_on" value="2026-11-22"' in drawn(SampleForm())


def test_choices_are_fieldsets_with_a_legend() -> None:
    html = drawn(SampleForm())
    assert html.count("<fieldset") == 2 == html.count("<legend")
    assert 'type="radio"' in html
    assert "checked" not in html


def test_labels_choices_and_errors_are_escaped() -> None:
    class Nasty(forms.Form):
        a = forms.ChoiceField(label="<i>a</i>", choices=[("1", "<i>one</i>")], widget=forms.RadioSelect)
        b = forms.CharField(label="<i>b</i>")

        def clean(self) -> None:
            self.add_error("b", "<i>no</i>")
            raise forms.ValidationError("<i>never</i>")

    html = drawn(Nasty({"b": "x"}))
    assert "<i>" not in html
    assert "&lt;i&gt;never" in html


def test_hidden_fields_stay_hidden_and_markup_is_well_formed() -> None:
    class Hidden(forms.Form):
        secret = forms.CharField(widget=forms.HiddenInput)
        shown = forms.CharField()

    html = drawn(Hidden())
    assert html.count("form-label") == 1
    assert 'type="hidden"' in html
    ET.fromstring(f"<div>{re.sub(r'<input([^>]*?)>', r'<input/>', html)}</div>".replace("&nbsp;", " "))
