"""The system's real steps over in-memory ports, with one real gateway adapter and its simulator.

The state and the gateway have one clock. Webhooks come over HTTP to the system, as its function
would receive them; a message pump delivers the queued messages.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from meterai.domain.errors import Unavailable, WebhookRefused
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import Method, WebhookEvent
from meterai.gateways.midtrans.charges import Midtrans
from meterai.gateways.midtrans.payouts import MidtransPayouts
from meterai.gateways.midtrans.statements import MidtransStatements
from meterai.gateways.midtrans.webhooks import parse_webhook as read_midtrans
from meterai.gateways.names import GatewayName
from meterai.gateways.xendit.charges import Xendit
from meterai.gateways.xendit.payouts import XenditPayouts
from meterai.gateways.xendit.statements import XenditStatements
from meterai.gateways.xendit.webhooks import check_sender
from meterai.gateways.xendit.webhooks import parse_webhook as read_xendit
from meterai.ports import Gateway, GatewayRecords, Payouts, WebhookParser, WebhookVerifier
from meterai.steps.purchase import RequestedOrder, purchase
from meterai.steps.receive_webhook import receive_webhook
from tests.fakes.in_memory_state import InMemoryState
from tests.integration.gateways.merchant import SERVER_KEY
from tests.midtrans import MidtransSimulator
from tests.midtrans.gateway import GatewaySimulator
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.xendit import XenditSimulator

CALLBACK_TOKEN = "the callback token"
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Engine:
    """The system's parts for one gateway."""

    name: GatewayName
    gateway: Gateway
    payouts: Payouts
    records: GatewayRecords
    check: WebhookVerifier
    read: WebhookParser


class GatewayApp(InMemoryApp):
    adapter: Engine

    def connect(self, engine: Engine) -> None:
        """Puts the gateway's real adapters among the in-memory ports."""
        self.adapter = engine
        adapters: dict[str, Any] = {
            "gateway": engine.gateway,
            "gateways": {engine.name: engine.gateway},
            "payouts": {engine.name: engine.payouts},
            "records": {engine.name: engine.records},
            "webhook_verifiers": {engine.name: engine.check},
            "webhook_parsers": {engine.name: engine.read},
        }
        self.ports = replace(self.ports, **adapters)

    def purchase(self, key: str, quantity: int, method: Method, unit_price_idr: int) -> Order:
        requested = RequestedOrder(quantity, method, f"{quantity}{method}")
        ports = replace(self.ports, unit_price_idr=unit_price_idr)
        return purchase(RequestIdentity("orders", BUYER, key), requested, ports, self.now)

    def receive(self, body: str, headers: Headers) -> int:
        """The HTTP status of the response to the webhook."""
        try:
            receive_webhook(self.adapter.name, body, headers, self.ports)
        except WebhookRefused:
            return 400
        except Unavailable:
            return 503
        return 200


@dataclass
class GatewayPump(MessagePump):
    """Waits until the gateway has sent everything."""

    simulator: GatewaySimulator | None = None

    def deliver(self) -> None:
        assert self.simulator is not None
        while self.simulator.wait_until_idle() and self._next_lane() is not None:
            super().deliver()

    def _next_event(self) -> datetime | None:
        assert self.simulator is not None
        times = [super()._next_event(), self.simulator.ledger.next_due()]
        return min((at.astimezone(UTC) for at in times if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class GatewayHarness:
    app: GatewayApp
    simulator: MidtransSimulator | XenditSimulator
    pump: GatewayPump

    @property
    def state(self) -> InMemoryState:
        return self.app.state

    def buy(
        self, method: Method = Method.QRIS, *, quantity: int = 1, unit_price_idr: int = 12_000
    ) -> Order:
        """The buyer retries, with the same key, until the order has its payment instruction."""
        for _ in range(5):
            try:
                order = self.app.purchase("buy", quantity, method, unit_price_idr)
            except Unavailable:
                order = None
            if order is not None and order.instruction is not None:
                return order
            self.state.pass_time(timedelta(seconds=20))
        raise AssertionError("the order never got its payment instruction")

    def stored(self, order: Order) -> Order:
        return self.state.orders[order.order_id]

    @property
    def refunded_at_gateway_idr(self) -> int:
        return sum(one.refunded_idr for one in self.simulator.ledger.latest(99))

    @property
    def held_by_gateway_idr(self) -> int:
        """The whole rupiah that arrived and that no bank reversed, less what was returned."""
        came = [one for one in self.simulator.ledger.latest(99) if one.settled_at is not None]
        held = [one for one in came if one.state not in ("deny", "chargeback")]
        return sum(max(0, one.gross_idr) - one.refunded_idr for one in held)


@contextmanager
def open_harness(name: str, *, fee_percent: Decimal = Decimal(0)) -> Iterator[GatewayHarness]:
    app = GatewayApp()
    simulator: MidtransSimulator | XenditSimulator
    if name == "midtrans":
        simulator, engine = _midtrans(app, fee_percent)
    else:
        simulator, engine = _xendit(app)
    app.connect(engine)
    with simulator, _webhook_server(app) as url:
        simulator.webhook_url = url
        yield GatewayHarness(app, simulator, GatewayPump(app, simulator=simulator))


def _midtrans(app: GatewayApp, fee_percent: Decimal) -> tuple[MidtransSimulator, Engine]:
    simulator = MidtransSimulator(
        server_key=SERVER_KEY,
        now=lambda: app.state.now,
        delay_factor=0.0,
        bank_confirms_after=timedelta(minutes=5),
        fee_percent=fee_percent,
    )

    def check(body: str, headers: Headers) -> WebhookEvent:
        del headers  # the signature is in the body
        return read_midtrans(body, SERVER_KEY)

    def now() -> datetime:
        return app.state.now

    def export(name: str) -> list[str]:
        """An operator has exported every day that is read."""
        return simulator.export(date.fromisoformat(Path(name).stem)).splitlines()

    payouts = MidtransPayouts(simulator.url, "IRIS-creator-local", "IRIS-approver-local", now=now)
    adapter = Engine(
        name="midtrans",
        gateway=Midtrans(simulator.url, SERVER_KEY, now=now),
        payouts=payouts,
        records=MidtransStatements(export, payouts),
        check=check,
        read=lambda body: read_midtrans(body, SERVER_KEY),
    )
    return simulator, adapter


def _xendit(app: GatewayApp) -> tuple[XenditSimulator, Engine]:
    simulator = XenditSimulator(
        secret_key=SERVER_KEY,
        callback_token=CALLBACK_TOKEN,
        now=lambda: app.state.now,
        delay_factor=0.0,
        bank_confirms_after=timedelta(minutes=5),
    )

    def check(body: str, headers: Headers) -> WebhookEvent:
        check_sender(headers, CALLBACK_TOKEN)
        return read_xendit(body)

    adapter = Engine(
        name="xendit",
        gateway=Xendit(simulator.url, SERVER_KEY, now=lambda: app.state.now),
        payouts=XenditPayouts(simulator.url, SERVER_KEY),
        records=XenditStatements(simulator.url, SERVER_KEY),
        check=check,
        read=read_xendit,
    )
    return simulator, adapter


@contextmanager
def _webhook_server(app: GatewayApp) -> Iterator[str]:
    """The address that accepts webhooks."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(app.receive(body, headers))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
