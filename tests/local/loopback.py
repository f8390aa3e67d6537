"""A threaded HTTP server on 127.0.0.1, and nowhere else."""

import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"


def _starting(_: object, __: object) -> Iterable[bytes]:
    raise AssertionError("the server accepts connections only once it has its application")


class _QuietHandler(WSGIRequestHandler):
    """Requests are not printed to the terminal; the application keeps its own log."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        if type == "error":
            super().log(type, message, *args)


class LoopbackServer:
    """Serves a WSGI application.

    The port is bound at once, so the address is known before there is an application. Connections
    made in between wait.
    """

    def __init__(
        self, port: int = 0, *, request_handler: type[WSGIRequestHandler] = WSGIRequestHandler
    ) -> None:
        quiet: Any = type("Handler", (_QuietHandler, request_handler), {})
        self._server = make_server(HOST, port, _starting, threaded=True, request_handler=quiet)
        self.url = f"http://{HOST}:{self._server.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, name=f"serve {self.url}", daemon=True
        )

    def start(self, app: "WSGIApplication") -> None:
        self._server.app = app
        self._thread.start()

    def stop(self) -> None:
        if not self._thread.is_alive():
            self._server.server_close()
            return
        # Shutting the socket down wakes the accept loop, which otherwise checks only every half
        # second.
        with suppress(OSError):
            self._server.socket.shutdown(socket.SHUT_RDWR)
        self._server.shutdown()
        self._thread.join()
