"""The certificates of `plumb serve --lan`: an authority of this installation, and one for the server it vouches for."""

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397  # Apple's devices refuse server certificates that live longer than 398 days (HT211025)
RENEW_DAYS = 30
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8")


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path


def authority_file(keys: Path) -> Path:
    """Where the authority's certificate stands: what a tablet is given."""
    return keys / "lan-authority.pem"


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256, as devices show it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def ensure_pair(keys: Path, names: list[str], addresses: list[str]) -> Pair:
    """The server's certificate for these names, made anew when it does not fit or ends within 30 days."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority, authority_key = _authority(keys, names, addresses)
    pair = Pair(keys / "lan.pem", keys / "lan.key")
    wanted = {*names, *addresses, "localhost", "127.0.0.1"}
    if not (pair.certificate.exists() and pair.key.exists() and _fits(pair.certificate, authority, wanted)):
        key = ec.generate_private_key(ec.SECP256R1())
        made = _signed_server(authority, authority_key, key, sorted(wanted))
        _write(pair.key, _pem(key), 0o600)
        _write(pair.certificate, _spelled(made) + _spelled(authority), 0o644)
    return pair


def _authority(
    keys: Path, names: list[str], addresses: list[str]
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    file, key_file = authority_file(keys), keys / "lan-authority.key"
    if file.exists() and key_file.exists():
        authority = x509.load_pem_x509_certificate(file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        if (
            isinstance(key, ec.EllipticCurvePrivateKey)
            and not _ends_soon(authority)
            and _vouches(authority, names, addresses)
        ):
            return authority, key
    made_key = ec.generate_private_key(ec.SECP256R1())
    authority = _made_authority(made_key, names, addresses)
    _write(key_file, _pem(made_key), 0o600)
    _write(file, _spelled(authority), 0o644)
    return authority, made_key


def _made_authority(key: ec.EllipticCurvePrivateKey, names: list[str], addresses: list[str]) -> x509.Certificate:
    """An authority that can vouch for this machine and private networks only: stolen, it opens no other site."""
    title = f"Plumbline at {names[0] if names else 'this network'}"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])
    networks = [ipaddress.ip_network(one) for one in PRIVATE]
    networks += [ipaddress.ip_network(one) for one in addresses if not _within(one, networks)]
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in dict.fromkeys(["localhost", "local", *names])]
    permitted += [x509.IPAddress(network) for network in networks]
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        _begun(subject, subject, key, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _signed_server(
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePrivateKey,
    wanted: list[str],
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Plumbline")])
    known: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(one)) if _is_address(one) else x509.DNSName(one) for one in wanted
    ]
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _begun(subject, authority.subject, key, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _fits(file: Path, authority: x509.Certificate, wanted: set[str]) -> bool:
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    known = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    names = {str(one.value) for one in known}
    theirs = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    ours = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    return wanted <= names and theirs == ours and not _ends_soon(certificate)


def _vouches(authority: x509.Certificate, names: list[str], addresses: list[str]) -> bool:
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    networks = [one.value for one in permitted if isinstance(one, x509.IPAddress)]
    known = [one.value for one in permitted if isinstance(one, x509.DNSName)]
    by_name = all(any(name == one or name.endswith(f".{one}") for one in known) for name in names)
    return by_name and all(_within(address, networks) for address in addresses)


def _within(address: str, networks: list) -> bool:
    return any(ipaddress.ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _ends_soon(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_after_utc < datetime.now(UTC) + timedelta(days=RENEW_DAYS)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _spelled(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(file: Path, content: bytes, mode: int) -> None:
    """A new file in place of the old one, never readable by more than it should be."""
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(new, file)
