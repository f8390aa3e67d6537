"""Payments in DynamoDB: facts, each written once."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meterai.aws.failures import answered_by
from meterai.aws.items import Item, NewItem, item_of, text, time, whole
from meterai.aws.reads import get_item
from meterai.aws.refund_items import refund_item
from meterai.aws.writes import ConditionFailed, Put, Update, all_of, write, write_all
from meterai.domain.identity import ChargeId, OrderId
from meterai.domain.payments import Payment
from meterai.domain.refunds import Refund

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What each write asks of the fact, and of the refund, as they stand.
PUT_IF = ("attribute_not_exists(#payment_id)",)
PUT_REFUND_IF = ("attribute_not_exists(#refund_id)",)
LIST_REFUND_IF = ("attribute_exists(#order_id)",)


@dataclass(frozen=True, slots=True)
class DynamoPayments:
    """Table: key `order_id`, `payment_id`; no index."""

    client: "DynamoDBClient"
    table: str
    refunds_table: str
    orders_table: str

    def put(self, payment: Payment) -> None:
        """1 write unit."""
        with suppress(ConditionFailed):
            write(self.client, self._fact(payment))

    def put_with_refund(self, payment: Payment, refund: Refund) -> None:
        """7 write units."""
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
            # One of them stands, or both: each on its own, once.
            for one in (fact, money_back, listed):
                with suppress(ConditionFailed):
                    write(self.client, one)

    def get(self, order_id: OrderId, payment_id: str) -> Payment | None:
        key = {"order_id": order_id, "payment_id": payment_id}
        item = get_item(self.client, self.table, key)
        return None if item is None else _payment_from(item)

    def of_order(self, order_id: OrderId) -> Sequence[Payment]:
        """In the order of their ids. Those of one order fill a page by no means."""
        with answered_by("dynamodb"):
            page = self.client.query(
                TableName=self.table,
                KeyConditionExpression="order_id = :order_id",
                ExpressionAttributeValues=item_of({":order_id": order_id}),
                ConsistentRead=True,
            )
        return [_payment_from(item) for item in page["Items"]]

    def _fact(self, payment: Payment) -> Put:
        return Put(self.table, payment_item(payment), all_of(PUT_IF))


def payment_item(payment: Payment) -> NewItem:
    return item_of(
        {
            "order_id": payment.order_id,
            "payment_id": payment.payment_id,
            "gateway": payment.gateway,
            "charge_id": payment.charge_id,
            "account": payment.account,
            "amount_idr": payment.amount_idr,
            "settled_at": payment.settled_at,
        }
    )


def _payment_from(item: Item) -> Payment:
    return Payment(
        payment_id=text(item, "payment_id"),
        gateway=text(item, "gateway"),
        charge_id=ChargeId(text(item, "charge_id")),
        order_id=OrderId(text(item, "order_id")),
        account=text(item, "account"),
        amount_idr=whole(item, "amount_idr"),
        settled_at=time(item, "settled_at"),
    )
