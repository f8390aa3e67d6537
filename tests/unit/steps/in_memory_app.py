"""A small test system: every step over in-memory ports, with one clock.

Each action of a client, a gateway or a queue is a method here, and raises what the step raises.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import OrderId, RefundId, RequestIdentity
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import Method, WebhookEvent
from meterai.domain.reconciliation.ledger import AccountLedger
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import DocumentKind, EMeterai
from meterai.domain.stamping.verdicts import VerificationResult
from meterai.messages import (
    AugmentStamp,
    CheckCharge,
    CheckOrder,
    ExecuteRefund,
    Message,
    StampDocument,
    WebhookReceived,
)
from meterai.ports import Upload
from meterai.steps.augment import augment
from meterai.steps.cancel_order import cancel_order
from meterai.steps.claim_refund import claim_refund
from meterai.steps.confirm_payment import check_order, confirm_charge, confirm_webhook
from meterai.steps.create_claim_link import create_claim_link
from meterai.steps.execute_refund import execute_refund
from meterai.steps.join_waiting_room import join_waiting_room
from meterai.steps.purchase import RequestedOrder, purchase
from meterai.steps.read_ledger import read_ledger
from meterai.steps.read_receipt import read_receipt
from meterai.steps.receive_webhook import receive_webhook
from meterai.steps.reconcile import reconcile
from meterai.steps.release_bulk import release_bulk
from meterai.steps.renew_receipt_key import renew_receipt_key
from meterai.steps.request_refund import request_refund
from meterai.steps.request_stamping import RequestedStamping, request_stamping
from meterai.steps.stamp import stamp
from meterai.steps.sweep import sweep
from meterai.steps.verify import verify
from meterai.trust.receipts import check, key_id_of
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.ports import MemoryPorts, ports_of

BUYER = "buyer"
LETTER = b"%PDF-1.7 a letter of application"
BUDIS = BankAccount("bca", "1234567890", "Dr. Budi Santoso, M.Kom.")
WINDOW = timedelta(hours=8)  # a day is reconciled in windows of this length


@dataclass
class InMemoryApp:
    state: InMemoryState = field(default_factory=InMemoryState)
    ports: MemoryPorts = field(init=False)

    def __post_init__(self) -> None:
        self.ports = ports_of(self.state)

    @property
    def now(self) -> datetime:
        return self.state.now

    def buy(
        self,
        key: str = "buy",
        quantity: int = 2,
        method: Method = Method.QRIS,
        by: str = BUYER,
        *,
        ticket: str | None = None,
        portal: str | None = None,
    ) -> Order:
        requested = RequestedOrder(
            quantity, method, _hash(quantity, method), portal=portal, ticket=ticket
        )
        return purchase(RequestIdentity("orders", by, key), requested, self.ports, self.now)

    def join_waiting_room(self, by: str) -> str:
        """The account's ticket, while buying is paused."""
        held = join_waiting_room(by, self.ports, self.now)
        assert held is not None
        self.state.tickets.add((by, held.text))
        return held.text

    def cancel(self, order_id: OrderId, by: str = BUYER) -> Order:
        return cancel_order(by, order_id, self.ports, self.now)

    def upload(self, content: bytes = LETTER, by: str = BUYER) -> str:
        return self.ports.documents.upload(by, content)

    def send(self, form: Upload, content: bytes) -> None:
        """A browser sends the form with a file."""
        self.ports.documents.send(form, "a letter.pdf", content)

    def request(
        self,
        order_id: OrderId,
        key: str = "stamp",
        document: bytes = LETTER,
        *,
        count: int = 1,
        by: str = BUYER,
        portal: str | None = None,
        allow_duplicate: bool = False,
        bulk: bool = False,
    ) -> EMeterai:
        wanted = RequestedStamping(
            order_id=order_id,
            document=sha256(document).hexdigest(),
            places=tuple(PointPlacement(1, 100.0 * n, 50.0, 72.0) for n in range(count)),
            allow_overlap=False,
            repair=False,
            kind=DocumentKind.STATEMENT,
            reason="a letter",
            portal=portal,
            allow_duplicate=allow_duplicate,
            bulk=bulk,
            body_hash=_hash(order_id, document, count, portal, allow_duplicate, bulk),
        )
        identity = RequestIdentity("stampings", by, key)
        return request_stamping(identity, wanted, self.ports, self.now)[0]

    def refund(
        self, order_id: OrderId, key: str = "refund", quantity: int = 1, by: str = BUYER
    ) -> Refund:
        identity = RequestIdentity(f"orders/{order_id}/refunds", by, key)
        body_hash = _hash(quantity)
        return request_refund(identity, order_id, quantity, body_hash, self.ports, self.now)

    def claim_token(self, refund_id: RefundId, by: str = BUYER) -> str:
        return create_claim_link(by, refund_id, self.ports, self.now).token

    def claim(
        self,
        refund_id: RefundId,
        key: str = "claim",
        *,
        token: str | None = None,
        account: BankAccount = BUDIS,
        by: str = BUYER,
    ) -> Refund:
        identity = RequestIdentity(f"refunds/{refund_id}/claims", by, key)
        token = token or self.claim_token(refund_id)
        return claim_refund(identity, refund_id, token, account, self.ports, self.now)

    def break_down(self) -> None:
        """A hook that fails as if a response were lost."""
        raise Unavailable(party="everybody")

    def verify(self, document: str, by: str = BUYER) -> VerificationResult:
        return verify(by, document, self.ports)

    def webhook(self, body: str) -> None:
        """The gateway reports a charge, by a body as in `tests/fakes/webhooks.py`."""
        receive_webhook("midtrans", body, {}, self.ports)

    def settle(self, order: Order) -> None:
        """The buyer pays and the gateway reports it."""
        self.ports.gateway.settle(order.charge_id)
        self.webhook(order.charge_id)

    def act_on(self, message: Message) -> None:
        """Calls the step of the function that handles this lane's message."""
        match message:
            case WebhookReceived(gateway=gateway, body=body):
                confirm_webhook(gateway, body, self.ports, self.now)
            case CheckCharge(gateway=gateway, charge_id=charge_id, transaction_id=transaction_id):
                webhook = WebhookEvent(charge_id, transaction_id)
                confirm_charge(gateway, webhook, self.ports, self.now)
            case CheckOrder(order_id=order_id):
                check_order(order_id, self.ports, self.now)
            case StampDocument(serials=serials):
                stamp(serials, self.ports, self.now)
            case AugmentStamp(serial=serial):
                augment(serial, self.ports, self.now)
            case ExecuteRefund(refund_id=refund_id):
                execute_refund(refund_id, self.ports, self.now)
            case _:
                raise TypeError(message)

    def sweep(self) -> int:
        return sweep(self.ports, self.now)

    def release_bulk(self) -> int:
        """The run's first second."""
        return release_bulk([self.now], self.ports)

    def renew_receipt_key(self) -> int:
        return renew_receipt_key(self.ports, self.now)

    def receipt(self, stamping: Serial, by: str) -> str:
        """Reads a receipt and verifies it at once with the published statements, as portals do."""
        receipt = read_receipt(by, stamping, self.ports, self.now)
        statements = self.state.receipt_statements
        root = json.loads(statements["root"])
        self.state.receipts.add(check(receipt, statements[key_id_of(receipt)], root)[1])
        return receipt

    def reconcile(self) -> int:
        return reconcile(self.ports, self.now, has_time=lambda: True, window=WINDOW)

    def ledger(self, account: str = BUYER) -> AccountLedger:
        return read_ledger(account, self.ports)


def _hash(*body: object) -> str:
    return sha256(repr(body).encode()).hexdigest()[:32]
