"""The gateway's HTTP server, on 127.0.0.1 only: routes requests to API, pages and fault control."""

import json
import re
import socket
import time
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

from tests.midtrans import pages
from tests.midtrans.faults import read_fault
from tests.midtrans.wire import Call, Reply

if TYPE_CHECKING:
    from tests.midtrans.gateway import GatewaySimulator

_PICTURE = re.compile(r"/v2/qris/(?P<id>[^/]+)/qr-code")
_PAGE = re.compile(r"/(?:qris|va)/(?P<id>[^/]+)")
_CLICK = re.compile(r"/(?:qris|va)/(?P<id>[^/]+)/(?P<act>pay|reject|expire)")

_MAX_BODY_BYTES = 1_000_000


class Handler(BaseHTTPRequestHandler):
    """Handles several requests on a kept connection, as the real gateway does."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    simulator: ClassVar["GatewaySimulator"]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Silent: tests read the delivery log and the ledger."""

    def _answer(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _MAX_BODY_BYTES)
        raw = self.rfile.read(length)
        self.simulator.ledger.tick()
        path, _, query = self.path.partition("?")
        reply = self._route(path, query, raw)
        if reply is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.http_status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        if reply.location is not None:
            self.send_header("Location", reply.location)
        self.end_headers()
        if not reply.byte_every_s:
            self.wfile.write(reply.body)
            return
        for byte in reply.body:
            self.wfile.write(bytes([byte]))
            time.sleep(reply.byte_every_s)

    def _route(self, path: str, query: str, raw: bytes) -> Reply | None:
        if self.simulator.is_call(path):
            headers = {name.lower(): value for name, value in self.headers.items()}
            return self.simulator.answer(Call(self.command, path, query, headers, raw))
        if path == "/simulator/faults":
            return self._control(raw)
        if self.command == "POST" and (found := _CLICK.fullmatch(path)):
            return self._click(found["id"], found["act"])
        if self.command == "GET":
            return self._page(path)
        return _text(404, "not found")

    def _page(self, path: str) -> Reply:
        simulator = self.simulator
        with simulator.ledger.lock:
            if path == "/":
                return _html(pages.list_page(simulator.ledger.latest(20), simulator.url))
            found = _PICTURE.fullmatch(path) or _PAGE.fullmatch(path)
            transaction = simulator.transaction(found["id"]) if found else None
            if transaction is None:
                return _text(404, "not found")
            if path.startswith("/v2/") and transaction.qr_string:
                # a person who follows the link gets the page, an <img> the picture
                if "text/html" in self.headers.get("Accept", ""):
                    return _see(pages.path_of(transaction))
                return Reply(200, "image/png", pages.picture(transaction.qr_string))
            return _html(pages.payment_page(transaction, simulator.merchant_name))

    def _click(self, name: str, act: str) -> Reply:
        buyer = self.simulator.buyer
        transaction = self.simulator.transaction(name)
        if transaction is None:
            return _text(404, "not found")
        acts = {"pay": buyer.pay, "reject": buyer.reject, "expire": buyer.let_expire}
        acts[act](transaction)  # a second click changes nothing; the page shows the state
        return _see(pages.path_of(transaction))

    def _control(self, raw: bytes) -> Reply:
        """POST adds a fault, DELETE removes all, GET lists those that have not happened yet."""
        faults = self.simulator.faults
        if self.command == "DELETE":
            faults.clear()
        if self.command == "POST":
            try:
                self.simulator.add_fault(read_fault(json.loads(raw)))
            except (ValueError, TypeError) as error:
                return _text(400, str(error))
        waiting = [asdict(fault) for fault in faults.waiting()]
        return Reply(200, "application/json", json.dumps({"waiting": waiting}).encode())


class Server(ThreadingHTTPServer):
    """One thread for each connection; none of them keeps the process alive."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that closes its connection is no error."""


def _html(page: str) -> Reply:
    return Reply(200, "text/html; charset=utf-8", page.encode())


def _text(http_status: int, text: str) -> Reply:
    return Reply(http_status, "text/plain; charset=utf-8", text.encode())


def _see(path: str) -> Reply:
    return Reply(303, "text/plain", b"", location=path)
