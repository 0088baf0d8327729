"""The second factor: codes of an authenticator, recovery codes, passkeys; secrets are kept encrypted."""

import base64
import hashlib
import io
import secrets
from typing import Any

import segno
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context, ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.fernet import Fernet, InvalidToken
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from .. import accounts
from ..models import Account
from . import codes

DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "pl-short"}
NO_PASSKEY = _lazy("That passkey does not belong to this account, or its answer came too late. Try again.")
JUNK = (ValueError, KeyError, TypeError, AttributeError)  # what is no answer of a passkey is no fault of ours
TOLD = 15 * 60  # seconds in which its owner gets one mail about wrong codes


class CodeInput(forms.TextInput):
    """A code that did not fit is not shown again: the next one is typed in its place."""

    def format_value(self, value: Any) -> str:
        return ""


def _lock() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"factors {settings.SECRET_KEY}".encode()).digest()))


class Factors(DefaultMFAAdapter):
    """What allauth asks of us: our words, our QR code, secrets encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _lazy("That did not fit. A code counts once and for half a minute: take the next one."),
        "cannot_generate_recovery_codes": _lazy("Recovery codes come with an authenticator or a passkey."),
    }

    def build_totp_svg(self, url: str) -> str:
        drawn = io.BytesIO()
        segno.make(url, error="m", micro=False).save(
            drawn, kind="svg", scale=4, border=4, light="#fff", dark="#000", xmldecl=False
        )
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret of another installation's key opens nothing: chance stands in its place, so that no code fits."""
        try:
            return _lock().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}


def count_try(account: Account) -> None:
    """A second factor is asked for after the password: here only wrong codes of one account are counted."""
    if not ratelimit.consume(context.request, action="second_factor", key=str(account.pk)):
        raise ValidationError(_("Too many wrong codes. Wait a quarter of an hour, or take a passkey."))


def forget_tries(account: Account) -> None:
    ratelimit.clear(context.request, action="second_factor", key=str(account.pk))


def tell(account: Account) -> None:
    """Whoever types codes has the password, or the session: its owner hears of it, once in a quarter of an hour."""
    if cache.add(f"wrong-codes-{account.pk}", True, TOLD):
        accounts.Adapter(context.request).send_notification_mail("mfa/email/wrong_codes", account)


class CountedCode(forms.Form):
    """A code that is looked at only while few were wrong."""

    user: Account
    authenticator: Authenticator

    def clean_code(self) -> str:
        try:
            count_try(self.user)
        except ValidationError:
            tell(self.user)
            raise
        code = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not codes.taken(self.authenticator, code):
            raise Factors().validation_error("incorrect_code")
        forget_tries(self.user)
        return code


class CodeForm(CountedCode, AuthenticateForm):
    """After the password: a code of the authenticator, or a recovery code."""

    code = forms.CharField(
        label=_lazy("Code from your authenticator, or a recovery code"),
        widget=CodeInput(attrs={**DIGITS, "autofocus": True}),
    )


class CodeAgainForm(CountedCode, ReauthenticateForm):
    """Showing once more that it is you."""

    code = forms.CharField(
        label=_lazy("Code from your authenticator, or a recovery code"),
        widget=CodeInput(attrs={**DIGITS, "autofocus": True}),
    )


class ActivateForm(ActivateTOTPForm):
    """The first code shows that the authenticator has the secret; it counts for this session as a second factor."""

    code = forms.CharField(label=_lazy("Code that the app shows now"), widget=CodeInput(attrs=DIGITS))

    def clean_code(self) -> str:
        code = super().clean_code()
        record_authentication(context.request, self.user, "mfa", type="totp")
        return code


class PasskeyForm(AddWebAuthnForm):
    """A passkey is named by its owner; it always asks for finger, face or PIN."""

    name = forms.CharField(
        label=_lazy("Name"),
        max_length=60,
        required=False,  # the device has made the passkey before this is sent: without a name it gets one
        help_text=_lazy("So that you know it again: “my phone”, “key on my ring”."),
    )
    passwordless = forms.BooleanField(widget=forms.HiddenInput, required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mark_optional = False

    def clean_passwordless(self) -> bool:
        return True

    def clean(self) -> dict:
        try:
            cleaned = super().clean()
        except (ValidationError, *JUNK) as error:
            raise ValidationError(NO_PASSKEY) from error
        if not self.errors:
            record_authentication(context.request, self.user, "mfa", type="webauthn", passwordless=True)
        return cleaned


class ShownPasskey(forms.Form):
    """The answer of a passkey; what is wrong with it is said of a passkey, not of a code."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (ValidationError, *JUNK) as error:
            raise ValidationError(NO_PASSKEY) from error


class PasskeyLogin(ShownPasskey, LoginWebAuthnForm):
    """In place of the password."""


class PasskeySecond(ShownPasskey, AuthenticateWebAuthnForm):
    """After the password."""


class PasskeyAgain(ShownPasskey, ReauthenticateWebAuthnForm):
    """Showing once more that it is you."""
