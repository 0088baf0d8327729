"""Identity providers of an installation: one TOML file, read at start and checked in words."""

import tomllib
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

KINDS = {
    "oidc": {"issuer", "client"},
    "saml": {"entity"},
    "ldap": {"server", "base"},
}
ALL = {"id", "name", "domains"}
MORE = {
    "oidc": {"secret", "userinfo", "scope", "origins"},
    "saml": {"metadata", "sso", "certificate", "email", "uid", "origins"},
    "ldap": {"bind", "bind_password", "filter", "uid", "authority"},
}
EXTRAS = {"saml": "onelogin", "ldap": "ldap3"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Provider:
    """Who vouches for people: for the e-mail addresses of its domains, and no others."""

    id: str
    kind: str
    name: str
    domains: tuple[str, ...]
    second_factor: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    def vouches_for(self, email: str, said_verified: bool | None) -> bool:
        """Whether an address counts as this human being's; “*” takes the provider's word, and only its yes."""
        if "*" in self.domains:
            return said_verified is True
        return email.rpartition("@")[2].lower() in self.domains and said_verified is not False


def read(file: str) -> list[Provider]:
    """The providers of the file; whoever wrote it wrongly is told so in one line."""
    if not file:
        return []
    try:
        lines = tomllib.loads(Path(file).expanduser().read_text()).get("provider", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SystemExit(f"PLUMBLINE_SIGN_IN: {file} cannot be read: {error}") from error
    if not isinstance(lines, list):
        raise SystemExit(f"PLUMBLINE_SIGN_IN: {file}: write [[provider]] in two brackets, once for each.")
    found = [_provider(line, Path(file).expanduser().parent) for line in lines]
    if len({one.id for one in found}) < len(found):
        raise SystemExit(f"PLUMBLINE_SIGN_IN: two providers of {file} have the same id.")
    return found


def _provider(line: dict[str, Any], folder: Path) -> Provider:
    given = dict(line)
    name = str(given.get("id", "?"))

    def wrong(why: str) -> SystemExit:
        return SystemExit(f"PLUMBLINE_SIGN_IN, provider “{name}”: {why}")

    kind = given.pop("kind", "")
    if kind not in KINDS:
        raise wrong(f"kind must be one of {', '.join(KINDS)}.")
    if amiss := _words(kind, given):
        raise wrong(f"{'; '.join(amiss)}.")
    if not name.replace("-", "").isalnum() or not name.isascii() or len(name) > 40:
        raise wrong("id takes letters, digits and dashes: it stands in addresses.")
    for key in [key for key in given if key.endswith("_file")]:
        file = folder / given.pop(key)
        try:
            given[key.removesuffix("_file")] = file.read_text().strip()
        except OSError as error:
            raise wrong(f"{key} names {file}, which cannot be read: {error.strerror}.") from error
    if why := _mistaken(kind, given):
        raise wrong(why)
    domains = tuple(str(one).lower().removeprefix("@") for one in given.pop("domains"))
    if kind == "saml" and not ("metadata" in given or {"sso", "certificate"} <= given.keys()):
        raise wrong("needs metadata (an address), or sso and certificate.")
    return Provider(given.pop("id"), kind, given.pop("name"), domains, bool(given.pop("second_factor", False)), given)


def _words(kind: str, given: dict[str, Any]) -> list[str]:
    """Words that are unknown, often mistyped, and words that are missing, often for that reason."""
    known = ALL | KINDS[kind] | MORE[kind] | {"second_factor", "plain"}
    unknown = sorted(key for key in given if key.removesuffix("_file") not in known)
    missing = sorted((ALL | KINDS[kind]) - given.keys())
    told = [f"{', '.join(unknown)} is no word for {kind}"] if unknown else []
    return [*told, f"{', '.join(missing)} is missing"] if missing else told


def _mistaken(kind: str, given: dict[str, Any]) -> str:
    """What would be passed over in silence, or trusted without cause."""
    if not isinstance(given["domains"], list) or not given["domains"]:
        return 'domains must name whose addresses it vouches for, as a list: ["example.com"].'
    if kind in EXTRAS and find_spec(EXTRAS[kind]) is None:
        return f"needs pip install plumbline[{kind}]."
    if kind == "ldap" and urlsplit(given["server"]).scheme not in ("ldap", "ldaps"):
        return "server begins with ldaps:// or ldap://."
    for key in ("issuer", "metadata", "sso"):
        parts = urlsplit(given.get(key, "https://"))
        if parts.scheme != "https" and parts.hostname not in LOOPBACK and not given.get("plain"):
            return f"{key} must begin with https://: whoever sits between could say who people are."
    return ""


def as_allauth(providers: list[Provider]) -> dict[str, Any]:
    """The same in the words of allauth; a directory (LDAP) is none of its."""
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [_oidc(one) for one in providers if one.kind == "oidc"],
        },
        "saml": {"APPS": [_saml(one) for one in providers if one.kind == "saml"]},
    }


def _oidc(one: Provider) -> dict[str, Any]:
    return {
        "provider_id": one.id,
        "name": one.name,
        "client_id": one.options["client"],
        "secret": one.options.get("secret", ""),
        "settings": {
            "server_url": one.options["issuer"].rstrip("/"),
            "fetch_userinfo": one.options.get("userinfo", True),
            "scope": one.options.get("scope", ["openid", "profile", "email"]),
        },
    }


def _saml(one: Provider) -> dict[str, Any]:
    given = one.options
    idp = {"entity_id": given["entity"]}
    if "metadata" in given:
        idp["metadata_url"] = given["metadata"]
    else:
        idp |= {"sso_url": given["sso"], "x509cert": given["certificate"]}
    mapping = {
        "uid": given.get("uid", "urn:oasis:names:tc:SAML:attribute:subject-id"),
        "email": given.get("email", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"),
    }
    return {
        "provider_id": one.id,
        "name": one.name,
        "client_id": one.id,
        "settings": {
            "idp": idp,
            "attribute_mapping": mapping,
            "use_nameid_for_email": "email" not in given,
            "advanced": {"strict": True, "want_assertion_signed": True, "allow_single_label_domains": True},
        },
    }


def origins(providers: list[Provider]) -> list[str]:
    """The places a form of ours may lead on to."""
    addresses = []
    for one in providers:
        addresses += [one.options[key] for key in ("issuer", "sso", "metadata") if key in one.options]
        addresses += one.options.get("origins", [])
    return sorted({f"{parts.scheme}://{parts.netloc}" for address in addresses if (parts := urlsplit(address)).netloc})


def configured() -> list[Provider]:
    return list(settings.PLUMBLINE_PROVIDERS)


def find(id: str) -> Provider | None:
    return next((one for one in configured() if one.id == id), None)


def name_of(id: str) -> str:
    """The provider's name; its id when it is configured no more."""
    found = find(id)
    return found.name if found else id
