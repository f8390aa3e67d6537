"""The town on AWS: the office's adapters are the real ones, its neighbours those in memory."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from meterai.aws.orders.order_items import order_from, order_item
from meterai.aws.orders.payments import _payment_from, payment_item
from meterai.aws.orders.refund_items import refund_from, refund_item
from meterai.aws.orders.serial_items import serial_from, serial_item
from tests.contract.backends import AwsBackend, Clients
from tests.contract.endpoints import forget_all_in_moto
from tests.fakes.in_memory_state import InMemoryState, Moment
from tests.fakes.ports import ports_of
from tests.faults.fault_injector import Kind
from tests.faults.harness import Town, WatchedOffice
from tests.faults.invariants import told
from tests.faults.on_aws.shelves import Files, Lane, Shelf
from tests.faults.watch import Watch
from tests.unit.steps.in_memory_app import BUYER, LETTER


class AwsWorld(InMemoryState):
    def __init__(self, place: AwsBackend, lookers: Clients) -> None:
        super().__init__()
        tables, bucket, queues = place.tables, place.documents.bucket, place.queues
        shelves: dict[str, Any] = {
            "orders": Shelf(lookers, tables.orders, ("order_id",), order_from, order_item),
            "serials": Shelf(lookers, tables.serials, ("serial",), serial_from, serial_item),
            "refunds": Shelf(lookers, tables.refunds, ("refund_id",), refund_from, refund_item),
            "payments": Shelf(
                lookers, tables.payments, ("order_id", "payment_id"), _payment_from, payment_item
            ),
            "documents": Files(lookers, bucket, "documents/"),
            "stamped": Files(lookers, bucket, "stamped/"),
            "preserved": Files(lookers, bucket, "preserved/"),
            # The bulk lane is the office's own to take from (`release_bulk`).
            **{
                f"{lane}_lane": Lane(lookers, url) for lane, url in queues.items() if lane != "bulk"
            },
        }
        vars(self).update(shelves)

    def as_it_stands(self) -> InMemoryState:
        still = InMemoryState(self.now)
        for name in ("orders", "serials", "refunds", "payments", "stamped", "preserved"):
            getattr(still, name).update(getattr(self, name))
        still.charges, still.payouts = self.charges, self.payouts
        still.tickets, still.paused_since = self.tickets, self.paused_since
        still.receipts, still.receipt_keys = self.receipts, self.receipt_keys
        still.receipt_statements = self.receipt_statements
        return still


class AwsWatch(Watch):
    """Looks at signatures alone: the rest is looked at after quiet."""

    def look(self, call: str) -> None:
        if call == "Stamper.stamp":
            self.findings += told(self._no_signature_without_a_claimed_serial)


@dataclass
class AwsOffice(WatchedOffice):
    place: AwsBackend = field(kw_only=True)

    def __post_init__(self) -> None:
        adapters: dict[str, Any] = {
            name: getattr(self.place, name)
            for name in (
                "orders",
                "payments",
                "serials",
                "refunds",
                "order_timers",
                "serial_timers",
                "refund_timers",
                "documents",
                "day_reports",
                "lanes",
                "waiting_room",
            )
        }
        self.ports = replace(ports_of(self.state), **adapters)

    def upload(self, content: bytes = LETTER, by: str = BUYER) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.state.documents[by, sha256] = content
        return sha256


def aws_town(
    clients: Clients, lookers: Clients, plan: Mapping[tuple[int, Moment], Kind] | None = None
) -> Town:
    forget_all_in_moto()
    place = AwsBackend(clients)
    app = AwsOffice(AwsWorld(place, lookers), place=place)
    return Town(plan, app=app, watch=AwsWatch)
