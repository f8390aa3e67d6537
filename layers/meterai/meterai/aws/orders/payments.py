"""Payments in DynamoDB: records, each written once."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.orders.refund_items import refund_item
from meterai.aws.tables.attributes import (
    Item,
    NewItem,
    Value,
    item_of,
    maybe_time,
    maybe_whole,
    new_item,
    text,
    time,
    whole,
)
from meterai.aws.tables.conditional_writes import (
    ConditionFailed,
    Put,
    Update,
    all_of,
    write,
    write_all,
)
from meterai.aws.tables.item_reads import get_item
from meterai.domain.days import day_of
from meterai.domain.id_derivation import ChargeId, OrderId
from meterai.domain.orders.payments import Payment
from meterai.domain.refunds.refunds import Refund

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAY_SHARDS = 16  # partitions of the index by day: 16 x 1,000 payments a second

# What each write asks of the record, the refund and the order as they are then.
PUT_IF = ("attribute_not_exists(#payment_id)",)
PUT_REFUND_IF = ("attribute_not_exists(#refund_id)",)
LIST_REFUND_IF = ("attribute_exists(#order_id)",)


@dataclass(frozen=True, slots=True)
class DynamoPayments:
    """Table: key `order_id`, `payment_id`; index `by_day` (`day_shard`, `settled_at`),
    KEYS_ONLY."""

    client: "DynamoDBClient"
    table: str
    refunds_table: str
    orders_table: str

    def put(self, payment: Payment) -> None:
        """2 write units."""
        with suppress(ConditionFailed):
            write(self.client, self._fact(payment))

    def put_with_refund(self, payment: Payment, refund: Refund) -> None:
        """8 write units."""
        fact = self._fact(payment)
        money_back = Put(self.refunds_table, refund_item(refund), all_of(PUT_REFUND_IF))
        listed = Update(
            self.orders_table,
            item_of({"order_id": payment.order_id}),
            all_of(LIST_REFUND_IF),
            adds={"returned": frozenset({refund.refund_id})},
        )
        try:
            write_all(self.client, (fact, money_back, listed))
        except ConditionFailed:
            # One of them exists, or both: each on its own, once.
            for one in (fact, money_back, listed):
                with suppress(ConditionFailed):
                    write(self.client, one)

    def get(self, order_id: OrderId, payment_id: str) -> Payment | None:
        key = {"order_id": order_id, "payment_id": payment_id}
        item = get_item(self.client, self.table, key)
        return None if item is None else _payment_from(item)

    def of_order(self, order_id: OrderId) -> Sequence[Payment]:
        """In the order of their ids. One order's payments always fit in one page."""
        with translate_aws_errors("dynamodb"):
            page = self.client.query(
                TableName=self.table,
                KeyConditionExpression="order_id = :order_id",
                ExpressionAttributeValues=item_of({":order_id": order_id}),
                ConsistentRead=True,
            )
        return [_payment_from(item) for item in page["Items"]]

    def settled_between(self, begins: datetime, ends: datetime) -> Iterator[tuple[OrderId, str]]:
        """Shard by shard, as far as the caller reads."""
        for shard in range(DAY_SHARDS):
            values: dict[str, Value] = {
                ":shard": _day_shard(begins, shard),
                ":begins": begins,
                ":last": ends - timedelta(microseconds=1),  # BETWEEN takes both ends
            }
            pages = iter(
                self.client.get_paginator("query").paginate(
                    TableName=self.table,
                    IndexName="by_day",
                    KeyConditionExpression="day_shard = :shard"
                    " AND settled_at BETWEEN :begins AND :last",
                    ExpressionAttributeValues=item_of(values),
                )
            )
            while True:
                with translate_aws_errors("dynamodb"):
                    page = next(pages, None)
                if page is None:
                    break
                for item in page["Items"]:
                    yield OrderId(text(item, "order_id")), text(item, "payment_id")

    def _fact(self, payment: Payment) -> Put:
        return Put(self.table, payment_item(payment), all_of(PUT_IF))


def payment_item(payment: Payment) -> NewItem:
    return new_item(
        {
            "order_id": payment.order_id,
            "payment_id": payment.payment_id,
            "gateway": payment.gateway,
            "charge_id": payment.charge_id,
            "account": payment.account,
            "amount_idr": payment.amount_idr,
            "settled_at": payment.settled_at,
            "known_at": payment.known_at,
            "fee_idr": payment.fee_idr or None,
            "day_shard": _day_shard(
                payment.settled_at, zlib.crc32(payment.payment_id.encode()) % DAY_SHARDS
            ),
        }
    )


def _day_shard(at: datetime, shard: int) -> str:
    """`2026-11-24#07`: the day in WIB, and which of its partitions."""
    return f"{day_of(at)}#{shard:02}"


def _payment_from(item: Item) -> Payment:
    return Payment(
        payment_id=text(item, "payment_id"),
        gateway=text(item, "gateway"),
        charge_id=ChargeId(text(item, "charge_id")),
        order_id=OrderId(text(item, "order_id")),
        account=text(item, "account"),
        amount_idr=whole(item, "amount_idr"),
        settled_at=time(item, "settled_at"),
        known_at=maybe_time(item, "known_at") or time(item, "settled_at"),
        fee_idr=maybe_whole(item, "fee_idr"),
    )
