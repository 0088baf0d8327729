"""Signing in again for a signature: by password, code, passkey, or at the provider; each for exactly this."""

import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from fido2.webauthn import UserVerificationRequirement

from ..models import Account
from . import codes
from .asking import identified
from .providers import Provider, find

AWAY, PROVEN, CHALLENGE = "sign_away", "sign_proven", "sign_passkey"
LASTS = 300  # seconds from coming back until the signature
SLACK = 60  # seconds by which a provider's clock may be behind
logger = logging.getLogger(__name__)
WAYS = ("password", "code", "passkey", "provider")


@dataclass
class Ways:
    """How this account can show that it is its owner who signs."""

    password: bool
    code: bool
    passkey: bool
    providers: list[Provider]

    @classmethod
    def of(cls, account: Account) -> "Ways":
        kinds = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
        linked = [find(id) for id in SocialAccount.objects.filter(user=account).values_list("provider", flat=True)]
        known = [one for one in linked if one]
        return cls(
            account.has_usable_password() or any(one.kind == "ldap" for one in known),
            Authenticator.Type.TOTP in kinds,
            Authenticator.Type.WEBAUTHN in kinds,
            [one for one in known if one.kind == "oidc"],
        )


class PasskeyButton(forms.Widget):
    """A button that asks the passkey and sends the form with its answer."""

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        words = '<input type="hidden" name="{}"><button type="button" class="btn pl-btn-secondary" id="{}"'
        words += ' data-passkey-sign="{}"><span>{}</span></button>'
        return format_html(words, name, (attrs or {}).get("id", ""), self.about, _("Sign with a passkey"))

    def id_for_label(self, id_: str | None) -> str:
        """None: a button says itself what it does."""
        return ""


class ProviderButtons(forms.Widget):
    """Buttons that lead to the provider and back to this form."""

    def __init__(self, providers: list[Provider]) -> None:
        super().__init__()
        self.providers = providers

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        words = (
            '<button class="btn pl-btn-secondary" name="{}" value="{}" id="{}" formnovalidate><span>{}</span></button>'
        )
        first = (attrs or {}).get("id", "")
        lines = (
            (name, one.id, f"{first}_{n}" if n else first, _("Sign in again with %(name)s") % {"name": one.name})
            for n, one in enumerate(self.providers)
        )
        return format_html_join(" ", words, lines)


