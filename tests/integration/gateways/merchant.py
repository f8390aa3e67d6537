"""The merchant's side in these tests: a clock that is moved by hand, and a webhook address."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from meterai.gateways.midtrans.webhooks import parse_webhook

SERVER_KEY = "SB-Mid-server-test"
START = datetime(2026, 9, 3, 2, 0, tzinfo=UTC)


class ManualClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


class Merchant:
    """Accepts webhooks at `.url`. Responds with `answers` while there are any, then with 200."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.answers: list[int] = []
        merchant = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                merchant.bodies.append(body)
                self.send_response(merchant.answers.pop(0) if merchant.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_port}/midtrans"
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def states(self) -> list[str]:
        """The states in the webhooks, in their order of arrival."""
        return [json.loads(body)["transaction_status"] for body in self.bodies]

    def named(self) -> list[str]:
        """The charges that the webhooks name; every webhook must be validly signed."""
        return [parse_webhook(body, SERVER_KEY).charge_id for body in self.bodies]
