"""A server beside the test that notes whoever calls: what content points to, and nobody may ask for."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def server() -> Iterator[tuple[str, list[str]]]:
    """(its address, the lines of those who called)."""
    asked: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            asked.append(self.rfile.readline(2000).decode("latin-1").strip())
            self.close_connection = True

        def log_message(self, *_said: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}", asked
    finally:
        listening.shutdown()
        listening.server_close()
