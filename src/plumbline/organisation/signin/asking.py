"""Asking a company's directory (LDAP) whether a password is somebody's; it is shown to the directory and not kept."""

import logging
import ssl
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .patience import waiting_for
from .providers import LOOPBACK, Provider

TOLD = "directory_told"  # on a request: what the sign-in page says in place of “wrong password”
TIMEOUT = 5  # seconds a directory may take
QUIET: dict[str, Any] = {
    "read_only": True,
    "raise_exceptions": True,
    "auto_referrals": False,
}  # no other server hears it
logger = logging.getLogger(__name__)


class Silent(ValidationError):
    """The directory cannot be asked: nothing is said about the password."""

    def __init__(self, provider: Provider, why: object) -> None:
        logger.error("The directory %s cannot be asked: %s", provider.id, why)
        words = _("“%(name)s” cannot be asked at the moment, so your password was not looked at. Try again in a while.")
        super().__init__(words % {"name": provider.name})


def identified(provider: Provider, email: str, password: str) -> str:
    """The lasting id of the one person with this address, if the directory takes the password. Raises Silent."""
    if not password:
        return ""  # a bind without a password succeeds as nobody
    try:
        from ldap3.core import exceptions as told  # an extra
    except ImportError as error:
        raise Silent(provider, "plumbline[ldap] is not installed") from error
    try:
        with waiting_for(provider.id):
            name, uid = entry(provider, email)
    except (told.LDAPException, OSError) as error:
        raise Silent(provider, error) from error
    if not name or not uid:
        return ""
    try:
        with waiting_for(provider.id), connected(provider, name, password) as person:
            return uid if person.bound else ""
    except told.LDAPInvalidCredentialsResult:
        return ""
    except (told.LDAPCommunicationError, told.LDAPStartTLSError, told.LDAPResponseTimeoutError, OSError) as error:
        raise Silent(provider, error) from error
    except told.LDAPException as error:
        logger.error("The directory %s refused: %s", provider.id, error)
        return ""


def entry(provider: Provider, email: str) -> tuple[str, str]:
    """Name and lasting id of the one entry with this address; nothing where there is none, or several."""
    from ldap3.core.exceptions import LDAPSizeLimitExceededResult  # an extra
    from ldap3.utils.conv import escape_filter_chars

    given = provider.options
    wanted = given.get("filter", "(mail={email})").replace("{email}", escape_filter_chars(email))
    uid = given.get("uid", "entryUUID")
    with connected(provider, given.get("bind"), given.get("bind_password")) as reader:
        try:
            reader.search(given["base"], wanted, attributes=[uid], size_limit=2)
        except LDAPSizeLimitExceededResult:
            return "", ""
        found = [line for line in reader.response or [] if line.get("type") == "searchResEntry"]
    if len(found) != 1:
        return "", ""
    lasting = (found[0]["raw_attributes"].get(uid) or [b""])[0]
    text = lasting.decode("ascii", "ignore")
    return found[0]["dn"], text if text.isprintable() and len(text) == len(lasting) else lasting.hex()


def connected(provider: Provider, name: str | None, password: str | None) -> Any:
    """A connection as somebody, encrypted unless the directory is on this machine or the file says “plain”."""
    from ldap3 import NONE, Connection, Server, Tls  # an extra

    given, address = provider.options, urlsplit(provider.options["server"])
    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=given.get("authority"))
    secure = address.scheme == "ldaps"
    port = address.port or (636 if secure else 389)
    server = Server(address.hostname, port, use_ssl=secure, tls=tls, get_info=NONE, connect_timeout=TIMEOUT)
    made = Connection(server, name, password, receive_timeout=TIMEOUT, **QUIET)
    if not secure and not given.get("plain") and address.hostname not in LOOPBACK:
        made.open()
        made.start_tls()
    made.bind()
    return made
