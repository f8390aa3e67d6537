"""Refunds in DynamoDB. A change is the difference between the refund as it was read and what
`refund_transitions` makes of it, on the condition that state and attempt are still the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meterai.aws.orders.refund_items import refund_from, refund_item, refund_values
from meterai.aws.tables.attributes import Value, item_of
from meterai.aws.tables.conditional_writes import (
    Condition,
    ConditionFailed,
    Put,
    Update,
    all_of,
    difference,
    write,
    write_all,
)
from meterai.aws.tables.item_reads import get_item, get_items
from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.order_transitions import slots_refunded
from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refund_transitions import check_transition, claim_tried
from meterai.domain.refunds.refunds import Refund
from meterai.ports import OrderMoved

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What each write asks of the order and the refund, as they are then.
REQUEST_ORDER_IF = ("#state = :state", "attribute_not_exists(#slots.#{slot})")
REQUEST_REFUND_IF = ("attribute_not_exists(#refund_id)",)
ADVANCE_IF = ("#state = :state", "#attempt = :attempt")
COUNT_TRY_IF = (
    "#state = :state",
    "#attempt = :attempt",
    "(attribute_not_exists(#claim_tries) OR #claim_tries = :tries)",
)


@dataclass(frozen=True, slots=True)
class DynamoRefunds:
    """Table: key `refund_id`; index `by_next_check`, KEYS_ONLY."""

    client: "DynamoDBClient"
    table: str
    orders_table: str

    def request(self, order: Order, refund: Refund) -> Refund | OrderMoved:
        """5 write units."""
        if not refund.slots:
            raise ValueError("a whole payment goes back with its fact: Payments.put_with_refund")
        if slots_refunded(order, refund.refund_id, refund.slots) is None:
            return self.get(refund.refund_id) or OrderMoved()
        give_slots = Update(
            self.orders_table,
            item_of({"order_id": order.order_id}),
            all_of(REQUEST_ORDER_IF, refund.slots),
            sets={f"slots.{slot}": refund.refund_id for slot in refund.slots},
            given={"state": order.state},
        )
        put = Put(self.table, refund_item(refund), all_of(REQUEST_REFUND_IF))
        try:
            write_all(self.client, (give_slots, put))
        except ConditionFailed as refused:
            item = refused.items.get(1)
            existing = refund_from(item) if item else self.get(refund.refund_id)
            return existing or OrderMoved()
        return refund

    def get(self, refund_id: RefundId) -> Refund | None:
        item = get_item(self.client, self.table, {"refund_id": refund_id})
        return None if item is None else refund_from(item)

    def get_many(self, refund_ids: Sequence[RefundId]) -> tuple[Refund, ...]:
        items = get_items(self.client, self.table, "refund_id", refund_ids)
        return tuple(refund_from(items[one]) for one in refund_ids if one in items)

    def advance(self, refund: Refund, then: Refund) -> Refund | None:
        """2 to 3 write units. A refund that is already just as `then` is answered."""
        check_transition(refund, then)
        try:
            return self._change(refund, then, ADVANCE_IF)
        except ConditionFailed as refused:
            item = refused.items[0]
            now = None if item is None else refund_from(item)
            return now if now == then else None

    def count_claim_try(self, refund: Refund) -> Refund | None:
        """1 write unit. A try whose answer was lost has counted."""
        try:
            return self._change(refund, claim_tried(refund), COUNT_TRY_IF)
        except ConditionFailed:
            return None

    def _change(self, before: Refund, after: Refund, condition: Condition) -> Refund:
        """Raises ConditionFailed."""
        expression = all_of(condition)
        sets, removes = difference(refund_values(before), refund_values(after))
        read: dict[str, Value] = {
            "state": before.state,
            "attempt": before.attempt,
            "tries": before.claim_tries,
        }
        given = {name: read[name] for name in read if f":{name}" in expression}
        key = item_of({"refund_id": before.refund_id})
        return refund_from(
            write(self.client, Update(self.table, key, expression, sets, removes, given))
        )
