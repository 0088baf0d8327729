"""The security of my account: password, authenticator, passkeys, recovery codes, providers, where I am signed in."""

from types import SimpleNamespace
from typing import cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.socialaccount.internal.flows.connect import disconnect
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views import View
from django.views.decorators.cache import never_cache

from .. import accounts
from ..models import Account
from . import keyholders, sessions
from .asking import identified
from .directory import link
from .factors import count_try
from .linking import PENDING
from .providers import Provider, configured, find, name_of

DISCONNECTED = "socialaccount/email/account_disconnected"


def _mine(request: HttpRequest) -> Account:
    return cast(Account, request.user)


class Security(View):
    """One page for all of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        account = _mine(request)
        rows = list(Authenticator.objects.filter(user=account).order_by("created_at"))
        kept = {row.type: row for row in rows}
        linked = list(SocialAccount.objects.filter(user=account).order_by("date_joined"))
        codes = kept.get(Authenticator.Type.RECOVERY_CODES)
        context = {
            "account": account,
            "authenticator": kept.get(Authenticator.Type.TOTP),
            "passkeys": [(row, row.wrap().name) for row in rows if row.type == Authenticator.Type.WEBAUTHN],
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
            "linked": [(row, name_of(row.provider)) for row in linked],
            "connectable": _connectable(linked),
            "devices": sessions.of(request),
            "shared": sessions.at_shared_devices(account),
            "by_number": request.get_host().partition(":")[0].replace(".", "").isdigit(),
        }
        return render(request, "organisation/security.html", context)


def _connectable(linked: list[SocialAccount]) -> list[Provider]:
    has = {row.provider for row in linked}
    return [one for one in configured() if one.id not in has]


class EndSession(View):
    """Sign one device out."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = UserSession.objects.filter(user=_mine(request), pk=pk).first()
        if row is None:
            raise Http404
        if row.session_key == request.session.session_key:
            return redirect("account_logout")
        row.end()
        accounts.note("end session", _mine(request))
        messages.success(request, _("That device is signed out."))
        return redirect("security")


class EndAtShared(View):
    """Sign out at a shared device, from afar."""

    def post(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        if not sessions.end_at_shared(_mine(request), pk=uid):
            raise Http404
        accounts.note("end session", _mine(request))
        messages.success(request, _("That device is signed out."))
        return redirect("security")


class EndOthers(View):
    """Sign out everywhere else, at shared devices too."""

    def post(self, request: HttpRequest) -> HttpResponse:
        sessions.end_at_shared(_mine(request))
        sessions.end_others(request, _mine(request))
        accounts.note("end other sessions", _mine(request))
        messages.success(request, _("You are signed in here only."))
        return redirect("security")


@method_decorator(reauthentication_required(app="allauth.socialaccount"), name="dispatch")
class Disconnect(View):
    """Sign in by this provider no more, as long as another way is left."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = SocialAccount.objects.filter(user=_mine(request), pk=pk).first()
        if row is None:
            raise Http404
        try:
            if not _another_way(_mine(request), row):
                raise ValidationError(_("Choose a password or add a passkey first: this is your only way in."))
            with transaction.atomic():
                if why := keyholders.shut_out(_mine(request), row):
                    raise ValidationError(why)
                cut(request, row)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("security")


def cut(request: HttpRequest, row: SocialAccount) -> None:
    """Delete the link, tell the log and its owner; allauth knows neither directories nor what is configured no more."""
    provider = find(row.provider)
    if provider and provider.kind != "ldap":
        disconnect(request, row)
        return
    row.delete()
    named = SimpleNamespace(sub_id=row.provider, name=name_of(row.provider))
    told = {"account": row, "provider": named}
    accounts.Adapter(request).send_notification_mail(DISCONNECTED, _mine(request), told)
    messages.success(request, _("This provider signs you in no more."))


def _another_way(account: Account, without: SocialAccount) -> bool:
    if account.has_usable_password() or SocialAccount.objects.filter(user=account).exclude(pk=without.pk).exists():
        return True
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).exists()


@method_decorator(never_cache, name="dispatch")
@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class RecoveryCodes(View):
    """The codes that are left, to print or to keep as a file."""

    as_file = False

    def get(self, request: HttpRequest) -> HttpResponse:
        kept = Authenticator.objects.filter(user=_mine(request), type=Authenticator.Type.RECOVERY_CODES).first()
        if kept is None:
            raise Http404
        codes = kept.wrap().get_unused_codes()
        if not self.as_file:
            context = {"codes": codes, "then": request.session.get("then") or reverse("security")}
            return render(request, "organisation/recovery_codes.html", context)
        response = HttpResponse(
            "\n".join([f"Plumbline, {request.get_host()}", _mine(request).email, "", *codes, ""]), "text/plain"
        )
        response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
        return response


@method_decorator(login_not_required, name="dispatch")
class Prove(View):
    """The provider's address has an account here that somebody can sign in to: sign in once, then connect."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if PENDING not in request.session:
            return redirect("security")
        sociallogin = SocialLogin.deserialize(request.session[PENDING])
        email, provider = request.session[f"{PENDING}_email"], sociallogin.account.provider
        mine = request.user.is_authenticated and _mine(request).email.lower() == email
        context = {"email": email, "provider": name_of(provider), "mine": mine}
        return render(request, "organisation/prove.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Connect; only who is signed in to that very account, by other means, comes this far."""
        if PENDING not in request.session or not request.user.is_authenticated:
            return redirect("provider-prove")
        sociallogin = SocialLogin.deserialize(request.session[PENDING])
        if _mine(request).email.lower() != request.session[f"{PENDING}_email"]:
            return redirect("provider-prove")
        del request.session[PENDING]
        sociallogin.connect(request, _mine(request))
        words = _("From now on you can sign in with %(provider)s.")
        messages.success(request, words % {"provider": name_of(sociallogin.account.provider)})
        return redirect("index")


class DirectoryForm(forms.Form):
    """The password of the directory, once."""

    password = forms.CharField(
        label=_lazy("Password of the directory"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@method_decorator(reauthentication_required(app="allauth.socialaccount"), name="dispatch")
class ConnectDirectory(View):
    """Link this account to its entry in a directory: whoever is signed in shows that the entry is theirs."""

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        return self.page(request, id, DirectoryForm())

    def page(self, request: HttpRequest, id: str, form: DirectoryForm, status: int = 200) -> HttpResponse:
        provider = find(id)
        if provider is None or provider.kind != "ldap":
            raise Http404
        return render(request, "organisation/directory.html", {"form": form, "provider": provider}, status=status)

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        form, provider, account = DirectoryForm(request.POST), find(id), _mine(request)
        if form.is_valid() and provider and provider.kind == "ldap":
            try:
                count_try(account)
                uid = identified(provider, account.email, form.cleaned_data["password"])
            except ValidationError as error:
                form.add_error("password", error)
                return self.page(request, id, form, 422)
            if uid and not SocialAccount.objects.filter(provider=id, uid=uid).exists():
                link(provider, uid, account)
                words = _("From now on you can sign in with %(provider)s.")
                messages.success(request, words % {"provider": provider.name})
                return redirect("security")
            form.add_error("password", _("The directory does not know this password with your e-mail address."))
        return self.page(request, id, form, 422)
