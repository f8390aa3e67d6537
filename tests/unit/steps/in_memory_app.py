"""A small test office: every step over in-memory ports, with one clock.

What a client, a gateway or a queue asks for is a method here, and raises what the step raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from meterai.domain.errors import Unavailable, WebhookRefused
from meterai.domain.id_derivation import ChargeId, OrderId, RefundId, RequestIdentity
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import Method, WebhookEvent
from meterai.domain.reconciliation.ledger import AccountLedger
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.stampings import DocumentKind, EMeterai
from meterai.domain.stamping.verdicts import StampEvidence, VerificationResult
from meterai.messages import (
    AugmentStamp,
    CheckCharge,
    CheckOrder,
    ExecuteRefund,
    Message,
    StampDocument,
    WebhookReceived,
)
from meterai.steps.augment import augment
from meterai.steps.cancel_order import cancel_order
from meterai.steps.claim_refund import claim_refund
from meterai.steps.confirm_payment import check_order, confirm_charge
from meterai.steps.create_claim_link import create_claim_link
from meterai.steps.execute_refund import execute_refund
from meterai.steps.purchase import purchase
from meterai.steps.read_ledger import read_ledger
from meterai.steps.receive_webhook import receive_webhook
from meterai.steps.reconcile import reconcile
from meterai.steps.release_bulk import release_bulk
from meterai.steps.request_refund import request_refund
from meterai.steps.request_stamping import RequestedStamping, request_stamping
from meterai.steps.stamp import stamp
from meterai.steps.sweep import sweep
from meterai.steps.verify import verify
from tests.fakes.stamper import serials_on
from tests.unit.steps.surge import InASurge

BUYER = "buyer"
LETTER = b"%PDF-1.7 a letter of application"
PRICE_IDR = 12_000
BUDIS = BankAccount("bca", "1234567890", "Dr. Budi Santoso, M.Kom.")
EXPIRES_IN = timedelta(minutes=15)


@dataclass
class InMemoryApp(InASurge):
    def buy(
        self,
        key: str = "buy",
        quantity: int = 2,
        method: Method = Method.QRIS,
        by: str = BUYER,
        *,
        ticket: str | None = None,
    ) -> Order:
        return purchase(
            RequestIdentity("orders", by, key),
            quantity=quantity,
            method=method,
            body_hash=_hash(quantity, method),
            unit_price_idr=PRICE_IDR,
            expires_in=EXPIRES_IN,
            now=self.state.now,
            id_deriver=self.id_deriver,
            orders=self.ports.orders,
            gateway=self.ports.gateway,
            admission_check=self.admission_check(ticket),
        )

    def cancel(self, order_id: OrderId, by: str = BUYER) -> Order:
        return cancel_order(
            by,
            order_id,
            now=self.state.now,
            orders=self.ports.orders,
            lanes=self.ports.lanes,
        )

    def upload(self, content: bytes = LETTER, by: str = BUYER) -> str:
        return self.ports.documents.upload(by, content)

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
        wish = RequestedStamping(
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
        first, *_ = request_stamping(RequestIdentity("stampings", by, key), wish, self.requesting)
        return first

    def refund(
        self, order_id: OrderId, key: str = "refund", quantity: int = 1, by: str = BUYER
    ) -> Refund:
        request_identity = RequestIdentity(f"orders/{order_id}/refunds", by, key)
        return request_refund(request_identity, order_id, quantity, _hash(quantity), self.refunding)

    def claim_token(self, refund_id: RefundId, by: str = BUYER) -> str:
        offer = create_claim_link(
            by,
            refund_id,
            refunds=self.ports.refunds,
            id_deriver=self.id_deriver,
            now=self.state.now,
        )
        return offer.token

    def claim(
        self,
        refund_id: RefundId,
        key: str = "claim",
        *,
        token: str | None = None,
        account: BankAccount = BUDIS,
        by: str = BUYER,
    ) -> Refund:
        request_identity = RequestIdentity(f"refunds/{refund_id}/claims", by, key)
        token = token or self.claim_token(refund_id)
        return claim_refund(request_identity, refund_id, token, account, self.claiming)

    def break_down(self) -> None:
        """The answer is lost on its way."""
        raise Unavailable(party="everybody")

    def verify(self, document: str, by: str = BUYER) -> VerificationResult:
        def read_stamps(document: bytes) -> list[StampEvidence]:
            return [
                StampEvidence(one, intact=True, trusted=True, untouched=True, signed_at=None)
                for one in serials_on(document)
            ]

        return verify(
            by,
            document,
            documents=self.ports.documents,
            read_stamps=read_stamps,
            store=self.ports.serials,
        )

    def webhook(self, body: str) -> None:
        """The gateway tells of a charge: here the notice's body is just the charge's id, and
        after a space, if it says so, the transaction's."""
        receive_webhook("midtrans", body, {}, verify_webhook=_check_notice, lanes=self.ports.lanes)

    def settle(self, order: Order) -> None:
        """The buyer pays and the gateway says so."""
        self.ports.gateway.settle(order.charge_id)
        self.webhook(order.charge_id)

    def act_on(self, message: Message) -> None:
        """What the function behind a lane does with one message."""
        match message:
            case WebhookReceived(body=body):
                confirm_charge(_read_notice(body), self.confirming)
            case CheckCharge(charge_id=charge_id, transaction_id=transaction_id):
                confirm_charge(WebhookEvent(charge_id, transaction_id), self.confirming)
            case CheckOrder(order_id=order_id):
                check_order(order_id, self.confirming)
            case StampDocument(serials=serials):
                stamp(serials, self.stamping)
            case AugmentStamp(serial=serial):
                augment(serial, self.augmenting)
            case ExecuteRefund(refund_id=refund_id):
                execute_refund(refund_id, self.executing)
            case _:
                raise TypeError(message)

    def sweep(self) -> int:
        return sweep(self.sweeping)

    def release_bulk(self) -> int:
        """One second of it."""
        return release_bulk([self.state.now], self.feeding)

    def reconcile(self) -> int:
        return reconcile(self.reconciling)

    def ledger(self, account: str = BUYER) -> AccountLedger:
        return read_ledger(
            account,
            orders=self.ports.orders,
            payments=self.ports.payments,
            store=self.ports.serials,
            refunds=self.ports.refunds,
            id_deriver=self.id_deriver,
        )


def _check_notice(body: str, headers: Mapping[str, str]) -> WebhookEvent:
    del headers
    return _read_notice(body)


def _read_notice(body: str) -> WebhookEvent:
    if not body.startswith("ord_"):
        raise WebhookRefused(reason="signature")
    charge_id, _, transaction_id = body.partition(" ")
    return WebhookEvent(ChargeId(charge_id), transaction_id)


def _hash(*body: object) -> str:
    return sha256(repr(body).encode()).hexdigest()[:32]