class Told(forms.Widget):
    """Words in the place of a field."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        return format_html('<p id="{}">{}</p>', (attrs or {}).get("id", ""), self.words)


def dressed(request: HttpRequest, form: Any, record: Any, move: Any) -> Any:
    """The form of a move; where it asks for the password, with the ways this person has in its place."""
    if "password" in form.fields and request.user.pk is None:  # at a shared device: the policy says what is needed
        del form.fields["password"]
    elif "password" in form.fields:
        ask(request, form, about(record, move))
    return form


def about(record: Any, move: Any) -> str:
    """The record and the move, so that what is shown counts for nothing else."""
    return f"{record.uid}:{move.verb}"


def ask(request: HttpRequest, form: forms.BaseForm, about: str) -> None:
    """Put the ways this person has in the place of the password."""
    if proven(request, f"{about}:{form['seen'].value()}"):
        words = _("You have just signed in again. What is left is to sign.")
        form.fields["password"] = _field(_("It is you"), Told(words))
        return
    ways, found = Ways.of(request.user), {}  # type: ignore[arg-type]
    if ways.code:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "pl-short"}
        found["code"] = _field(_("Or a code from your authenticator"), forms.TextInput(attrs=attributes))
    if ways.passkey:
        found["passkey"] = _field(_("Or your passkey"), PasskeyButton(about))
    if ways.providers:
        found["provider"] = _field(_("Or where you sign in"), ProviderButtons(ways.providers))
    if not ways.password:
        del form.fields["password"]
        if found:
            first = next(iter(found.values()))
            first.label = _("Show once more that it is you")
        else:
            found["password"] = _field(_("Show once more that it is you"), Told(_nothing_to_ask()))
    elif found:
        form.fields["password"].required = False
        form.fields["password"].mark_optional = False  # type: ignore[attr-defined]
    form.fields.update(found)


def _nothing_to_ask() -> SafeString:
    """Why it cannot be asked, and the page on which that is mended."""
    words = _("Your way of signing in cannot be asked again. Add a passkey or an authenticator to your account.")
    return format_html('{} <a href="{}">{}</a>', words, reverse("security"), _("Security of my account"))


def _field(label: str, widget: forms.Widget) -> forms.Field:
    made = forms.CharField(label=label, widget=widget, required=False)
    made.mark_optional = False  # type: ignore[attr-defined]
    return made


@dataclass
class Shown:
    """What somebody showed; it is looked at only once the try is counted."""

    request: HttpRequest
    purpose: str
    password: str = ""
    code: str = ""
    passkey: str = ""

    @classmethod
    def of(cls, request: HttpRequest, given: dict[str, Any], about: str) -> "Shown":
        shown = {name: given.get(name) or "" for name in ("password", "code", "passkey")}
        return cls(request, f"{about}:{given.get('seen') or 'nothing'}", **shown)

    def __bool__(self) -> bool:
        return bool(self.password or self.code or self.passkey or proven(self.request, self.purpose))

    @property
    def name(self) -> str:
        """Which way was taken, for the words when it did not hold."""
        return "passkey" if self.passkey else "code" if self.code else "password"

    def holds(self, account: Account) -> bool:
        if proven(self.request, self.purpose):
            del self.request.session[PROVEN]
            return True
        if self.passkey:
            return _passkey_holds(self.request, account, self.passkey, self.purpose)
        if self.code:
            kept = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).first()
            return kept is not None and kept.wrap().validate_code(self.code) and codes.taken(kept, self.code)
        return password_holds(account, self.password)


def password_holds(account: Account, password: str) -> bool:
    """Our own password, or that of a directory the account is linked to."""
    if account.has_usable_password() and account.check_password(password):
        return True
    for link in SocialAccount.objects.filter(user=account):
        provider = find(link.provider)
        if provider and provider.kind == "ldap" and identified(provider, account.email, password) == link.uid:
            return True
    return False


def challenge(request: HttpRequest, purpose: str) -> dict:
    """What the browser is to ask the passkey; the answer counts for this purpose and once."""
    account: Any = request.user
    options, state = auth.get_server().authenticate_begin(
        credentials=auth.get_credentials(account), user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[CHALLENGE] = {"state": state, "purpose": purpose, "at": time.time()}
    return dict(options)


def _passkey_holds(request: HttpRequest, account: Account, answer: str, purpose: str) -> bool:
    asked = request.session.pop(CHALLENGE, None)
    if not asked or asked["purpose"] != purpose or time.time() - asked["at"] > LASTS:
        return False
    try:
        given = json.loads(answer)
        auth.parse_authentication_response(given)
        auth.get_server().authenticate_complete(asked["state"], auth.get_credentials(account), given)
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        return False
    return True


def proven(request: HttpRequest, purpose: str) -> bool:
    """Whether this person has just been at the provider for exactly this."""
    found = request.session.get(PROVEN)
    return bool(
        found
        and found["purpose"] == purpose
        and found["account"] == str(request.user.pk)
        and time.time() - found["at"] < LASTS
    )


def away(request: HttpRequest, about: str) -> HttpResponse | None:
    """Lead to the provider that was chosen, and keep what was typed; None where none was."""
    account, provider = request.user, find(request.POST.get("provider", ""))
    if provider is None or provider.kind != "oidc":
        return None
    if not SocialAccount.objects.filter(user=account, provider=provider.id).exists():
        return None
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in (*WAYS, "csrfmiddlewaretoken")}
    request.session.pop(PROVEN, None)
    request.session[AWAY] = {
        "path": request.path,
        "typed": typed,
        "purpose": f"{about}:{request.POST.get('seen') or 'nothing'}",
        "provider": provider.id,
        "at": time.time(),
    }
    asked = {"prompt": "login", "max_age": "0"}
    door = get_adapter().get_provider(request, provider.id)
    try:
        return door.redirect(request, "redirect", next_url=request.path, auth_params=asked)
    except (OSError, LookupError, ValueError) as error:
        logger.warning("Signing again with the provider %s: silent: %s", provider.id, error)
        words = _("%(name)s does not answer at the moment: nothing was signed. What you typed stands here still.")
        messages.error(request, words % {"name": provider.name})
        return redirect(request.path)


def came_back(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """The same person, who has signed in there just now: that is kept for the one signature it was for."""
    kept = request.session.get(AWAY)
    told = (sociallogin.account.extra_data or {}).get("id_token") or {}
    provider, owner = sociallogin.account.provider, sociallogin.account.user_id
    if not kept or owner != request.user.pk or kept["provider"] != provider:
        messages.error(request, _("Somebody else signed in there. Nothing was signed."))
    elif int(told.get("auth_time") or 0) < kept["at"] - SLACK:
        messages.error(request, _("The provider did not ask you to sign in again. Nothing was signed."))
    else:
        request.session[PROVEN] = {
            "purpose": kept["purpose"],
            "account": str(request.user.pk),
            "at": time.time(),
        }


def typed_before(request: HttpRequest) -> dict[str, Any]:
    """What was typed on this page before its owner went to the provider."""
    kept = request.session.get(AWAY)
    if not kept or kept["path"] != request.path or time.time() - kept["at"] > 2 * LASTS:
        return {}
    return {name: values[0] if len(values) == 1 else values for name, values in kept["typed"].items()}
