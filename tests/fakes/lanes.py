"""Queues in memory. What takes letters out, loses or doubles them is the test's own business."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from meterai.domain.flow import Lane
from meterai.domain.identity import OrderId, RefundId
from meterai.domain.payments import Notice
from meterai.domain.serials import Serial
from meterai.messages import (
    ChargeIsUnclear,
    ExecuteRefund,
    NoticeArrived,
    OrderIsDue,
    PreserveStamp,
    StampDocument,
)
from meterai.ports import TakenOut
from tests.fakes.world import Letter, World, port_call

MOST_AT_ONCE = 10  # of SQS


@dataclass(frozen=True)
class MemoryLanes:
    world: World
    _receipts: Iterator[int] = field(default_factory=lambda: count(1))

    @port_call
    def notice(self, gateway: str, body: str) -> None:
        notice = NoticeArrived.model_validate({"gateway": gateway, "body": body})
        self.world.payments_lane.append(Letter(notice, group=""))

    @port_call
    def look_at_order(self, order_id: OrderId, account: str) -> None:
        self.world.payments_lane.append(Letter(OrderIsDue(order_id=order_id), account))

    @port_call
    def look_at_charge(self, gateway: str, about: Notice, account: str) -> None:
        unclear = ChargeIsUnclear.model_validate(
            {
                "gateway": gateway,
                "charge_id": about.charge_id,
                "transaction_id": about.transaction_id,
            }
        )
        self.world.payments_lane.append(Letter(unclear, account))

    @port_call
    def stamp(self, serials: Sequence[Serial], account: str, lane: Lane = Lane.STAMPING) -> None:
        message = StampDocument(serials=tuple(serials), bulk=lane is Lane.BULK)
        self.world.last_sent_to = self._lane(lane)
        self.world.last_sent_to.append(Letter(message, account))

    @port_call
    def take_from_bulk(self, most: int) -> Sequence[TakenOut]:
        taken: list[TakenOut] = []
        while self.world.bulk_lane and len(taken) < min(most, MOST_AT_ONCE):
            letter = self.world.bulk_lane.popleft()
            message = StampDocument.model_validate(letter.message)
            receipt = f"receipt-{next(self._receipts)}"
            self.world.bulk_taken[receipt] = letter
            taken.append(TakenOut(message.serials, letter.group, self.world.now, receipt))
        return taken

    @port_call
    def stamp_taken(self, taken: Sequence[TakenOut]) -> None:
        for one in taken:
            message = StampDocument(serials=one.serials, bulk=True)
            self.world.stamping_lane.append(Letter(message, one.group))

    @port_call
    def strike_off(self, taken: Sequence[TakenOut]) -> None:
        for one in taken:
            self.world.bulk_taken.pop(one.receipt, None)

    @port_call
    def come_again(self, receipt: str, after: timedelta, lane: Lane) -> None:
        self.world.come_again[receipt] = (lane, after)

    @port_call
    def refund(self, refund_id: RefundId, account: str) -> None:
        self.world.refunds_lane.append(Letter(ExecuteRefund(refund_id=refund_id), account))

    @port_call
    def preserve(self, serial: Serial, account: str) -> None:
        self.world.preservation_lane.append(Letter(PreserveStamp(serial=serial), account))

    @port_call
    def is_at_rest(self, lane: Lane) -> bool:
        return not self._lane(lane)

    @port_call
    def waiting(self, lane: Lane) -> int:
        return len(self._lane(lane))

    def _lane(self, lane: Lane) -> deque[Letter]:
        return {
            Lane.PAYMENTS: self.world.payments_lane,
            Lane.REFUNDS: self.world.refunds_lane,
            Lane.URGENT: self.world.urgent_lane,
            Lane.STAMPING: self.world.stamping_lane,
            Lane.BULK: self.world.bulk_lane,
            Lane.PRESERVATION: self.world.preservation_lane,
        }[lane]
