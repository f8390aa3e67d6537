"""The Lambda Runtime API (2018-06-01), as one instance sees it.

On AWS each instance has its own, at `AWS_LAMBDA_RUNTIME_API`; so it is here, one small server for
each instance. `awslambdaric` asks for the `next` invocation, and posts a response or an error.
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
    """What an instance is given: the event, and what becomes the handler's context."""

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
    """The handler could not even be loaded."""

    payload: bytes
    error_type: str


@dataclass(frozen=True)
class Exited:
    """The process ended by itself."""

    return_code: int


Happening = Ready | Answered | InitFailed | Exited


class RuntimeApi:
    """One instance's Runtime API. What it reports arrives in `happenings`, in order."""

    def __init__(self) -> None:
        self.happenings: queue.Queue[Happening] = queue.Queue()
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
        self.happenings.put(Ready())
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
        """An instance that is killed breaks its connection; that is told by its exit."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body: two would wait for a delayed ACK, 40 ms each
    server: "_Server"  # narrower than the library says, which knows no server of ours

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
            self._api.happenings.put(Answered(request_id, payload, raised))
        elif self.path == "/2018-06-01/runtime/init/error":
            self._api.happenings.put(InitFailed(payload, error_type))
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
        """What the function says goes to its log; what the runtime asks is not worth one."""
