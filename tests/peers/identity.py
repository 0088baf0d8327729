"""Real identity providers: OpenID Connect, a directory (slapd), SAML; each on a free port of this machine."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers.ports import free_port


@dataclass(frozen=True)
class OpenID:
    """A provider by its issuer; people are told to it as the test goes."""

    issuer: str

    def person(self, sub: str, email: str, **claims: object) -> None:
        import requests

        told = {"email": email, "email_verified": True, "name": sub.title(), **claims}
        requests.put(f"{self.issuer}/users/{sub}", json=told, timeout=60).raise_for_status()


@pytest.fixture(scope="session")
def openid() -> Iterator[OpenID]:
    """Return a running OpenID provider."""
    import oidc_provider_mock

    with oidc_provider_mock.run_server_in_thread() as server:
        yield OpenID(f"http://localhost:{server.server_port}")


@dataclass(frozen=True)
class Ldap:
    """A directory with Ruth, Tom and the reader who may search."""

    url: str
    base: str = "dc=linden,dc=example"
    reader: str = "cn=reader,dc=linden,dc=example"
    password: str = "reads-only"


CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/pid
database mdb
suffix dc=linden,dc=example
rootdn cn=admin,dc=linden,dc=example
rootpw admin
directory {folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,dc=linden,dc=example" read by * none
"""
ENTRIES = """
dn: dc=linden,dc=example
objectClass: organization
objectClass: dcObject
o: Linden
dc: linden

dn: cn=reader,dc=linden,dc=example
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: reads-only

dn: uid=dora,dc=linden,dc=example
objectClass: inetOrgPerson
uid: dora
cn: Dora Klein
sn: Klein
mail: dora@acme.example
userPassword: oak and iron

dn: uid=ann,dc=linden,dc=example
objectClass: inetOrgPerson
uid: ann
cn: Ann Bell
sn: Bell
mail: ann@acme.example
userPassword: beech and brass

dn: uid=twin1,dc=linden,dc=example
objectClass: inetOrgPerson
uid: twin1
cn: Twin
sn: Twin
mail: twin@acme.example
userPassword: same

dn: uid=twin2,dc=linden,dc=example
objectClass: inetOrgPerson
uid: twin2
cn: Twin
sn: Twin
mail: twin@acme.example
userPassword: same
"""


@pytest.fixture(scope="session")
def ldap(tmp_path_factory) -> Iterator[Ldap]:
    """Return a running slapd."""
    program = shutil.which("slapd") or "/usr/sbin/slapd"
    if not Path(program).exists():
        pytest.fail("no slapd: scripts/debian-packages test installs it", pytrace=False)
    folder = tmp_path_factory.mktemp("slapd")
    (folder / "data").mkdir()
    (folder / "slapd.conf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "entries.ldif").write_text(ENTRIES)
    subprocess.run(
        ["/usr/sbin/slapadd", "-f", str(folder / "slapd.conf"), "-l", str(folder / "entries.ldif")],
        check=True, capture_output=True,
    )  # fmt: skip
    url = f"ldap://127.0.0.1:{free_port()}"
    command = [program, "-f", str(folder / "slapd.conf"), "-h", url, "-d", "0"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"HOME": str(folder)})
    try:
        _wait(url, running)
        yield Ldap(url)
    finally:
        running.terminate()
        running.wait(60)


def _wait(url: str, running: subprocess.Popen) -> None:
    port = int(url.rpartition(":")[2])
    for _n in range(600):
        assert running.poll() is None, "slapd ended at once"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("slapd does not answer")
