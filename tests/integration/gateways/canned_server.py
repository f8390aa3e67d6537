"""A server that returns given responses one after the other, and records the requests."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

LOST = 0  # in place of a status: the connection is closed without an answer
Canned = tuple[int, str] | tuple[int, str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Received:
    """Names of headers are in lower case."""

    verb: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class CannedServer:
    """Each answer is a status, a body and, if there are any, headers. `requests`: verb and path of
    each request, in their order; `received`: all of it."""

    def __init__(self, *answers: Canned) -> None:
        self.received: list[Received] = []
        waiting, received = list(answers), self.received
        self.waiting = waiting

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                sent = self.rfile.read(int(headers.get("content-length", 0)))
                received.append(Received(self.command, self.path, headers, sent))
                status, body, *more = waiting.pop(0)
                if status == LOST:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(body.encode())))
                for name, value in more[0].items() if more else ():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def requests(self) -> list[tuple[str, str]]:
        return [(one.verb, one.path) for one in self.received]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
