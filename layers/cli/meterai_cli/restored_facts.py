"""Whether restored items fit each other, their indexes, and the files in the bucket."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from meterai.aws.orders.orders import DynamoOrders
from meterai.aws.orders.payments import DynamoPayments
from meterai.aws.orders.refunds import DynamoRefunds
from meterai.aws.orders.serials import DynamoSerials
from meterai.aws.storage.documents import S3Documents
from meterai.aws.tables.attributes import item_of
from meterai.domain.errors import MeteraiError
from meterai.domain.id_derivation import IdDeriver, OrderId, RefundId
from meterai.domain.orders.orders import OrderState, Taken
from meterai.domain.reconciliation.reconciliation import judge_order
from meterai.domain.refunds.refunds import MOVING, RefundState
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.timers import Timer, timer_shard
from meterai.steps.order_facts import order_facts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Keys = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Keys of the items that are looked at."""

    orders: Keys
    payments: Keys
    serials: Keys
    refunds: Keys


@dataclass(slots=True)
class RestoredFacts:
    """The ports of the restored tables (`OrderFactsPorts`), and the live bucket."""

    orders: DynamoOrders
    payments: DynamoPayments
    serials: DynamoSerials
    refunds: DynamoRefunds
    documents: S3Documents
    id_deriver: IdDeriver
    files: int = 0

    def wrong_orders(self, keys: Keys) -> Iterator[str]:
        """As reconciliation judges an order, and whether it would be taken up again."""
        for (order_id,) in keys:
            facts = order_facts(OrderId(order_id), self)
            if facts is None:
                yield f"order {order_id}: it cannot be read"
                continue
            for difference in judge_order(facts):
                yield f"order {order_id}: {difference.kind}, {difference.ours}"
            if facts.order.state is OrderState.PENDING:
                yield from self._wrong_timer(self.orders, order_id, facts.order.timer)

    def wrong_payments(self, keys: Keys) -> Iterator[str]:
        for order_id, payment_id in keys:
            payment = self.payments.get(OrderId(order_id), payment_id)
            if payment is None:
                yield f"payment {payment_id}: it cannot be read"
                continue
            if self.orders.get(payment.order_id) is None:
                yield f"payment {payment_id}: no order {order_id}"
            at = payment.settled_at
            of_the_moment = self.payments.settled_between(at, at + timedelta(microseconds=1))
            if payment_id not in {one for _, one in of_the_moment}:
                yield f"payment {payment_id}: not in its day's index"

    def wrong_serials(self, keys: Keys) -> Iterator[str]:
        for (serial,) in keys:
            emeterai = self.serials.get(Serial(serial))
            if emeterai is None:
                yield f"e-meterai {serial}: it cannot be read"
                continue
            if emeterai.state is not SerialState.VOID:
                yield from self._wrong_slot(emeterai)
            if emeterai.state is SerialState.STAMPED:
                yield from self._wrong_files(emeterai)
            elif emeterai.state is SerialState.RESERVED and serial == emeterai.stamping:
                yield from self._wrong_timer(self.serials, serial, emeterai.timer)

    def wrong_refunds(self, keys: Keys) -> Iterator[str]:
        for (refund_id,) in keys:
            refund = self.refunds.get(RefundId(refund_id))
            if refund is None:
                yield f"refund {refund_id}: it cannot be read"
                continue
            if self.payments.get(refund.order_id, refund.payment_id) is None:
                yield f"refund {refund_id}: no payment {refund.payment_id}"
            if refund.state in MOVING | {RefundState.NEEDS_ACCOUNT}:
                yield from self._wrong_timer(self.refunds, refund_id, refund.timer)

    def _wrong_slot(self, emeterai: EMeterai) -> Iterator[str]:
        order = self.orders.get(emeterai.order_id)
        use = None if order is None else order.slots.get(emeterai.slot)
        if not isinstance(use, Taken) or use.serial != emeterai.serial:
            yield f"e-meterai {emeterai.serial}: order {emeterai.order_id} does not list it"

    def _wrong_files(self, emeterai: EMeterai) -> Iterator[str]:
        """Reads the file: its hash is that on record, or it is told."""
        stored = [self.documents.get_stamped]
        stored += [self.documents.get_augmented] if emeterai.is_augmented else []
        for get in stored:
            try:
                get(emeterai)
                self.files += 1
            except MeteraiError as error:
                yield f"e-meterai {emeterai.serial}: its file, {error.code}"

    def _wrong_timer(
        self,
        table: DynamoOrders | DynamoSerials | DynamoRefunds,
        item_id: str,
        timer: Timer | None,
    ) -> Iterator[str]:
        """Unfinished work is found by its timer alone, and the timer by the index."""
        if timer is None:
            yield f"{item_id}: it is unfinished and has no timer"
            return
        values = item_of({":shard": timer_shard(item_id), ":at": timer.next_check_at})
        found = table.client.query(
            TableName=table.table,
            IndexName="by_next_check",
            KeyConditionExpression="timer_shard = :shard AND next_check_at = :at",
            ExpressionAttributeValues=values,
        )["Items"]
        if not any({"S": item_id} in item.values() for item in found):
            yield f"{item_id}: it is unfinished and not in the index of timers"


def wrong_in(
    sample: Sample,
    tables: Mapping[str, str],
    bucket: str,
    dynamodb: "DynamoDBClient",
    s3: Any,
    id_deriver: IdDeriver,
) -> tuple[list[str], int]:
    """What is wrong, and how many files were read. `tables`: of the restored ones, by their names
    in the template."""
    orders, payments = tables["OrdersTable"], tables["PaymentsTable"]
    serials, refunds = tables["SerialsTable"], tables["RefundsTable"]
    facts = RestoredFacts(
        DynamoOrders(dynamodb, orders),
        DynamoPayments(dynamodb, payments, refunds, orders),
        DynamoSerials(dynamodb, serials, orders, refunds),
        DynamoRefunds(dynamodb, refunds, orders),
        S3Documents(s3, bucket, id_deriver.pseudonym, lambda: datetime.now(UTC), 0),
        id_deriver,
    )
    wrong = [
        *facts.wrong_orders(sample.orders),
        *facts.wrong_payments(sample.payments),
        *facts.wrong_serials(sample.serials),
        *facts.wrong_refunds(sample.refunds),
    ]
    return wrong, facts.files
