"""Before people come: what is wrong in the file, and what is wrong at a provider, each in one sentence."""

import json
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from django.core.cache import cache

from plumbline.config.certificates import ensure_pair
from plumbline.config.commands import entering
from plumbline.kernel.testing import Company
from plumbline.organisation.signin import checking
from plumbline.organisation.signin.providers import Provider, as_allauth, read
from tests.peers.saml import Saml

OIDC = {"id": "w", "kind": "oidc", "name": "Works", "issuer": "https://sso.example", "client": "c"}
SAML = {"id": "w", "kind": "saml", "name": "Works", "entity": "x", "metadata": "https://sso.example"}
LDAP = {"id": "w", "kind": "ldap", "name": "Works", "server": "ldaps://dc.example", "base": "dc=example"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[provider]\nid = "w"', "[[provider]] in two brackets"),
        (OIDC | {"domains": "acme.example"}, 'as a list: ["example.com"]'),
        (OIDC | {"domains": []}, 'as a list: ["example.com"]'),
        (OIDC | {"secert": "s"}, "secert is no word for oidc"),
        (OIDC | {"domain": ["acme.example"], "domains": None}, "domain is no word for oidc; domains is missing."),
        (OIDC | {"secret_file": "gone"}, "/gone, which cannot be read: No such file or directory."),
        (OIDC | {"bind": "s"}, "bind is no word for oidc"),
        (OIDC | {"issuer": "http://sso.example"}, "issuer must begin with https://"),
        (SAML | {"metadata": "http://sso.example"}, "metadata must begin with https://"),
        (LDAP | {"server": "dc.example"}, "server begins with ldaps:// or ldap://"),
        (OIDC | {"kind": "oauth"}, "kind must be one of oidc, saml, ldap"),
    ],
)
def test_a_mistake_in_the_file_is_said_and_not_passed_over(tmp_path, text, why) -> None:
    file = tmp_path / "sign-in.toml"
    if isinstance(text, dict):
        given = {"domains": ["acme.example"], **text}.items()
        text = "[[provider]]\n" + "\n".join(
            f"{name} = {json.dumps(value)}" for name, value in given if value is not None
        )
    file.write_text(text)
    with pytest.raises(SystemExit) as told:
        read(str(file))
    assert why in str(told.value)


def test_what_is_meant_so_is_taken(tmp_path) -> None:
    file = tmp_path / "sign-in.toml"
    lines = [OIDC | {"issuer": "http://localhost:8080"}, OIDC | {"id": "x", "issuer": "http://sso.lan", "plain": True}]
    told = ({"domains": ["Acme.example"], **line} for line in lines)
    texts = ("\n".join(f"{name} = {json.dumps(value)}" for name, value in line.items()) for line in told)
    file.write_text("".join(f"[[provider]]\n{text}\n" for text in texts))
    assert [one.domains for one in read(str(file))] == [("acme.example",), ("acme.example",)]


def _openid(issuer: str, **options: str) -> Provider:
    return Provider(
        "w", "oidc", "Works", ("acme.example",), options={"issuer": issuer, "client": "c", "secret": "s", **options}
    )


def test_an_openid_provider_is_tried(openid, pages, settings) -> None:
    """As told by the real one, and by pages that differ from it in one thing."""
    doors = {"DIRECTIVES": {"form-action": ["'self'"]}}
    settings.CONTENT_SECURITY_POLICY = doors
    assert f'origins = ["{openid.issuer}"]' in checking.wrong(_openid(openid.issuer))
    doors["DIRECTIVES"]["form-action"].append(openid.issuer)
    assert checking.wrong(_openid(openid.issuer)) == ""
    back = {"redirect_uris": ["https://plumb.example/back"], "token_endpoint_auth_method": "client_secret_post"}
    made = requests.post(f"{openid.issuer}/oauth2/clients", json=back, timeout=60).json()
    known = {"client": made["client_id"]}
    assert "does not take this client" in checking.wrong(_openid(openid.issuer, secret="wrong", **known))
    assert checking.wrong(_openid(openid.issuer, secret=made["client_secret"], **known)) == ""
    assert "does not answer as it must" in checking.wrong(_openid("http://localhost:1"))
    told = requests.get(f"{openid.issuer}/.well-known/openid-configuration", timeout=60).json()
    mine = pages.url.removesuffix("/metadata")
    pages.body = json.dumps(told).encode()
    assert f"it calls itself {openid.issuer}" in checking.wrong(_openid(mine))
    pages.body = json.dumps(told | {"issuer": mine}).encode()
    assert checking.wrong(_openid(mine)) == ""
    pages.headers["date"] = "Mon, 05 Jan 2026 10:00:00 GMT"
    assert "seconds apart" in checking.wrong(_openid(mine))
    for nonsense in (b"<html>", b"[]", b'{"issuer": 5}', None):
        pages.body = nonsense
        assert "does not answer as it must" in checking.wrong(_openid(mine)), nonsense


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://sso.linden.invalid", "the name sso.linden.invalid is not known in this network"),
        ("https://localhost:1", "nobody answers there"),
        ("pages", "what answers there is something else, or says that it cannot"),
    ],
)
def test_who_is_silent_is_told_of_in_a_sentence(pages, address, why) -> None:
    """Not in the words of a library, and alike of OpenID and of SAML."""
    address = pages.url.removesuffix("/metadata") if address == "pages" else address
    pages.body = None
    told = {"entity": "https://idp.example/saml", "metadata": f"{address}/metadata"}
    cache.clear()
    for where, one in (
        ("/.well-known/openid-configuration", _openid(address)),
        ("/metadata", Provider("w", "saml", "Works", ("acme.example",), options=told)),
    ):
        assert checking.wrong(one) == f"it does not answer as it must at {address}{where}: {why}"


