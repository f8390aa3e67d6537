"""Where the browser returns to on the same machine (RFC 8252, section 7.3).

Cognito compares the whole address, so the port is one that is registered, and not any that is free.
"""

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
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
        self._answers: SimpleQueue[str] = SimpleQueue()
        handler = _handler(parts.path or "/", self._answers)
        self._server = _server_at(host, parts.port or 80, handler)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(self, open_browser: Callable[[], object]) -> str:
        """The address at which the browser arrived. Each connection has a thread of its own: a
        browser opens some that it does not use."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            open_browser()
            return f"{self._redirect_uri}?{self._answers.get(timeout=WAIT_S)}"
        except Empty:
            minutes = WAIT_S // 60
            raise SignInFailed(f"Nobody signed in within {minutes} minutes: try again") from None
        finally:
            self._server.shutdown()


def _handler(own_path: str, answers: SimpleQueue[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            is_answer = path == own_path and bool(query)
            self.send_response(200 if is_answer else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if is_answer:
                self.wfile.write(_THANKS.encode())
                answers.put(query)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Nothing is logged: the address contains the code."""

    return Handler


class _Server6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


def _server_at(host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    kind = _Server6 if ":" in host else ThreadingHTTPServer
    try:
        return kind((host, port), handler)
    except OSError as taken:
        raise SignInFailed(f"Port {port} of this machine is taken: {taken.strerror}") from taken
