"""Settings of own fields: which fields the organisation adds to which register; the code and the sort stay."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.faces.lists.shelf import stepped
from plumbline.kernel import actions
from plumbline.kernel.pages import tell_form
from plumbline.kernel.register import Register, by_slug, registers
from plumbline.organisation.own_fields import MOST, OwnField

from .pages import SettingView

CHOOSING = (OwnField.Sort.CHOICE, OwnField.Sort.SEVERAL)


class FieldForm(forms.ModelForm):
    """One field; what is chosen from stands one a line, and a line keeps its code as long as its words stay."""

    lines = forms.CharField(
        label=_lazy("Choices, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_lazy("A line you take away is offered no more; records that have it keep it."),
    )

    class Meta:
        model = OwnField
        fields = ("label", "sort", "lines", "unit", "hint", "required")
        labels = {"sort": _lazy("Type"), "hint": _lazy("Help below the label")}
        help_texts = {
            "sort": _lazy("It cannot be changed later."),
            "unit": _lazy("For numbers, e.g. mm, kg or %"),
            "required": _lazy("Records that exist already may stay without it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["label", "sort", "lines", "unit", "hint", "required"])
        self.initial["lines"] = "\n".join(words for _code, words, offered in self.instance.choices if offered)
        sort = self.instance.sort
        if not self.instance._state.adding:
            del self.fields["sort"]
            if sort not in CHOOSING:
                del self.fields["lines"]
            if sort != OwnField.Sort.NUMBER:
                del self.fields["unit"]

    def _post_clean(self) -> None:
        """The door validates; the form only converts."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        sort = given.get("sort", self.instance.sort)
        if sort in CHOOSING and not given.get("lines", "").strip():
            self.add_error("lines", _("Write at least one choice."))
        return given

    def answers(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name in self.fields and name != "lines"}
        sort = given.get("sort", self.instance.sort)
        if sort in CHOOSING:
            given["choices"] = choices_of(self.instance.choices, self.cleaned_data["lines"])
        if sort != OwnField.Sort.NUMBER:
            given["unit"] = ""
        return given


def choices_of(before: list, lines: str) -> list[list]:
    """[code, words, offered] for each line in order, then those offered no more; codes are never used twice."""
    codes = {words: code for code, words, _offered in before}
    taken, found = {code for code, _words, _offered in before}, []
    for words in dict.fromkeys(line.strip()[:80] for line in lines.splitlines() if line.strip()):
        code = codes.get(words) or free(words, taken)
        taken.add(code)
        found.append([code, words, True])
    kept = {code for code, _words, _offered in found}
    return found + [[code, words, False] for code, words, _offered in before if code not in kept]


def free(words: str, taken: set[str]) -> str:
    """A code from words, that nothing has yet."""
    stem = slugify(words)[:30].strip("-_") or "field"
    return next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if code not in taken)


class FieldsView(SettingView):
    """The register is named in the address."""

    register: Register

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        register = by_slug(kwargs["register"]) if "register" in kwargs else None
        if "register" in kwargs and register is None:
            raise Http404
        self.register = cast(Register, register)
        return super().dispatch(request, *args, **kwargs)

    def fields(self) -> Any:
        of_these = OwnField.objects.filter(organisation=self.organisation, kind=self.register.kind)
        return of_these.order_by("place", "uid")

    def to_fields(self) -> HttpResponse:
        return redirect("own-fields-of", self.organisation.slug, self.register.slug)


class Registers(FieldsView):
    """Every register, with how many fields of its own it has."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found: dict[str, list[str]] = {}
        for field in OwnField.objects.filter(organisation=self.organisation, ended_on=None).order_by("place", "uid"):
            found.setdefault(field.kind, []).append(field.label)
        lines = [(register, found.get(register.kind, [])) for register in registers()]
        return self.show("desk/own_fields.html", lines=lines)


class Fields(FieldsView):
    """The fields of one register in their order; a step up or down, an end, a new beginning."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show("desk/own_fields_of.html", register=self.register, fields=list(self.fields()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        way, _colon, code = request.POST.get("step", "").partition(":")
        group = list(self.fields())
        here = next((place for place, field in enumerate(group) if field.code == code), None)
        if here is None:
            raise Http404
        if way in ("end", "begin"):
            ended = self.organisation.today() if way == "end" else None
            actions.edit(group[here], by=self.actor, ended_on=ended)
            return self.to_fields()
        for place, field in enumerate(stepped(group, here, way)):
            if field.place != place:
                actions.edit(field, by=self.actor, place=place)
        return self.to_fields()


class New(FieldsView):
    """A new field; its code is made from its label."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(FieldForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, there = FieldForm(request.POST), list(self.fields())
        if len(there) >= MOST:
            form.add_error(None, _("A register takes %(count)d own fields.") % {"count": MOST})
        if form.is_valid():
            code = free(form.cleaned_data["label"], {"new", *(field.code for field in there)})
            given = {**form.answers(), "kind": self.register.kind, "code": code, "place": len(there)}
            try:
                actions.create(OwnField, by=self.actor, **given)
            except ValidationError as error:
                tell_form(form, error)
            else:
                messages.success(request, _("“%(label)s” is asked from now on.") % {"label": given["label"]})
                return self.to_fields()
        return self.page(form, 422)

    def page(self, form: FieldForm, status: int = 200, field: OwnField | None = None) -> HttpResponse:
        return self.show("desk/own_field.html", status, register=self.register, form=form, field=field)


class Change(New):
    """Other words, another help, other choices; never another sort, for what is written stays true."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.code = kwargs["code"]
        return super().dispatch(request, *args, **kwargs)

    def field(self) -> OwnField:
        return get_object_or_404(self.fields(), code=self.code)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        field = self.field()
        return self.page(FieldForm(instance=field), field=field)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        field = self.field()
        form = FieldForm(request.POST, instance=field)
        if form.is_valid():
            try:
                actions.edit(field, by=self.actor, **form.answers())
            except ValidationError as error:
                tell_form(form, error)
            else:
                return self.to_fields()
        return self.page(form, 422, field)
