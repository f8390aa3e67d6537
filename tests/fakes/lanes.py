"""Queues in memory. What takes letters out, loses or doubles them is the test's own business."""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.identity import OrderId, RefundId
from meterai.domain.serials import Serial
from meterai.messages import (
    ExecuteRefund,
    NoticeArrived,
    OrderIsDue,
    PreserveStamp,
    StampDocument,
)
from tests.fakes.world import Letter, World, port_call


@dataclass(frozen=True)
class MemoryLanes:
    world: World

    @port_call
    def notice(self, gateway: str, body: str) -> None:
        notice = NoticeArrived.model_validate({"gateway": gateway, "body": body})
        self.world.payments_lane.append(Letter(notice, group=""))

    @port_call
    def look_at_order(self, order_id: OrderId, account: str) -> None:
        self.world.payments_lane.append(Letter(OrderIsDue(order_id=order_id), account))

    @port_call
    def stamp(self, serials: Sequence[Serial], account: str) -> None:
        self.world.stamping_lane.append(Letter(StampDocument(serials=tuple(serials)), account))

    @port_call
    def refund(self, refund_id: RefundId, account: str) -> None:
        self.world.refunds_lane.append(Letter(ExecuteRefund(refund_id=refund_id), account))

    @port_call
    def preserve(self, serial: Serial, account: str) -> None:
        self.world.preservation_lane.append(Letter(PreserveStamp(serial=serial), account))

    @port_call
    def stamping_is_at_rest(self) -> bool:
        return not self.world.stamping_lane
