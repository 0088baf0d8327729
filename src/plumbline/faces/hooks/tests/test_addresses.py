"""No webhook reaches an inner address, however its address is spelled: tried against a server that listens there."""

import socket
from ipaddress import ip_address

import pytest

from plumbline.faces.hooks import addresses
from plumbline.faces.hooks.addresses import Refused, inward, outer, post, split

HOSTS = [
    *(
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
    ),
    *("0", "0.0.0.0", "0x0", "00.0.0.0", "127.127.127.127", "127.000.000.001", "localhost", "LOCALHOST", "localhost."),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0::1]"),
    *("[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]"),
    *("10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.1", "192.168.0.1", "169.254.169.254", "0xa9fea9fe"),
    *("2852039166", "0251.0376.0251.0376", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "[ff02::1]", "[fec0::1]"),
    *("[2001:db8::1]", "[100::1]", "１２７.０.０.１", "127。0。0。1", "ⓛocalhost", "①②⑦.⓪.⓪.①"),
]
FORMS = [
    "https://user@127.0.0.1:{port}/",
    "https://example.org@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\@example.org/",
    "https://example.org:x@127.0.0.1:{port}#@example.org/",
    "https://127.0.0.1:{port} .example.org/",
    "https://127.0.0.1\t:{port}/",
    "ftp://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "https:///{port}",
    "https://:{port}/",
    "https://[::1/",
    "https://127.0.0.1:{port}999/",
    "https://127.0.0.1:-1/",
    "javascript:alert({port})",
    "https://\u0000127.0.0.1:{port}/",
]


def every_form(port: int) -> list[str]:
    """Inner addresses in every spelling, with TLS and without."""
    spelled = [f"{scheme}://{host}:{port}/x" for host in HOSTS for scheme in ("https", "http")]
    return spelled + [form.format(port=port) for form in FORMS]


def test_no_spelling_of_an_inner_address_is_connected_to(listener) -> None:
    forms = every_form(listener.port)
    assert len(forms) > 120
    for url in forms:
        with pytest.raises(Refused):
            post(url, b"{}", {})
    assert listener.connections == []


def test_with_the_guard_off_the_same_forms_arrive(listener, monkeypatch) -> None:
    monkeypatch.setattr(addresses, "_first_good", lambda target, found: next(iter(found)))
    monkeypatch.setattr(addresses, "SECONDS", 0.2)
    for host in ("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0", "localhost", "127。0。0。1"):
        post(f"http://{host}:{listener.port}/x", b"{}", {})
    assert len(listener.connections) == 7


def test_a_name_that_leads_inwards_even_beside_an_outer_address_is_refused(listener, monkeypatch) -> None:
    told = [(0, 0, 0, "", (address, listener.port)) for address in ("93.184.215.14", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: told)
    with pytest.raises(Refused, match="inner address"):
        post(f"https://example.org:{listener.port}/", b"{}", {})
    assert listener.connections == []


def test_a_name_is_looked_up_once_and_that_answer_is_connected_to(listener, monkeypatch) -> None:
    """A name server that says an outer address first and an inner one afterwards gains nothing."""
    asked, reached = [], []

    def answers(*_asked, **_how):
        asked.append(1)
        return [(0, 0, 0, "", ("93.184.215.14" if len(asked) == 1 else "127.0.0.1", listener.port))]

    def connect(address, timeout):
        reached.append(address)
        raise TimeoutError("no way out from here")

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(TimeoutError):
        post("https://example.org/", b"{}", {})
    assert (len(asked), reached) == (1, [("93.184.215.14", 443)])


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.org/", "only with https"),
        ("https://user@example.org/", "name and password"),
        ("https://user:word@example.org/", "name and password"),
        ("https://:@example.org/", "name and password"),
        ("https://example.org\\@example.net/", "no spaces"),
        ("https://example .org/", "no spaces"),
        ("https://example.org/\r\nX-Admin: 1", "no spaces"),
        ("https://example.org/\x7f", "no spaces"),
        ("https://example.org/ä", "the way a browser shows it"),
        ("ftp://example.org/", "begins with https"),
        ("file://example.org/etc/passwd", "begins with https"),
    ],
)
def test_also_outside_an_address_is_plain_and_over_tls(url, why, monkeypatch) -> None:
    """A good name alone is not enough: each form is refused for its own reason, before anything is connected to."""

    def connect(*_asked):
        raise AssertionError("it connected")

    told = [(0, 0, 0, "", ("93.184.215.14", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: told)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Refused, match=why):
        post(url, b"{}", {})


def test_a_redirect_is_not_followed(listener, settings) -> None:
    settings.PLUMBLINE_WEBHOOK_INNER = ["127.0.0.1/32"]
    listener.answer = lambda nth: 302
    assert post(listener.url, b"{}", {})[0] == 302
    assert len(listener.got) == 1


def test_without_tls_only_into_a_network_that_is_named(listener, settings) -> None:
    settings.PLUMBLINE_WEBHOOK_INNER = ["10.0.0.0/8"]
    with pytest.raises(Refused, match="inner address"):
        post(listener.url, b"{}", {})
    settings.PLUMBLINE_WEBHOOK_INNER = ["127.0.0.0/8"]
    assert post(listener.url, b"{}", {})[0] == 204


def test_who_answers_drop_by_drop_is_hung_up_on(settings, monkeypatch) -> None:
    settings.PLUMBLINE_WEBHOOK_INNER = ["127.0.0.0/8"]
    monkeypatch.setattr(addresses, "LONGEST", 0.3)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with pytest.raises(OSError):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})


@pytest.mark.parametrize(
    "spelled",
    [
        *("::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::808:808", "2002:808:808::1"),  # IPv4 in IPv6
        *("4000::1", "fec0::1", "ff0e::1", "100::1", "192.0.0.193", "192.88.99.1", "224.1.1.1", "232.1.1.1"),
    ],
)
def test_what_python_calls_global_but_leads_elsewhere(spelled) -> None:
    """An outer IPv4 address in the clothes of IPv6 is refused too: who translates it decides where it leads."""
    assert not outer(ip_address(spelled))


@pytest.mark.parametrize("spelled", ["2001:1::1", "2001:20::1", "2001:0:808:808::1", "2002::1", "192.0.0.9"])
def test_the_blocks_that_lead_inwards_whatever_python_calls_them(spelled) -> None:
    """Later versions call some of them global: the first is the gateway of one's own network."""
    assert inward(ip_address(spelled))


@pytest.mark.parametrize("good", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111"])
def test_the_open_internet_is_let_through(good) -> None:
    assert outer(ip_address(good))


INNER = [f"{scheme}://{host}" for scheme in ("http", "https") for host in ("127.0.0.1:9099", "[::1]/", "localhost./x")]


@pytest.mark.parametrize(
    ("url", "why"), [("http://a.example/", "only with https"), *((url, "PLUMBLINE_WEBHOOK_INNER") for url in INNER)]
)
def test_what_is_certain_is_said_when_it_is_typed(url, why, settings) -> None:
    """Of an inner address at once what would allow it, not first that it lacks TLS."""
    with pytest.raises(addresses.Refused, match=why):
        addresses.seen_at_once(url)
    settings.PLUMBLINE_WEBHOOK_INNER = ["127.0.0.0/8", "::1/128"]
    addresses.seen_at_once(url)
    addresses.seen_at_once("https://a.example/")


def test_an_address_is_taken_apart() -> None:
    target = split("https://Büro.example:8443/a/b?x=1#top")
    assert (target.host, target.port, target.path) == ("xn--bro-hoa.example", 8443, "/a/b?x=1")
