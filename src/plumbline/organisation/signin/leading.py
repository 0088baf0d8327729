"""People are led to a provider and come back: what goes wrong is told to them in words, and to IT in the log."""

import logging
from collections.abc import Callable
from functools import wraps
from importlib.util import find_spec
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from requests import RequestException

from .patience import waiting_for
from .providers import Provider, find

SAML = find_spec("onelogin") is not None  # an extra
FRESH = 60  # seconds between two readings of a provider's certificates that a doubtful answer may cause
DOORS = {"oidc": "openid_connect_login", "saml": "saml_login"}
View = Callable[..., HttpResponse]
logger = logging.getLogger(__name__)


def nonsense() -> tuple[type[Exception], ...]:
    """What allauth raises where a provider is silent, or says what no provider says."""
    found: tuple[type[Exception], ...] = (OSError, LookupError, ValueError)
    if SAML:
        from onelogin.saml2.errors import OneLogin_Saml2_Error

        found = (*found, OneLogin_Saml2_Error)
    return found


def not_in(request: HttpRequest, id: str, what: str, why: object, status: int = 401) -> HttpResponse:
    """The page of whoever did not get in: `what` is silent, stopped, begin or doubtful; the log has the reason."""
    logger.warning("Sign-in with the provider %s: %s: %s", id, what, " ".join(str(why).split())[:300])
    provider = find(id)
    door = reverse(DOORS[provider.kind], args=[id]) if provider and what == "begin" else ""
    context = {"provider": provider, "what": what, "door": door}
    return render(request, "socialaccount/authentication_error.html", context, status=status)


def answered(view: View, id_name: str) -> View:
    """The same view, for which a provider's silence is no fault of ours, and holds up nobody else."""

    @wraps(view)
    def led(request: HttpRequest, **which: Any) -> HttpResponse:
        try:
            with waiting_for(which[id_name]):
                return view(request, **which)
        except PermissionDenied as error:
            return not_in(request, which[id_name], "begin", error or "answered twice, or to another browser")
        except SyntaxError as error:  # lxml's word for what is no XML
            return not_in(request, which[id_name], "doubtful", error)
        except nonsense() as error:
            why = f"{type(error).__name__} {error}"
            return not_in(request, which[id_name], "silent", why, 503)

    return led


def refused(request: HttpRequest, id: str, error: str, exception: Any, context: dict[str, Any]) -> None:
    """allauth did not trust an answer. Raises ImmediateHttpResponse with the page that says so."""
    if error == AuthError.CANCELLED:
        return
    told = request.GET.get("error", "")
    if told == "access_denied":
        what, why = "stopped", told
    elif isinstance(exception, RequestException):
        what, why = "silent", str(exception)
    elif exception is not None:
        what, why = "doubtful", f"{exception} {exception.__cause__ or ''}"
    elif errors := context.get("saml_errors"):
        what, why = "doubtful", f"{', '.join(errors)}: {context.get('saml_last_error_reason')}"
        read_afresh(find(id))
    elif told:
        what, why = "doubtful", f"{told}: {request.GET.get('error_description', '')}"
    else:
        what, why = "begin", "not begun in this browser, or over already"
    raise ImmediateHttpResponse(not_in(request, id, what, why, 503 if what == "silent" else 401))


def read_afresh(provider: Provider | None) -> None:
    """The next answer is judged by certificates read anew: the provider may have changed them."""
    if provider and "metadata" in provider.options and cache.add(f"sign-in.fresh.{provider.id}", 1, FRESH):
        cache.delete(_kept_as(provider))


def _kept_as(provider: Provider) -> str:
    """Where allauth keeps what it read."""
    return f"saml.metadata.{provider.options['metadata']}.{provider.options['entity']}"


def metadata(provider: Provider, afresh: bool = False) -> dict[str, Any]:
    """What a SAML provider tells of itself, read now or in the last hours. Raises ValueError."""
    from allauth.socialaccount.providers.saml.utils import fetch_metadata_url_config  # an extra

    given = provider.options
    if afresh:
        cache.delete(_kept_as(provider))
    try:
        told = fetch_metadata_url_config({"metadata_url": given["metadata"], "entity_id": given["entity"]})
    except Exception as error:  # python3-saml raises nothing narrower
        raise ValueError(f"{given['metadata']}: {error}") from error
    if "singleSignOnService" not in told.get("idp", {}):
        cache.delete(_kept_as(provider))
        raise ValueError(f"{given['metadata']} says nothing of {given['entity']}, or not where one signs in")
    return dict(told["idp"])


def saml(name: str) -> View:
    """A view of allauth, for a provider whose metadata can be read."""

    def view(request: HttpRequest, organization_slug: str) -> HttpResponse:
        from allauth.socialaccount.providers.saml import views  # an extra

        provider = find(organization_slug)
        if provider and provider.kind == "saml" and "metadata" in provider.options:
            metadata(provider)
        found: HttpResponse = getattr(views, name)(request, organization_slug=organization_slug)
        return found

    return login_not_required(answered(view, "organization_slug"))


oidc_login = answered(oidc.login, "provider_id")
oidc_callback = answered(oidc.callback, "provider_id")


saml_login = saml("login")
saml_finished = saml("finish_acs")


@login_not_required
def saml_metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What the provider wants to know of us; told also before it is there itself."""
    from allauth.socialaccount.providers.saml.utils import build_saml_config, get_app_or_404  # an extra
    from onelogin.saml2.auth import OneLogin_Saml2_Settings

    app = get_app_or_404(request, organization_slug)
    given = {**app.settings, "idp": {"entity_id": app.settings["idp"]["entity_id"], "sso_url": "", "x509cert": ""}}
    config = build_saml_config(request, given, organization_slug)
    del config["sp"]["singleLogoutService"]  # whoever leaves there is asked here: an unsigned link ends no session
    config["security"]["metadataValidUntil"] = ""  # no end: a provider may keep it as a file
    told = OneLogin_Saml2_Settings(config, sp_validation_only=True)
    return HttpResponse(told.get_sp_metadata(), "text/xml")


@login_not_required
def saml_left(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Whoever left there and is sent here is asked whether to leave here, too."""
    return redirect("account_logout")
