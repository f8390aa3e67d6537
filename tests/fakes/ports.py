"""All in-memory ports over one world, by the names the steps give them."""

from dataclasses import dataclass

from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai
from tests.fakes.augmenter import MemoryAugmenter
from tests.fakes.documents import MemoryDocuments
from tests.fakes.gateway import MemoryGateway
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.lanes import MemoryLanes
from tests.fakes.load_metrics import MemoryLoadMetrics
from tests.fakes.orders import MemoryOrders
from tests.fakes.payments import MemoryPayments
from tests.fakes.payouts import MemoryAccountCipher, MemoryPayouts
from tests.fakes.portal_deadlines import MemoryPortalDeadlines
from tests.fakes.receipt_keys import MemoryReceiptKeys
from tests.fakes.records import MemoryDayReports, MemoryRecords
from tests.fakes.refunds import MemoryRefunds
from tests.fakes.serials import MemorySerials
from tests.fakes.stamper import MemoryPreflight, MemoryPreviewer, MemoryStamper
from tests.fakes.timer_index import MemoryTimerIndex
from tests.fakes.waiting_room import MemoryWaitingRoom


@dataclass(frozen=True)
class MemoryPorts:
    """Each keeps its own class here, so that tests reach the neighbours' side of it too."""

    orders: MemoryOrders
    payments: MemoryPayments
    serials: MemorySerials
    refunds: MemoryRefunds
    order_timers: MemoryTimerIndex[OrderId, Order]
    serial_timers: MemoryTimerIndex[Serial, EMeterai]
    refund_timers: MemoryTimerIndex[RefundId, Refund]
    documents: MemoryDocuments
    lanes: MemoryLanes
    gateway: MemoryGateway
    payouts: MemoryPayouts
    account_cipher: MemoryAccountCipher
    stamper: MemoryStamper
    augmenter: MemoryAugmenter
    preflight: MemoryPreflight
    previewer: MemoryPreviewer
    load_metrics: MemoryLoadMetrics
    waiting_room: MemoryWaitingRoom
    portal_deadlines: MemoryPortalDeadlines
    receipt_keys: MemoryReceiptKeys
    records: MemoryRecords
    day_reports: MemoryDayReports


def ports_of(state: InMemoryState) -> MemoryPorts:
    return MemoryPorts(
        orders=MemoryOrders(state),
        payments=MemoryPayments(state),
        serials=MemorySerials(state),
        refunds=MemoryRefunds(state),
        order_timers=MemoryTimerIndex(state, state.orders, state.orders_due),
        serial_timers=MemoryTimerIndex(state, state.serials, state.serials_due),
        refund_timers=MemoryTimerIndex(state, state.refunds, state.refunds_due),
        documents=MemoryDocuments(state),
        lanes=MemoryLanes(state),
        gateway=MemoryGateway(state),
        payouts=MemoryPayouts(state),
        account_cipher=MemoryAccountCipher(state),
        stamper=MemoryStamper(state),
        augmenter=MemoryAugmenter(state),
        preflight=MemoryPreflight(state),
        previewer=MemoryPreviewer(state),
        load_metrics=MemoryLoadMetrics(state),
        waiting_room=MemoryWaitingRoom(state),
        portal_deadlines=MemoryPortalDeadlines(state),
        receipt_keys=MemoryReceiptKeys(state),
        records=MemoryRecords(state),
        day_reports=MemoryDayReports(state),
    )
