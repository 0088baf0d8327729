"""Trying a provider before people do: what it must be told of us, and in one sentence what is wrong with it."""

import errno
import re
import socket
import threading
import time
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from . import asking, leading
from .providers import Provider

TIMEOUT = 10  # seconds
SKEW = 60  # seconds by which two clocks may differ
NO_WAY = (errno.EHOSTUNREACH, errno.ENETUNREACH)
NOT_TAKEN = ("invalid_client", "unauthorized_client")  # RFC 6749, 5.2
UNTRUSTED = re.compile(r"certificate verify failed: ([^()]+?) ?\(")
_asking = threading.Lock()  # a silent provider keeps one thread of the server waiting, however often it is tried


def addresses(provider: Provider) -> dict[str, str]:
    """What is entered at the provider, by a word of the command line."""
    if provider.kind == "oidc":
        return {"callback": settings.PLUMBLINE_ORIGIN + reverse("openid_connect_callback", args=[provider.id])}
    if provider.kind == "saml":
        of_us = settings.PLUMBLINE_ORIGIN + reverse("saml_metadata", args=[provider.id])
        acs = settings.PLUMBLINE_ORIGIN + reverse("saml_acs", args=[provider.id])
        return {"metadata": of_us, "entity": of_us, "acs": acs}
    return {}


def wrong(provider: Provider) -> str:
    """Why nobody could sign in with it now; nothing when it answers as it must. Asks it, within seconds."""
    if not _asking.acquire(blocking=False):
        return _("somebody tries a connection at this moment: try it again in half a minute")
    try:
        return {"oidc": _openid, "saml": _saml, "ldap": _directory}[provider.kind](provider)
    finally:
        _asking.release()


def _openid(provider: Provider) -> str:
    import requests  # the only place of ours that asks one by itself

    address = f"{provider.options['issuer'].rstrip('/')}/.well-known/openid-configuration"
    try:
        answer = requests.get(address, timeout=TIMEOUT)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        issuer, door = str(told["issuer"]), str(told["authorization_endpoint"])
        found = _other_issuer(provider, issuer) or _door_shut(door) or _clock(answer.headers.get("Date", ""))
        return found or _secret(provider, told)
    except (OSError, ValueError, LookupError, TypeError) as error:
        return _silent(address, error)


def _silent(address: str, error: BaseException) -> str:
    """What came instead of an answer, for whoever reads no Python."""
    below, host = _below(error), urlsplit(address).hostname
    untrusted = next((found[1] for one in below if (found := UNTRUSTED.search(str(one)))), "")
    if any(isinstance(one, socket.gaierror) for one in below) or "invalid server address" in str(error):
        why = _("the name %(host)s is not known in this network") % {"host": host}
    elif untrusted:
        why = _("the certificate of %(host)s is not trusted here (%(reason)s)")
        why = why % {"host": host, "reason": untrusted}
    elif any(isinstance(one, (ConnectionError, TimeoutError)) or getattr(one, "errno", 0) in NO_WAY for one in below):
        why = _("nobody answers there")
    else:
        why = _("what answers there is something else, or says that it cannot")
    return _("it does not answer as it must at %(address)s: %(why)s") % {"address": address, "why": why}


def _below(error: BaseException) -> list[BaseException]:
    """An error with all it was made from; the libraries keep that in different places."""
    found: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return found


def _other_issuer(provider: Provider, issuer: str) -> str:
    if issuer.rstrip("/") == provider.options["issuer"].rstrip("/"):
        return ""
    return _("it calls itself %(issuer)s: write that as issuer") % {"issuer": issuer}


def _door_shut(door: str) -> str:
    """A browser leads a form only to places that our pages name."""
    parts = urlsplit(door)
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"]:
        return ""
    words = _('people are led to %(origin)s: add origins = ["%(origin)s"] and start the server again')
    return words % {"origin": origin}


def _clock(told: str) -> str:
    try:
        apart = round(abs(parsedate_to_datetime(told).timestamp() - time.time()))
    except (TypeError, ValueError):
        return ""
    if apart <= SKEW:
        return ""
    return _("its clock and ours are %(seconds)d seconds apart: answers will look too old, or too new") % {
        "seconds": apart
    }


def _secret(provider: Provider, told: dict[str, Any]) -> str:
    """A code that nobody was given: whether it is refused for itself, or for who asks."""
    import requests

    client, secret = provider.options["client"], provider.options.get("secret", "")
    asked = {"grant_type": "authorization_code", "code": "none", "redirect_uri": addresses(provider)["callback"]}
    ways = told.get("token_endpoint_auth_methods_supported", [])
    basic = "client_secret_post" not in ways and "client_secret_basic" in ways  # as allauth chooses
    if not basic:
        asked |= {"client_id": client, **({"client_secret": secret} if secret else {})}
    sent = requests.post(told["token_endpoint"], asked, auth=(client, secret) if basic else None, timeout=TIMEOUT)
    try:
        answer = sent.json()
    except ValueError:
        return ""  # what it says to nonsense is its own affair
    if isinstance(answer, dict) and answer.get("error") in NOT_TAKEN:
        words = _("it does not take this client and secret: %(why)s")
        return words % {"why": answer.get("error_description") or answer["error"]}
    return ""


def _directory(provider: Provider) -> str:
    """A search for nobody, as it is made for everybody who signs in."""
    try:
        from ldap3.core import exceptions as told  # an extra
    except ImportError:
        return _("plumbline[ldap] is not installed")
    given = provider.options
    try:
        asking.entry(provider, "nobody@nowhere.invalid")
    except (told.LDAPInvalidCredentialsResult, told.LDAPInvalidDnError, told.LDAPInvalidDNSyntaxResult):
        return _("it does not take what stands as bind and bind_password")
    except told.LDAPNoSuchObjectResult:
        return _("there is nothing at the base %(base)s, or nothing it lets us see") % {"base": given["base"]}
    except told.LDAPInvalidFilterError:
        return _("it does not understand the filter %(filter)s") % {"filter": given.get("filter", "")}
    except (told.LDAPStrongerAuthRequiredResult, told.LDAPConfidentialityRequiredResult):
        return _("it wants an encrypted connection: let server begin with ldaps://")
    except (told.LDAPCommunicationError, told.LDAPStartTLSError, OSError) as error:
        return _silent(given["server"], error)
    except told.LDAPException as error:
        return _("it does not let us look: %(why)s") % {"why": error}
    return ""


def _saml(provider: Provider) -> str:
    try:
        told = leading.metadata(provider, afresh=True) if "metadata" in provider.options else None
    except ValueError as error:
        if error.__cause__:
            return _silent(provider.options["metadata"], error.__cause__)
        words = _("what it tells at %(metadata)s says nothing of %(entity)s, or not where one signs in")
        return words % provider.options
    return _door_shut(told["singleSignOnService"]["url"] if told else provider.options["sso"])
