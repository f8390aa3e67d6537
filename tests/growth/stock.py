"""What the office holds after so many e-meterai: orders, payments, serials, refunds, places in the
waiting room and what workers told, in all the states in which they come to rest or wait.

Written by BatchWriteItem, as the office's own adapters write them, over a month that is past. What
has a clock is not due for hours. Four fifths are one large customer's, who is the buyer: that he
has so much must not make his next order dearer.
"""

import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from meterai.aws.load.load_metrics import SHARDS, TALLY_KEPT
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

BATCH = 25  # what BatchWriteItem takes at once
AT_ONCE = 2  # batches: one is made while another is written
CYCLES_IN_MEMORY = 5
CYCLES_OF_A_MONTH = 2_500  # 100,000 e-meterai
MONTH = timedelta(days=30)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

Put = tuple[str, NewItem]  # the table's name and what goes into it


@dataclass(frozen=True, slots=True)
class Life:
    """An order, and what became of its e-meterai. What is left over is free."""

    state: OrderState
    quantity: int = 2
    stamped: int = 0
    waiting: int = 0  # reserved, their messages in the lane
    void: int = 0
    refunded: int = 0
    account: str | None = None  # None: somebody who bought nothing else


# Ten orders with forty e-meterai, over and over.
LARGE_ORDER = Life(OrderState.PAID, quantity=8, stamped=8, account=ACCOUNT)
CYCLE = (
    *4 * [LARGE_ORDER],
    Life(OrderState.PAID, stamped=2),
    Life(OrderState.PAID, stamped=2),
    Life(OrderState.PAID, stamped=1, refunded=1),
    Life(OrderState.PAID, waiting=2),
    Life(OrderState.PENDING),
    Life(OrderState.EXPIRED, void=1),
)
SERIALS_OF_A_CYCLE = sum(life.stamped + life.waiting + life.void for life in CYCLE)


@dataclass(slots=True)
class Stock:
    """Grows; what is in it stays."""

    client: "DynamoDBClient"
    tables: Settings
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    cycles: int = 0
    losses: int = 0

    @property
    def serials(self) -> int:
        return self.cycles * SERIALS_OF_A_CYCLE

    def grow_to(self, serials: int) -> None:
        """At least so many e-meterai; a multiple of 200."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while self.serials < serials:
                cycles = range(self.cycles, self.cycles + CYCLES_IN_MEMORY)
                puts = list(chain.from_iterable(map(self._cycle, cycles)))
                batches = [puts[start : start + BATCH] for start in range(0, len(puts), BATCH)]
                for _ in pool.map(self._write, batches):
                    pass  # what failed is raised here
                self.cycles = cycles.stop

    def lose(self) -> None:
        """An order whose notice was lost, a stamping and a refund whose messages were: all due."""
        self.losses += 1
        name, now = f"lost {self.losses}", datetime.now(UTC)
        due = Timer(now - MINUTE, now + 24 * HOUR)
        asked_at = now - 20 * MINUTE  # long ago: the next look at it is not soon
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
        """Who has one e-meterai on a document and one given back."""
        return _applicant(cycle, place=6)

    def _cycle(self, cycle: int) -> Iterator[Put]:
        created_at = self.began - MONTH + cycle % CYCLES_OF_A_MONTH * (MONTH / CYCLES_OF_A_MONTH)
        for place, life in enumerate(CYCLE):
            account = life.account or _applicant(cycle, place)
            yield from self._life(life, f"{cycle}/{place}", account, created_at)
        yield self._place_of(_applicant(cycle, 4), created_at)
        yield self._tally(cycle)

    def _life(self, life: Life, name: str, account: str, created_at: datetime) -> Iterator[Put]:
        order = an_order(
            name,
            account=account,
            state=life.state,
            quantity=life.quantity,
            created_at=created_at,
            expires_at=created_at + 15 * MINUTE,
            timer=None,
        )
        tables, waits = self.tables, Timer(self.began + 6 * HOUR, self.began + 24 * HOUR)
        if life.state is OrderState.PENDING:
            order = replace(order, timer=waits, instruction=MAX_QRIS)
        if life.state is OrderState.PAID:
            order = _paid(order)
            payment = a_payment(order, order.order_id, settled_at=created_at)
            yield tables.payments_table, payment_item(payment)
        emeterai = list(_emeterai(life, name, order, waits))
        given_back = range(len(emeterai), len(emeterai) + life.refunded)
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
            for slot in given_back
        ]
        standing = [one for one in emeterai if one.state is not SerialState.VOID]
        order = replace(order, slots=_slots(standing, refunds))
        yield tables.orders_table, order_item(order)
        for one in emeterai:
            yield tables.serials_table, serial_item(one)
        for refund in refunds:
            yield tables.refunds_table, refund_item(refund)

    def _place_of(self, account: str, issued_at: datetime) -> Put:
        """One that was taken while buying was paused."""
        name = IDENTITIES.pseudonym(account)
        place: dict[str, Value] = {
            "account": name,
            "issued_at": issued_at,
            "issue_shard": zlib.crc32(name.encode()) % PLACE_SHARDS,
            "expires_at": round((self.began + 24 * HOUR).timestamp()),
        }
        return self.tables.waiting_room_table, item_of(place)

    def _tally(self, cycle: int) -> Put:
        """What a worker told minutes ago."""
        at = self.began - TALLY_KEPT + timedelta(milliseconds=cycle)
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
            raise RuntimeError("not everything was written: is something else at this endpoint?")


def _emeterai(life: Life, name: str, order: Order, waits: Timer) -> Iterator[EMeterai]:
    """Each on a document of its own, in the lowest slots."""
    states = (
        *life.stamped * [SerialState.STAMPED],
        *life.waiting * [SerialState.RESERVED],
        *life.void * [SerialState.VOID],
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
    given_back = {slot: Refunded(one.refund_id) for one in refunds for slot in one.slots}
    return {**taken, **given_back}


def _applicant(cycle: int, place: int) -> str:
    return f"applicant-{cycle:06}-{place}"
