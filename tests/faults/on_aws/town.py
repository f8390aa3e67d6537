"""The town on AWS: the office's adapters are the real ones, its neighbours those in memory."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from meterai.aws.order_items import order_from, order_item
from meterai.aws.payments import _payment_from, payment_item
from meterai.aws.refund_items import refund_from, refund_item
from meterai.aws.serial_items import serial_from, serial_item
from tests.contract.endpoints import forget_all_in_moto
from tests.contract.places import AwsPlace, Clients
from tests.fakes.ports import ports_of
from tests.fakes.world import Moment, World
from tests.faults.accidents import Kind
from tests.faults.invariants import told
from tests.faults.on_aws.shelves import Files, Lane, Shelf
from tests.faults.town import Town, WatchedOffice
from tests.faults.watch import Watch
from tests.unit.steps.office import BUYER, LETTER


class AwsWorld(World):
    def __init__(self, place: AwsPlace, lookers: Clients) -> None:
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
            # The bulk lane is the office's own to take from (`feed_bulk`).
            **{
                f"{lane}_lane": Lane(lookers, url) for lane, url in queues.items() if lane != "bulk"
            },
        }
        vars(self).update(shelves)

    def as_it_stands(self) -> World:
        still = World(self.now)
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
    place: AwsPlace = field(kw_only=True)

    def __post_init__(self) -> None:
        adapters: dict[str, Any] = {
            name: getattr(self.place, name)
            for name in (
                "orders",
                "payments",
                "serials",
                "refunds",
                "order_clocks",
                "serial_clocks",
                "refund_clocks",
                "documents",
                "day_reports",
                "lanes",
                "waiting_room",
            )
        }
        self.ports = replace(ports_of(self.world), **adapters)

    def upload(self, content: bytes = LETTER, by: str = BUYER) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.world.documents[by, sha256] = content
        return sha256


def aws_town(
    clients: Clients, lookers: Clients, plan: Mapping[tuple[int, Moment], Kind] | None = None
) -> Town:
    forget_all_in_moto()
    place = AwsPlace(clients)
    office = AwsOffice(AwsWorld(place, lookers), place=place)
    return Town(plan, office=office, watch=AwsWatch)
