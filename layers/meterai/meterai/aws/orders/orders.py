"""Orders in DynamoDB: one item an order, with its slots and its timer.

A change is the difference between the order as it was read and what `order_transitions` makes of
it. Its condition repeats what that function asks of the order, for the item as it is by then.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.orders.order_items import INSTRUCTION, order_from, order_item, order_values
from meterai.aws.tables.attributes import Value, item_of
from meterai.aws.tables.conditional_writes import (
    Condition,
    ConditionFailed,
    Put,
    Update,
    all_of,
    difference,
    write,
)
from meterai.aws.tables.item_reads import get_item, get_items
from meterai.aws.tables.timer_attributes import TIMER
from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders import order_transitions
from meterai.domain.orders.orders import Order, OrderPlace, OrderState
from meterai.domain.orders.payments import Instruction, Payment
from meterai.ports.orders import MAX_LISTED_ORDERS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef

# What each write asks of the order as it is then. `:state` and `:attempt` are as they were read.
PUT_NEW_IF = ("attribute_not_exists(#order_id)",)
NEXT_ATTEMPT_IF = (
    "#state = :state",
    "#attempt = :attempt",
    "attribute_not_exists(#qr_text)",
    "attribute_not_exists(#va_number)",
    "attribute_not_exists(#cancelled_at)",
)
WITHDRAW_CHARGE_IF = (
    "#state = :state",
    "#attempt = :attempt",
    "attribute_not_exists(#cancelled_at)",
)
STORE_INSTRUCTION_IF = (
    "#state = :state",
    "#attempt = :attempt",
    "attribute_not_exists(#cancelled_at)",
)
CANCEL_IF = ("#state = :state", "attribute_not_exists(#cancelled_at)")
MARK_PAID_IF = ("#state = :state", "attribute_not_exists(#cancelled_at)")
MARK_CLOSED_IF = ("#state = :state",)
MARK_REVERSED_IF = ("#state = :state",)


class _NotChanged(Exception):
    """The order is not, or no longer, one that may change so. `order`: as it is now."""

    def __init__(self, order: Order | None) -> None:
        super().__init__(order)
        self.order = order


@dataclass(frozen=True, slots=True)
class DynamoOrders:
    """Table: key `order_id`; index `by_account` (`account`, `created_at`) and `by_next_check`, both
    KEYS_ONLY."""

    client: "DynamoDBClient"
    table: str

    def put_new(self, order: Order) -> Order:
        """3 write units."""
        try:
            write(self.client, Put(self.table, order_item(order), all_of(PUT_NEW_IF)))
        except ConditionFailed as refused:
            return _found(_order_met(refused), order.order_id)
        return order

    def get(self, order_id: OrderId) -> Order | None:
        item = get_item(self.client, self.table, {"order_id": order_id})
        return None if item is None else order_from(item)

    def get_many(self, order_ids: Sequence[OrderId]) -> tuple[Order, ...]:
        items = get_items(self.client, self.table, "order_id", order_ids)
        return tuple(order_from(items[one]) for one in order_ids if one in items)

    def of_account(
        self,
        account: str,
        *,
        since: datetime | None = None,
        before: OrderPlace | None = None,
        limit: int = MAX_LISTED_ORDERS,
    ) -> Sequence[OrderId]:
        values: dict[str, Value] = {":account": account}
        condition = "account = :account"
        if since is not None:
            values[":since"], condition = since, f"{condition} AND created_at >= :since"
        query: QueryInputTypeDef = {
            "TableName": self.table,
            "IndexName": "by_account",
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": item_of(values),
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if before is not None:
            query["ExclusiveStartKey"] = item_of({"account": account, **before._asdict()})
        with translate_aws_errors("dynamodb"):
            page = self.client.query(**query)
        return [OrderId(item["order_id"]["S"]) for item in page["Items"]]

    def next_attempt(self, order: Order) -> Order | None:
        """1 write unit."""
        try:
            return self._change(order, order_transitions.next_attempt(order), NEXT_ATTEMPT_IF)
        except _NotChanged:
            return None

    def withdraw_charge(self, order: Order) -> None:
        """1 write unit."""
        after = order_transitions.charge_withdrawn(order)
        with suppress(_NotChanged):
            self._change(order, after, WITHDRAW_CHARGE_IF, INSTRUCTION)

    def store_instruction(self, order: Order, instruction: Instruction) -> Order:
        """1 write unit."""
        after = order_transitions.instruction_stored(order, instruction)
        try:
            return self._change(order, after, STORE_INSTRUCTION_IF, INSTRUCTION)
        except _NotChanged as unchanged:
            return _found(unchanged.order, order.order_id)

    def mark_paid(self, order: Order, payment: Payment) -> Order | None:
        """2 write units."""
        after = order_transitions.paid(order, payment)
        try:
            return self._change(order, after, MARK_PAID_IF, (*TIMER, *INSTRUCTION))
        except _NotChanged as unchanged:
            now = unchanged.order
            return now if now and now.payment_id == payment.payment_id else None

    def cancel(self, order: Order, now: datetime) -> Order:
        """3 write units."""
        after = order_transitions.given_up(order, now)
        try:
            return self._change(order, after, CANCEL_IF, (*TIMER, *INSTRUCTION))
        except _NotChanged as unchanged:
            return _found(unchanged.order, order.order_id)

    def mark_closed(self, order: Order, state: OrderState) -> bool:
        """2 write units."""
        after = order_transitions.closed(order, state)
        try:
            self._change(order, after, MARK_CLOSED_IF, (*TIMER, *INSTRUCTION))
        except _NotChanged as unchanged:
            return unchanged.order is not None and unchanged.order.state is state
        return True

    def mark_reversed(self, order: Order) -> Order | None:
        """1 write unit."""
        after = order_transitions.payment_reversed(order)
        try:
            return self._change(order, after, MARK_REVERSED_IF)
        except _NotChanged as unchanged:
            now = unchanged.order
            return now if now and now.state is OrderState.REVERSED else None

    def _change(
        self,
        before: Order,
        after: Order | None,
        condition: Condition,
        rewritten: Collection[str] = (),
    ) -> Order:
        """The order as it is then. Raises _NotChanged: without a write, where `after` is None."""
        if after is None:
            raise _NotChanged(self.get(before.order_id))
        sets, removes = difference(order_values(before), order_values(after), rewritten)
        expression = all_of(condition)
        read: dict[str, Value] = {"state": before.state, "attempt": before.attempt}
        change = Update(
            self.table,
            item_of({"order_id": before.order_id}),
            expression,
            sets,
            removes,
            given={name: value for name, value in read.items() if f":{name}" in expression},
        )
        try:
            return order_from(write(self.client, change))
        except ConditionFailed as refused:
            raise _NotChanged(_order_met(refused)) from None


def _order_met(refused: ConditionFailed) -> Order | None:
    item = refused.items[0]
    return None if item is None else order_from(item)


def _found(order: Order | None, order_id: OrderId) -> Order:
    if order is None:
        raise Unavailable(party="dynamodb", reason="order_missing", order_id=order_id)
    return order