def test_a_certificate_that_is_not_trusted_is_called_so(tmp_path) -> None:
    pair = ensure_pair(tmp_path, [], [])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        address = f"https://localhost:{server.server_address[1]}"
        told = {"entity": "https://idp.example/saml", "metadata": f"{address}/metadata"}
        directory = {"server": address.replace("https", "ldaps"), "base": "dc=acme"}
        for one in (
            _openid(address),
            Provider("w", "saml", "Works", ("acme.example",), options=told),
            Provider("w", "ldap", "Works", ("acme.example",), options=directory),
        ):
            assert "the certificate of localhost is not trusted here (" in checking.wrong(one)
        server.shutdown()


def test_a_saml_provider_is_tried(pages, settings) -> None:
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"form-action": ["https://idp.example"]}}
    idp, told = Saml(), {"entity": "https://idp.example/saml", "metadata": pages.url}
    works = Provider("w", "saml", "Works", ("acme.example",), options=told)
    cache.clear()
    pages.body = idp.metadata("https://idp.example/sso")
    assert checking.wrong(works) == ""
    pages.body = idp.metadata("https://login.example/sso")
    assert 'origins = ["https://login.example"]' in checking.wrong(works), "what was read before does not hide it"
    pages.body = Saml("https://another.example").metadata("https://idp.example/sso")
    assert "says nothing of https://idp.example/saml" in checking.wrong(works)
    for nonsense in (b"<html>", b"", None):
        pages.body = nonsense
        assert pages.url in checking.wrong(works)


def test_a_silent_provider_keeps_one_thread_waiting_however_often_it_is_tried() -> None:
    with socket.create_server(("localhost", 0)) as silent, ThreadPoolExecutor(1) as pool:
        works = _openid(f"http://localhost:{silent.getsockname()[1]}")
        first = pool.submit(checking.wrong, works)
        asked, _address = silent.accept()
        assert "somebody tries a connection at this moment" in checking.wrong(works)
        asked.close()
        assert "does not answer as it must" in first.result(60)
        silent.close()
        assert "does not answer as it must" in checking.wrong(works), "the next one may try"


@pytest.mark.django_db
def test_on_the_page_and_at_the_command_line(openid, settings, capsys, monkeypatch) -> None:
    """Who runs the organisation reads what to enter at its providers, and tries them; of others nothing is told."""
    other = Provider(
        "other", "oidc", "Another company", ("else.example",), options=_openid("http://localhost:1").options
    )
    works, ours = _openid(openid.issuer), "/accounts/oidc/w/login/callback/"
    settings.PLUMBLINE_PROVIDERS = [works, other]
    settings.SOCIALACCOUNT_PROVIDERS = as_allauth(settings.PLUMBLINE_PROVIDERS)
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"form-action": [openid.issuer]}}
    acme = Company("Acme")
    page, client = "/acme/settings/sign-in/", acme.client(acme.ann)
    shown = client.get(page).content.decode()
    assert (f'{settings.PLUMBLINE_ORIGIN}{ours}"' in shown, "accounts/oidc/other" in shown) == (True, False)
    assert "It answers as it must." in client.post(page, {"try": "w"}).content.decode()
    assert client.post(page, {"try": "other"}).status_code == 404
    assert acme.client(acme.bob).post(page, {"try": "w"}).status_code == 403
    assert entering.run("", json=True) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [bool(facts["wrong"]) for facts in told] == [False, True]
    assert told[0]["callback"].endswith(ours)
    settings.PLUMBLINE_PROVIDERS = [works]
    for told, warned in (("", True), (settings.PLUMBLINE_ORIGIN, False)):
        monkeypatch.setenv("PLUMBLINE_ORIGIN", told)
        assert entering.run("", json=False) == 0
        said = capsys.readouterr()
        assert "answers  as it must" in said.out
        assert ("Set PLUMBLINE_ORIGIN" in said.err) == warned, "an address of this machine is of no use at a provider"
    settings.PLUMBLINE_PROVIDERS = [other]
    shown = client.get(page).content.decode()
    assert ("No identity provider is set up for your e-mail address" in shown, "Another company" in shown) == (
        True,
        True,
    )
