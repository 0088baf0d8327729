"""A client that checks services of SCIM 2.0 against the two RFCs walks a server as it is started by people."""

import http.client
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest

MAKE = (
    "from plumbline.faces.api import tokens; from plumbline.faces.scim import mapping;"
    "from plumbline.organisation.actor import Actor; from plumbline.organisation.models import Person;"
    "ruth = Person.objects.select_related('organisation').get(email='ruth@linden.example'); by = Actor.of(ruth);"
    "mapping.choose(by.organisation, by, on=True);"
    "print(tokens.make_for_program(by, 'Tester', 'SCIM', dict([mapping.RIGHT]), 30)[1])"
)


class Through:
    """Hands what a WSGI application is asked to a real server."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        address = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")
        headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(environ["REQUEST_METHOD"], address, environ["wsgi.input"].read() or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        start_response(f"{answer.status} {answer.reason}", answer.getheaders())
        return [content]


@pytest.mark.slow  # a server, and a hundred checks of several requests each
def test_nothing_is_against_the_rfcs(live) -> None:
    from scim2_client.engines.wsgi import WSGISCIMClient
    from scim2_tester import Status, check_server

    secret = live.plumb("django", "shell", "-v", "0", "-c", MAKE).strip().splitlines()[-1]
    client: Any = WSGISCIMClient(
        Through(live.url), f"{live.url}/scim/v2/linden/", headers=[("Authorization", f"Bearer {secret}")]
    )
    results = check_server(client)
    wrong = [f"{one.title}: {one.reason}" for one in results if one.status in (Status.ERROR, Status.CRITICAL)]
    assert wrong == [], "\n".join(wrong)
    good = [one.title for one in results if one.status == Status.SUCCESS]
    assert len(good) > 50, good
    assert live.plumb("verify", "--deep", "--json")
