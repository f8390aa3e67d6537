"""Refunds in DynamoDB."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meterai.aws.orders.refund_items import refund_from, refund_item, refund_values
from meterai.aws.tables.attributes import Value, item_of
from meterai.aws.tables.conditional_writes import (
    ConditionFailed,
    Put,
    Update,
    all_of,
    write,
    write_all,
)
from meterai.aws.tables.item_reads import get_item
from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refunds import TRANSITIONS, Refund
from meterai.ports import OrderMoved

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What each write asks of the order and the refund, as they stand.
REQUEST_ORDER_IF = ("#state = :state", "attribute_not_exists(#slots.#{slot})")
REQUEST_REFUND_IF = ("attribute_not_exists(#refund_id)",)
ADVANCE_IF = ("#state = :seen", "#attempt = :attempt")
COUNT_TRY_IF = (
    "#state = :seen",
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
            item = refused.standing.get(1)
            standing = refund_from(item) if item else self.get(refund.refund_id)
            return standing or OrderMoved()
        return refund

    def get(self, refund_id: RefundId) -> Refund | None:
        item = get_item(self.client, self.table, {"refund_id": refund_id})
        return None if item is None else refund_from(item)

    def advance(self, refund: Refund, then: Refund) -> Refund | None:
        """2 to 3 write units. Where it stands already just as it would be left, it is answered."""
        if then.state is not refund.state and then.state not in TRANSITIONS[refund.state]:
            raise ValueError(f"{refund.state} does not become {then.state}")
        old, new = _said(refund), _said(then)
        change = Update(
            self.table,
            item_of({"refund_id": refund.refund_id}),
            all_of(ADVANCE_IF),
            sets={name: value for name, value in new.items() if old.get(name) != value},
            removes=tuple(name for name in old if name not in new),
            given={"seen": refund.state, "attempt": refund.attempt},
        )
        try:
            return refund_from(write(self.client, change))
        except ConditionFailed as refused:
            item = refused.standing[0]
            standing = None if item is None else refund_from(item)
            return standing if standing == then else None

    def count_claim_try(self, refund: Refund) -> Refund | None:
        """1 write unit. A try whose answer was lost has counted."""
        change = Update(
            self.table,
            item_of({"refund_id": refund.refund_id}),
            all_of(COUNT_TRY_IF),
            sets={"claim_tries": refund.claim_tries + 1},
            given={
                "seen": refund.state,
                "attempt": refund.attempt,
                "tries": refund.claim_tries,
            },
        )
        try:
            return refund_from(write(self.client, change))
        except ConditionFailed:
            return None


def _said(refund: Refund) -> dict[str, Value]:
    return {name: value for name, value in refund_values(refund).items() if value is not None}
