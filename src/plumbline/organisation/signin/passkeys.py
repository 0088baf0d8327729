"""Passkeys: adding one, signing in with it, showing once more that it is you, signing."""

from typing import Any
from urllib.parse import quote

from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, ReauthenticateWebAuthnView
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View

from . import again


class PasskeyForSigning(View):
    """What the browser asks the passkey when a signature needs to know who signs; the answer counts once, for that."""

    def post(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse({"request_options": again.challenge(request, request.POST.get("for", "")[:200])})


class AddPasskey(AddWebAuthnView):
    """Every passkey of ours signs in by itself, so it is made to be found by the browser and to ask who it is."""

    def get_context_data(self, **kwargs: Any) -> dict:
        context = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return context


def _told(request: HttpRequest, form: forms.Form, back: str) -> HttpResponse:
    """Back to the page on which the passkey was asked for, with what was wrong."""
    for error in form.errors.get("credential", []):
        messages.error(request, str(error))
    return redirect(back)


class ByPasskey(LoginWebAuthnView):
    """In place of the password; where it did not hold, the page that was wanted is not forgotten."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return _told(self.request, form, f"{reverse('account_login')}?next={quote(self.request.POST.get('next', ''))}")


class AgainByPasskey(ReauthenticateWebAuthnView):
    """Showing once more that it is you; where it did not hold, the same page asks again."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return _told(self.request, form, self.request.get_full_path())
