"""A real HTTP server on this machine that keeps what it is sent; answers as a test says."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Listener:
    """What came: path, headers in small letters, body; and every connection, whatever it said."""

    port: int = 0
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    answer: Callable[[int], int] = lambda nth: 204  # the status of the nth request, from 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that listens on every address of this machine, of both families where there are two."""
    kept = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            kept.got.append((self.path, headers, body))
            self.send_response(kept.answer(len(kept.got) - 1))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Silent."""

    class Server(ThreadingHTTPServer):
        def verify_request(self, request: object, client_address: tuple) -> bool:
            kept.connections.append(client_address[0])
            return True

    server = Server(("0.0.0.0", 0), Handler)
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Pages:
    """One page at one address, as it is now; None: the server answers 503."""

    url: str
    body: bytes | None = b""
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def pages() -> Iterator[Pages]:
    """A server of one page, such as what a provider tells of itself."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = kept.body
            self.send_response_only(503 if body is None else 200)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_words: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Pages(f"http://127.0.0.1:{server.server_address[1]}/metadata")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()
