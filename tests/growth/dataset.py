"""A dataset of any size: orders, payments, serials, refunds, waiting-room tickets and throughput
samples, in all states in which items rest or wait.

Written by BatchWriteItem in the adapters' own form, with times of the past month. No timer is due
for hours. Four fifths belong to one large customer, who is also the buyer of the operations: an
account with much must not pay more for its next order.
"""

import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from meterai.aws.load.load_metrics import SAMPLE_VALIDITY, SHARDS
from meterai.aws.load.load_status_items import sample_item
from meterai.aws.load.waiting_room import SHARDS as PLACE_SHARDS
from meterai.aws.orders.order_items import order_item
from meterai.aws.orders.payments import payment_item
from meterai.aws.orders.refund_items import refund_item
from meterai.aws.orders.serial_items import serial_item
from meterai.aws.tables.attributes import NewItem, Value, item_of
from meterai.domain.orders.orders import (
    DOCUMENT_PREFIX,
    Order,
    OrderState,
    Refunded,
    SlotUse,
    Taken,
)
from meterai.domain.refunds.refunds import Refund, RefundState
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.domain.timers import Timer
from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.settings import Settings
from tests.benchmarks.metered_app import ACCOUNT
from tests.contract.factories import IDENTITIES, OUTPUT, a_payment, a_refund, a_stamping, an_order
from tests.contract.test_item_sizes import MAX_QRIS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef

BATCH = 25  # the limit of BatchWriteItem
AT_ONCE = 2  # batches: one is made while another is written
CYCLES_IN_MEMORY = 5
CYCLES_OF_A_MONTH = 2_500  # for 100,000 e-meterai
MONTH = timedelta(days=30)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

Put = tuple[str, NewItem]  # the table's name and the items for it


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """An order and how its e-meterai were used. Those not listed are unused."""

    state: OrderState
    quantity: int = 2
    stamped: int = 0
    waiting: int = 0  # reserved, with a message in the lane
    void: int = 0
    refunded: int = 0
    account: str | None = None  # None: the account of a refused payment, which bought nothing else


# Ten orders with forty e-meterai, repeated.
LARGE_ORDER = OrderHistory(OrderState.PAID, quantity=8, stamped=8, account=ACCOUNT)
CYCLE = (
    *4 * [LARGE_ORDER],
    OrderHistory(OrderState.PAID, stamped=2),
    OrderHistory(OrderState.PAID, stamped=2),
    OrderHistory(OrderState.PAID, stamped=1, refunded=1),
    OrderHistory(OrderState.PAID, waiting=2),
    OrderHistory(OrderState.PENDING),
    OrderHistory(OrderState.EXPIRED, void=1),
)
SERIALS_OF_A_CYCLE = sum(history.stamped + history.waiting + history.void for history in CYCLE)


