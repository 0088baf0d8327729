"""Asking a company's directory (LDAP) whether a password is somebody's; it is shown to the directory and not kept."""

import logging
import ssl
from typing import Any
from urllib.parse import urlsplit

from .providers import Provider

TIMEOUT = 5  # seconds a directory may take
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
logger = logging.getLogger(__name__)


def identified(provider: Provider, email: str, password: str) -> str:
    """The lasting id of the one person with this address, if the directory takes the password; else nothing."""
    if not password:
        return ""  # a bind without a password succeeds as nobody
    try:
        return _asked(provider, email, password)
    except ImportError:
        logger.error("The directory %s needs plumbline[ldap]", provider.id)
    except OSError as error:
        logger.error("The directory %s did not answer: %s", provider.id, error)
    return ""


def _asked(provider: Provider, email: str, password: str) -> str:
    from ldap3.core.exceptions import LDAPException  # an extra
    from ldap3.utils.conv import escape_filter_chars

    given = provider.options
    wanted = given.get("filter", "(mail={email})").replace("{email}", escape_filter_chars(email))
    uid = given.get("uid", "entryUUID")
    try:
        with connected(provider, given.get("bind"), given.get("bind_password")) as reader:
            reader.search(given["base"], wanted, attributes=[uid], size_limit=2)
            found = [line for line in reader.response or [] if line.get("type") == "searchResEntry"]
        if len(found) != 1 or not found[0]["attributes"].get(uid):
            return ""
        with connected(provider, found[0]["dn"], password) as person:
            if not person.bound:
                return ""
    except LDAPException as error:
        if "invalidCredentials" not in str(error):
            logger.error("The directory %s refused: %s", provider.id, error)
        return ""
    lasting = found[0]["attributes"][uid]
    return str(lasting[0] if isinstance(lasting, list) else lasting)


def connected(provider: Provider, name: str | None, password: str | None) -> Any:
    """A connection as somebody, encrypted unless the directory is on this machine or the file says “plain”."""
    from ldap3 import NONE, Connection, Server, Tls  # an extra

    given, address = provider.options, urlsplit(provider.options["server"])
    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=given.get("authority"))
    secure = address.scheme == "ldaps"
    port = address.port or (636 if secure else 389)
    server = Server(address.hostname, port, use_ssl=secure, tls=tls, get_info=NONE, connect_timeout=TIMEOUT)
    made = Connection(server, name, password, receive_timeout=TIMEOUT, read_only=True, raise_exceptions=True)
    if not secure and not given.get("plain") and address.hostname not in LOOPBACK:
        made.open()
        made.start_tls()
    made.bind()
    return made


def unreachable(provider: Provider) -> str:
    """Why the directory cannot be asked, in words; nothing when it can."""
    try:
        from ldap3.core.exceptions import LDAPException  # an extra
    except ImportError:
        return "plumbline[ldap] is not installed"
    try:
        with connected(provider, provider.options.get("bind"), provider.options.get("bind_password")):
            return ""
    except (LDAPException, OSError) as error:
        return f"it does not let us look: {error}"
