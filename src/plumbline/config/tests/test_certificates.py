"""The certificates of `serve --lan`: made once, renewed when they do not fit, good for private networks only."""

import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from plumbline.config.addresses import is_loopback, lan_addresses, told_to_settings
from plumbline.config.certificates import authority_file, ensure_pair, fingerprint

NAMES, HERE = ["workshop.local"], ["192.168.7.20"]


def _read(file) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_the_same_pair_is_kept(tmp_path) -> None:
    first = ensure_pair(tmp_path, NAMES, HERE)
    content = first.certificate.read_bytes(), first.key.read_bytes()
    again = ensure_pair(tmp_path, NAMES, HERE)
    assert (again.certificate.read_bytes(), again.key.read_bytes()) == content
    assert {file.name for file in tmp_path.iterdir() if file.stat().st_mode & 0o077} == {"lan.pem", "lan-authority.pem"}


def test_a_new_address_needs_a_new_certificate_but_no_new_trust(tmp_path) -> None:
    ensure_pair(tmp_path, NAMES, HERE)
    trusted = fingerprint(_read(authority_file(tmp_path)))
    pair = ensure_pair(tmp_path, NAMES, ["192.168.7.21"])
    server, authority = _read(pair.certificate), _read(authority_file(tmp_path))
    known = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ipaddress.ip_address("192.168.7.21") in known.get_values_for_type(x509.IPAddress)
    assert fingerprint(authority) == trusted
    server.verify_directly_issued_by(authority)


def test_the_authority_vouches_for_private_places_only(tmp_path) -> None:
    ensure_pair(tmp_path, NAMES, [*HERE, "203.0.113.9"])
    authority = _read(authority_file(tmp_path))
    constraint = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraint.critical
    names = [one.value for one in constraint.value.permitted_subtrees if isinstance(one, x509.DNSName)]
    networks = [one.value for one in constraint.value.permitted_subtrees if isinstance(one, x509.IPAddress)]
    assert names == ["localhost", "local", "workshop.local"]
    assert [str(one) for one in networks if not one.is_private] == ["100.64.0.0/10"]
    assert ipaddress.ip_network("203.0.113.9/32") in networks
    assert isinstance(authority.public_key(), ec.EllipticCurvePublicKey)


def test_addresses() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")
    assert not any(is_loopback(address) for address in lan_addresses())


def test_the_network_puts_demo_accounts_to_sleep(monkeypatch) -> None:
    environment: dict[str, str] = {}
    monkeypatch.setattr("os.environ", environment)
    told_to_settings("127.0.0.1", 8000, tls=False)
    assert environment["PLUMBLINE_ORIGIN"] == "http://127.0.0.1:8000"
    assert environment["PLUMBLINE_LOOPBACK"] == "1"
    told_to_settings("0.0.0.0", 8000, tls=True)
    assert (environment["PLUMBLINE_LOOPBACK"], environment["PLUMBLINE_TLS"]) == ("0", "1")


def test_so_does_a_proxy_in_front(monkeypatch) -> None:
    environment = {"PLUMBLINE_BEHIND_PROXY": "1"}
    monkeypatch.setattr("os.environ", environment)
    told_to_settings("127.0.0.1", 8000, tls=False)
    assert environment["PLUMBLINE_LOOPBACK"] == "0"