@dataclass(slots=True)
class Dataset:
    """Grows, and never loses an item."""

    client: "DynamoDBClient"
    tables: Settings
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    cycles: int = 0
    overdue: int = 0

    @property
    def serials(self) -> int:
        return self.cycles * SERIALS_OF_A_CYCLE

    def grow_to(self, serials: int) -> None:
        """Store at least this many e-meterai: a multiple of 200."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while self.serials < serials:
                cycles = range(self.cycles, self.cycles + CYCLES_IN_MEMORY)
                puts = list(chain.from_iterable(map(self._cycle, cycles)))
                batches = [puts[start : start + BATCH] for start in range(0, len(puts), BATCH)]
                for _ in pool.map(self._write, batches):
                    pass  # raises the pool's errors
                self.cycles = cycles.stop

    def add_overdue(self) -> None:
        """Add three items that are due: an order whose webhook was lost, and a stamping and a
        refund whose messages were."""
        self.overdue += 1
        name, now = f"overdue {self.overdue}", datetime.now(UTC)
        due = Timer(now - MINUTE, now + 24 * HOUR)
        asked_at = now - 20 * MINUTE  # created long ago, so the next check is not soon
        unpaid = an_order(
            f"{name}, unpaid", timer=due, created_at=asked_at, expires_at=now + 2 * HOUR
        )
        paid = _paid(an_order(name, timer=None, created_at=asked_at))
        [waiting] = a_stamping(paid, 0, name=name, requested_at=asked_at, timer=due)
        refund = a_refund(
            paid, (1,), name, timer=due, payment_id=paid.payment_id, created_at=asked_at
        )
        paid = replace(paid, slots=_slots([waiting], [refund]))
        tables = self.tables
        self._write(
            [
                (tables.orders_table, order_item(unpaid)),
                (tables.orders_table, order_item(paid)),
                (tables.serials_table, serial_item(waiting)),
                (tables.refunds_table, refund_item(refund)),
            ]
        )

    def applicant_of(self, cycle: int) -> str:
        """The account with one e-meterai on a document and one refunded."""
        return _applicant(cycle, place=6)

    def _cycle(self, cycle: int) -> Iterator[Put]:
        created_at = self.began - MONTH + cycle % CYCLES_OF_A_MONTH * (MONTH / CYCLES_OF_A_MONTH)
        for place, history in enumerate(CYCLE):
            account = history.account or _applicant(cycle, place)
            yield from self._order(history, f"{cycle}/{place}", account, created_at)
        yield self._ticket_of(_applicant(cycle, 4), created_at)
        yield self._sample(cycle)

    def _order(
        self, history: OrderHistory, name: str, account: str, created_at: datetime
    ) -> Iterator[Put]:
        order = an_order(
            name,
            account=account,
            state=history.state,
            quantity=history.quantity,
            created_at=created_at,
            expires_at=created_at + 15 * MINUTE,
            timer=None,
        )
        tables, waits = self.tables, Timer(self.began + 6 * HOUR, self.began + 24 * HOUR)
        if history.state is OrderState.PENDING:
            order = replace(order, timer=waits, instruction=MAX_QRIS)
        if history.state is OrderState.PAID:
            order = _paid(order)
            payment = a_payment(order, order.order_id, settled_at=created_at)
            yield tables.payments_table, payment_item(payment)
        emeterai = list(_emeterai(history, name, order, waits))
        refunded_slots = range(len(emeterai), len(emeterai) + history.refunded)
        refunds = [
            a_refund(
                order,
                (slot,),
                f"{name}/{slot}",
                timer=None,
                payment_id=order.payment_id,
                state=RefundState.CONFIRMED,
                created_at=created_at,
                confirmed_at=created_at + MINUTE,
            )
            for slot in refunded_slots
        ]
        used = [one for one in emeterai if one.state is not SerialState.VOID]
        order = replace(order, slots=_slots(used, refunds))
        yield tables.orders_table, order_item(order)
        for one in emeterai:
            yield tables.serials_table, serial_item(one)
        for refund in refunds:
            yield tables.refunds_table, refund_item(refund)

    def _ticket_of(self, account: str, issued_at: datetime) -> Put:
        """One that was issued while buying was paused."""
        name = IDENTITIES.pseudonym(account)
        ticket: dict[str, Value] = {
            "account": name,
            "issued_at": issued_at,
            "issue_shard": zlib.crc32(name.encode()) % PLACE_SHARDS,
            "expires_at": round((self.began + 24 * HOUR).timestamp()),
        }
        return self.tables.waiting_room_table, item_of(ticket)

    def _sample(self, cycle: int) -> Put:
        """A worker's throughput sample of some minutes ago."""
        at = self.began - SAMPLE_VALIDITY + timedelta(milliseconds=cycle)
        sample = ThroughputSample(Lane.STAMPING, at, f"{cycle:08}", 9, 9, (2.5,) * 9)
        return self.tables.load_status_table, sample_item(
            sample, f"tally#{cycle % SHARDS}", at + 24 * HOUR
        )

    def _write(self, puts: Sequence[Put]) -> None:
        wanted: dict[str, list[WriteRequestTypeDef]] = {}
        for table, item in puts:
            wanted.setdefault(table, []).append({"PutRequest": {"Item": item}})
        answer = self.client.batch_write_item(RequestItems=wanted)
        if answer["UnprocessedItems"]:
            raise RuntimeError(
                "some items were not written: does something else use this endpoint?"
            )


def _emeterai(history: OrderHistory, name: str, order: Order, waits: Timer) -> Iterator[EMeterai]:
    """One document each, in the lowest slots."""
    states = (
        *history.stamped * [SerialState.STAMPED],
        *history.waiting * [SerialState.RESERVED],
        *history.void * [SerialState.VOID],
    )
    for slot, state in enumerate(states):
        [one] = a_stamping(order, slot, name=f"{name}/{slot}", requested_at=order.created_at)
        match state:
            case SerialState.STAMPED:
                at = order.created_at + MINUTE
                yield replace(one, state=state, timer=None, outputs=(OUTPUT,), stamped_at=at)
            case SerialState.RESERVED:
                yield replace(one, timer=waits)
            case SerialState.VOID:
                yield replace(one, state=state, timer=None, void_reason=VoidReason.ORDER_EXPIRED)


def _paid(order: Order) -> Order:
    payment = f"midtrans#{order.order_id}"
    return replace(
        order,
        state=OrderState.PAID,
        payment_id=payment,
        paid_at=order.created_at,
        payment_known_at=order.created_at,
    )


def _slots(emeterai: Sequence[EMeterai], refunds: Sequence[Refund]) -> dict[int, SlotUse]:
    taken = {
        one.slot: Taken(one.serial, one.stamping, one.document[:DOCUMENT_PREFIX])
        for one in emeterai
    }
    refunded_slots = {slot: Refunded(one.refund_id) for one in refunds for slot in one.slots}
    return {**taken, **refunded_slots}


def _applicant(cycle: int, place: int) -> str:
    return f"applicant-{cycle:06}-{place}"
