"""Where the browser returns to on the same machine (RFC 8252, section 7.3).

Cognito compares the whole address, so the port is one that is registered, and not any that is free.
"""

import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self
from urllib.parse import urlsplit

from meterai_cli.sign_in.errors import SignInFailed

WAIT_S = 5 * 60  # as long as Cognito lets a person sign in
_HOSTS = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}
_THANKS = """<!doctype html><meta charset="utf-8"><title>Meterai</title>
<p>Anda dapat menutup halaman ini dan kembali ke terminal.
<p lang="en">You can close this page and return to the terminal."""


class Loopback:
    """Listens, as a context manager, on the port of a redirect address of this machine alone."""

    def __init__(self, redirect_uri: str) -> None:
        parts = urlsplit(redirect_uri)
        host = _HOSTS.get(parts.hostname or "")
        if parts.scheme != "http" or host is None:
            raise SignInFailed(f"{redirect_uri} is not an address of this machine")
        self._redirect_uri = redirect_uri
        self._path = parts.path or "/"
        self._query: str | None = None
        self._server = _server_at(host, parts.port or 80, self._handler())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(self, open_browser: Callable[[], object]) -> str:
        """The address at which the browser arrived."""
        open_browser()
        self._server.timeout = WAIT_S
        self._server.timed_out = False
        while self._query is None:
            self._server.handle_request()
            if self._server.timed_out:
                raise SignInFailed(f"Nobody signed in within {WAIT_S // 60} minutes: try again")
        return f"{self._redirect_uri}?{self._query}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, query = self.path.partition("?")
                is_answer = path == loopback._path and bool(query)
                self.send_response(200 if is_answer else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                if is_answer:
                    self.wfile.write(_THANKS.encode())
                    loopback._query = query

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Nothing is logged: the address contains the code."""

        return Handler


class _Server(HTTPServer):
    timed_out = False

    def handle_timeout(self) -> None:
        self.timed_out = True


class _Server6(_Server):
    address_family = socket.AF_INET6


def _server_at(host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> _Server:
    kind = _Server6 if ":" in host else _Server
    try:
        return kind((host, port), handler)
    except OSError as taken:
        raise SignInFailed(f"Port {port} of this machine is taken: {taken.strerror}") from taken
