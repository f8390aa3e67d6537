"""Queues in memory. Receiving, losing or doubling letters is left to the tests."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.payments import WebhookEvent
from meterai.domain.stamping.serials import Serial
from meterai.domain.waiting.queue_status import Lane
from meterai.messages import (
    AugmentStamp,
    CheckCharge,
    CheckOrder,
    ExecuteRefund,
    StampDocument,
    WebhookReceived,
)
from meterai.ports import TakenOut
from tests.fakes.in_memory_state import InMemoryState, Letter, port_call

MAX_AT_ONCE = 10  # SQS's maximum


@dataclass(frozen=True)
class MemoryLanes:
    state: InMemoryState
    _receipts: Iterator[int] = field(default_factory=lambda: count(1))

    @port_call
    def webhook(self, gateway: str, body: str) -> None:
        webhook = WebhookReceived.model_validate({"gateway": gateway, "body": body})
        self.state.payments_lane.append(Letter(webhook, group=""))

    @port_call
    def check_order(self, order_id: OrderId, account: str) -> None:
        self.state.payments_lane.append(Letter(CheckOrder(order_id=order_id), account))

    @port_call
    def check_charge(self, gateway: str, about: WebhookEvent, account: str) -> None:
        unclear = CheckCharge.model_validate(
            {
                "gateway": gateway,
                "charge_id": about.charge_id,
                "transaction_id": about.transaction_id,
            }
        )
        self.state.payments_lane.append(Letter(unclear, account))

    @port_call
    def stamp(self, serials: Sequence[Serial], account: str, lane: Lane = Lane.STAMPING) -> None:
        message = StampDocument(serials=tuple(serials), bulk=lane is Lane.BULK)
        self.state.last_sent_to = self._lane(lane)
        self.state.last_sent_to.append(Letter(message, account))

    @port_call
    def receive_bulk(self, most: int) -> Sequence[TakenOut]:
        taken: list[TakenOut] = []
        while self.state.bulk_lane and len(taken) < min(most, MAX_AT_ONCE):
            letter = self.state.bulk_lane.popleft()
            message = StampDocument.model_validate(letter.message)
            receipt = f"receipt-{next(self._receipts)}"
            self.state.bulk_taken[receipt] = letter
            taken.append(TakenOut(message.serials, letter.group, self.state.now, receipt))
        return taken

    @port_call
    def stamp_taken(self, taken: Sequence[TakenOut]) -> None:
        for one in taken:
            message = StampDocument(serials=one.serials, bulk=True)
            self.state.stamping_lane.append(Letter(message, one.group))

    @port_call
    def delete(self, taken: Sequence[TakenOut]) -> None:
        for one in taken:
            self.state.bulk_taken.pop(one.receipt, None)

    @port_call
    def retry_after(self, receipt: str, after: timedelta, lane: Lane) -> None:
        self.state.retry_after[receipt] = (lane, after)

    @port_call
    def refund(self, refund_id: RefundId, account: str) -> None:
        self.state.refunds_lane.append(Letter(ExecuteRefund(refund_id=refund_id), account))

    @port_call
    def augment(self, serial: Serial, account: str) -> None:
        self.state.augmentation_lane.append(Letter(AugmentStamp(serial=serial), account))

    @port_call
    def is_idle(self, lane: Lane) -> bool:
        return not self._lane(lane)

    @port_call
    def waiting(self, lane: Lane) -> int:
        return len(self._lane(lane))

    def _lane(self, lane: Lane) -> deque[Letter]:
        return {
            Lane.PAYMENTS: self.state.payments_lane,
            Lane.REFUNDS: self.state.refunds_lane,
            Lane.URGENT: self.state.urgent_lane,
            Lane.STAMPING: self.state.stamping_lane,
            Lane.BULK: self.state.bulk_lane,
            Lane.AUGMENTATION: self.state.augmentation_lane,
        }[lane]
