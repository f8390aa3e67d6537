"""The Lambda Runtime API (2018-06-01), as one instance sees it.

On AWS each instance has its own, at `AWS_LAMBDA_RUNTIME_API`. So it has here: one small server for
each instance. `awslambdaric` requests the `next` invocation, and posts a response or an error.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import queue
import re
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.local.loopback import HOST

_ANSWER = re.compile(r"/2018-06-01/runtime/invocation/([^/]+)/(response|error)")


@dataclass(frozen=True)
class Invocation:
    """What an instance receives: the event, and the data of the handler's context."""

    request_id: str
    event: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Ready:
    """The instance has initialised and waits."""


@dataclass(frozen=True)
class Answered:
    """The handler returned, or raised (`error_type` is set)."""

    request_id: str
    payload: bytes
    error_type: str | None


@dataclass(frozen=True)
class InitFailed:
    """The handler could not be loaded."""

    payload: bytes
    error_type: str


@dataclass(frozen=True)
class Exited:
    """The process ended by itself."""

    return_code: int


InstanceEvent = Ready | Answered | InitFailed | Exited


class RuntimeApi:
    """One instance's Runtime API. What the instance reports arrives in `events`, in order."""

    def __init__(self) -> None:
        self.events: queue.Queue[InstanceEvent] = queue.Queue()
        self._invocations: queue.Queue[Invocation | None] = queue.Queue()
        self._server = _Server(self)
        self.address = f"{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, name=f"runtime api {self.address}", daemon=True
        )
        self._thread.start()

    def hand_over(self, invocation: Invocation) -> None:
        self._invocations.put(invocation)

    def next_invocation(self) -> Invocation | None:
        """Blocks until there is one; None when the instance is being stopped."""
        self.events.put(Ready())
        return self._invocations.get()

    def stop(self) -> None:
        self._invocations.put(None)
        with suppress(OSError):  # wakes the accept loop, as in loopback.py
            self._server.socket.shutdown(socket.SHUT_RDWR)
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__((HOST, 0), _Handler)
        self.api = api

    def handle_error(self, request: object, client_address: object) -> None:
        """A killed instance breaks its connection; its exit reports that already."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body: two would wait for a delayed ACK, 40 ms each
    server: "_Server"  # narrower than the library's type

    @property
    def _api(self) -> RuntimeApi:
        return self.server.api

    def do_GET(self) -> None:
        if self.path != "/2018-06-01/runtime/invocation/next":
            self._answer(404)
            return
        invocation = self._api.next_invocation()
        if invocation is None:
            self.close_connection = True
            return
        self._answer(200, invocation.event, invocation.headers)

    def do_POST(self) -> None:
        payload = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        error_type = self.headers.get("Lambda-Runtime-Function-Error-Type", "Unhandled")
        if match := _ANSWER.fullmatch(self.path):
            request_id, kind = match.groups()
            raised = error_type if kind == "error" else None
            self._api.events.put(Answered(request_id, payload, raised))
        elif self.path == "/2018-06-01/runtime/init/error":
            self._api.events.put(InitFailed(payload, error_type))
        else:
            self._answer(404)
            return
        self._answer(202, b'{"status":"OK"}')

    def _answer(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The function's output is logged; the runtime's requests are not worth a line."""
