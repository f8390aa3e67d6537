"""All in-memory ports over one world, by the names the steps give them."""

from dataclasses import dataclass

from meterai.domain.identity import OrderId, RefundId
from meterai.domain.orders import Order
from meterai.domain.refunds import Refund
from meterai.domain.serials import Serial
from meterai.domain.stampings import EMeterai
from tests.fakes.clocks import MemoryClocks
from tests.fakes.documents import MemoryDocuments
from tests.fakes.gateway import MemoryGateway
from tests.fakes.gauges import MemoryGauges
from tests.fakes.lanes import MemoryLanes
from tests.fakes.orders import MemoryOrders
from tests.fakes.payments import MemoryPayments
from tests.fakes.payouts import MemoryPayouts, MemorySeal
from tests.fakes.portal_deadlines import MemoryPortalDeadlines
from tests.fakes.preserver import MemoryPreserver
from tests.fakes.receipt_keys import MemoryReceiptKeys
from tests.fakes.records import MemoryDayReports, MemoryRecords
from tests.fakes.refunds import MemoryRefunds
from tests.fakes.serials import MemorySerials
from tests.fakes.stamper import MemoryExamine, MemoryPreviewer, MemoryStamper
from tests.fakes.waiting_room import MemoryWaitingRoom
from tests.fakes.world import World


@dataclass(frozen=True)
class MemoryPorts:
    """Each keeps its own class here, so that tests reach the neighbours' side of it too."""

    orders: MemoryOrders
    payments: MemoryPayments
    serials: MemorySerials
    refunds: MemoryRefunds
    order_clocks: MemoryClocks[OrderId, Order]
    serial_clocks: MemoryClocks[Serial, EMeterai]
    refund_clocks: MemoryClocks[RefundId, Refund]
    documents: MemoryDocuments
    lanes: MemoryLanes
    gateway: MemoryGateway
    payouts: MemoryPayouts
    seal: MemorySeal
    stamper: MemoryStamper
    preserver: MemoryPreserver
    examine: MemoryExamine
    previewer: MemoryPreviewer
    gauges: MemoryGauges
    waiting_room: MemoryWaitingRoom
    portal_deadlines: MemoryPortalDeadlines
    receipt_keys: MemoryReceiptKeys
    records: MemoryRecords
    day_reports: MemoryDayReports


def ports_of(world: World) -> MemoryPorts:
    return MemoryPorts(
        orders=MemoryOrders(world),
        payments=MemoryPayments(world),
        serials=MemorySerials(world),
        refunds=MemoryRefunds(world),
        order_clocks=MemoryClocks(world, world.orders, world.orders_due),
        serial_clocks=MemoryClocks(world, world.serials, world.serials_due),
        refund_clocks=MemoryClocks(world, world.refunds, world.refunds_due),
        documents=MemoryDocuments(world),
        lanes=MemoryLanes(world),
        gateway=MemoryGateway(world),
        payouts=MemoryPayouts(world),
        seal=MemorySeal(world),
        stamper=MemoryStamper(world),
        preserver=MemoryPreserver(world),
        examine=MemoryExamine(world),
        previewer=MemoryPreviewer(world),
        gauges=MemoryGauges(world),
        waiting_room=MemoryWaitingRoom(world),
        portal_deadlines=MemoryPortalDeadlines(world),
        receipt_keys=MemoryReceiptKeys(world),
        records=MemoryRecords(world),
        day_reports=MemoryDayReports(world),
    )
