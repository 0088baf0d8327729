"""Webhooks of an organisation: whom it lets hear of what, what was sent, and trying it."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from plumbline.faces.hooks import sending
from plumbline.faces.hooks.models import Delivery, Webhook
from plumbline.faces.portable import quiet
from plumbline.kernel import actions
from plumbline.kernel.pages import tell_form
from plumbline.kernel.register import registers

from .pages import SettingView

MOST, SHOWN = 20, 50  # webhooks of an organisation; deliveries on a page


class WebhookForm(forms.ModelForm):
    """The declaration; nothing ticked means everything."""

    kinds = forms.MultipleChoiceField(
        label=_lazy("Of which registers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("None ticked: of all."),
    )
    words = forms.CharField(
        label=_lazy("Only these events"),
        required=False,
        help_text=_lazy("Codes of moves, separated by commas, such as create, close, comment.create. Empty: all."),
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "form")
        widgets = {"form": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(register.kind, str(register.title)) for register in registers()]
        cast(forms.MultipleChoiceField, self.fields["kinds"]).choices = offered
        self.fields["url"].help_text = _where_to()
        if self.instance is not None:
            self.initial.update(kinds=self.instance.kinds, words=", ".join(self.instance.verbs))

    def _post_clean(self) -> None:
        """The door validates; the form only converts."""

    def clean_words(self) -> list[str]:
        """Codes that there are; a mistyped one would never be heard of."""
        words = [one.strip() for one in self.cleaned_data["words"].split(",") if one.strip()]
        known = events(self.cleaned_data.get("kinds"))
        if unknown := [one for one in words if one not in known and one not in self.instance.verbs]:
            told = {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))}
            raise ValidationError(_("There is no event “%(unknown)s”. There are: %(known)s.") % told)
        return words

    def answers(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("name", "url", "form", "kinds")}
        return given | {"verbs": self.cleaned_data["words"]}


def _where_to() -> str:
    """Where an address may lead; which inner networks are allowed is the affair of who runs the installation."""
    if settings.PLUMBLINE_WEBHOOK_INNER:
        return _(
            "Begins with https://. Into this network only where whoever runs this installation allows it "
            "(PLUMBLINE_WEBHOOK_INNER); there http:// is enough."
        )
    return _(
        "Begins with https://. It must not lead into this network, "
        "unless whoever runs this installation allows it (PLUMBLINE_WEBHOOK_INNER)."
    )


def events(kinds: list[str] | None) -> set[str]:
    """The codes of what can happen in these registers, or in all."""
    chosen = [one for one in registers() if not kinds or one.kind in kinds]
    parts = {part._meta.model_name for register in chosen for part in register.parts}
    codes = {f"{part}.{verb}" for part in parts for verb in ("create", "edit")}
    return codes | {"create", "edit"} | {move.verb for one in chosen for move in one.workflow.moves}


class _Hooks(SettingView):
    """Finds a webhook, and changes what the form says."""

    def hook(self, uid: UUID) -> Webhook:
        return get_object_or_404(Webhook, organisation=self.organisation, uid=uid, ended=False)

    def answer(self, form: WebhookForm, change: Any, hook: Webhook | None = None) -> HttpResponse | None:
        """Change what the form says, or put beside its fields what the door refused."""
        if not form.is_valid():
            return None
        try:
            made = change(**form.answers())
        except ValidationError as error:
            tell_form(form, error)
            return None
        return redirect("webhook", self.organisation.slug, made.uid)


class Webhooks(_Hooks):
    """All of them, with what became of the last delivery."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        hooks = Webhook.objects.filter(organisation=self.organisation, ended=False).select_related("sender")
        told = {"full": hooks.count() >= MOST, "quiet": quiet.is_quiet(self.organisation)}
        return self.show("desk/webhooks.html", hooks=hooks.order_by("uid"), **told)


class New(_Hooks):
    """Make one; its secret is shown once."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show("desk/webhook_form.html", form=WebhookForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = WebhookForm(request.POST)
        return self.answer(form, self.make) or self.show("desk/webhook_form.html", form=form, status=422)

    def make(self, **values: Any) -> Webhook:
        if Webhook.objects.filter(organisation=self.organisation, ended=False).count() >= MOST:
            raise ValidationError({"name": _("There are %(most)d already: end one first.") % {"most": MOST}})
        with transaction.atomic():  # none without its secret
            hook = actions.create(Webhook, by=self.actor, made_by=self.actor.person, **values)
            secret = sending.begin(hook)
        _tell_secret(self.request, secret)
        return hook


class Edit(_Hooks):
    """One webhook: what it hears, and its latest deliveries."""

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        hook = self.hook(uid)
        return self.page(hook, WebhookForm(instance=hook))

    def post(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        hook = self.hook(uid)
        form = WebhookForm(request.POST, instance=self.hook(uid))
        answer = self.answer(form, lambda **values: actions.edit(hook, by=self.actor, **values))
        if answer is None:
            return self.page(hook, form, 422)
        messages.success(request, _("Saved."))
        return answer

    def page(self, hook: Webhook, form: WebhookForm, status: int = 200) -> HttpResponse:
        sent = Delivery.objects.filter(webhook=hook).select_related("record").order_by("-id")[:SHOWN]
        return self.show("desk/webhook.html", status, hook=hook, form=form, deliveries=sent)


class Do(_Hooks):
    """Pause, go on, end, a new secret, a test, one delivery again."""

    def post(self, request: HttpRequest, uid: UUID, what: str, **kwargs: Any) -> HttpResponse:
        hook, now = self.hook(uid), timezone.now()
        if what in ("pause", "resume", "end"):
            change: dict[str, Any] = {"ended": True} if what == "end" else {"paused": what == "pause"}
            actions.edit(hook, by=self.actor, **change)
        elif what == "secret":
            _tell_secret(request, sending.renew(hook, now))
        elif what == "test":
            self.tell(sending.send(sending.test(hook, now), now)["refused"])
        elif what == "again":
            wanted = request.POST.get("delivery", "")
            row = Delivery.objects.filter(webhook=hook, pk=int(wanted) if wanted.isdecimal() else 0).first()
            if row is None or not row.body:
                raise Http404
            Delivery.objects.filter(pk=row.pk).update(next_try_at=now, tries=0, delivered_at=None)
            messages.success(request, _("It is sent again within a minute."))
        else:
            raise Http404
        return redirect(*(["webhooks"] if what == "end" else ["webhook"]), *self._where(hook, what))

    def tell(self, refused: str) -> None:
        if refused:
            messages.error(self.request, _("The test did not arrive: %(why)s") % {"why": refused})
        else:
            messages.success(self.request, _("The test arrived."))

    def _where(self, hook: Webhook, what: str) -> list[Any]:
        return [self.organisation.slug] if what == "end" else [self.organisation.slug, hook.uid]


def _tell_secret(request: HttpRequest, secret: str) -> None:
    words = _("The secret that signs what is sent, shown this once: %(secret)s") % {"secret": secret}
    messages.warning(request, words)
