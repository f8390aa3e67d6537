"""Orders in DynamoDB: one item an order, with its slots and its clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.orders.order_items import INSTRUCTION, instruction_values, order_from, order_item
from meterai.aws.tables.attributes import Value, item_of
from meterai.aws.tables.conditional_writes import ConditionFailed, Put, Update, all_of, write
from meterai.aws.tables.item_reads import get_item
from meterai.aws.tables.timer_attributes import TIMER, timer_values
from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Instruction, Payment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_LIST = 100

# What each write asks of the order, as it stands.
PUT_NEW_IF = ("attribute_not_exists(#order_id)",)
NEXT_ATTEMPT_IF = (
    "#state = :pending",
    "#attempt = :attempt",
    "attribute_not_exists(#qr_text)",
    "attribute_not_exists(#va_number)",
    "attribute_not_exists(#cancelled_at)",
)
STORE_INSTRUCTION_IF = (
    "#state = :pending",
    "#attempt = :attempt",
    "attribute_not_exists(#cancelled_at)",
)
CANCEL_IF = ("#state = :pending", "attribute_not_exists(#cancelled_at)")
MARK_PAID_IF = ("#state = :pending",)
MARK_CLOSED_IF = ("#state = :pending",)
MARK_REVERSED_IF = ("#state = :paid",)


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
            return self._standing(refused, order.order_id)
        return order

    def get(self, order_id: OrderId) -> Order | None:
        item = get_item(self.client, self.table, {"order_id": order_id})
        return None if item is None else order_from(item)

    def of_account(self, account: str) -> Sequence[OrderId]:
        with translate_aws_errors("dynamodb"):
            page = self.client.query(
                TableName=self.table,
                IndexName="by_account",
                KeyConditionExpression="#account = :account",
                ExpressionAttributeNames={"#account": "account"},
                ExpressionAttributeValues={":account": {"S": account}},
                ScanIndexForward=False,
                Limit=MAX_LIST,
            )
        return [OrderId(item["order_id"]["S"]) for item in page["Items"]]

    def next_attempt(self, order: Order) -> Order | None:
        """1 write unit."""
        try:
            return self._update(
                order.order_id,
                all_of(NEXT_ATTEMPT_IF),
                {"attempt": order.attempt + 1},
                given={"pending": OrderState.PENDING, "attempt": order.attempt},
            )
        except ConditionFailed:
            return None

    def store_instruction(self, order: Order, instruction: Instruction) -> Order:
        """1 write unit."""
        try:
            return self._update(
                order.order_id,
                all_of(STORE_INSTRUCTION_IF),
                instruction_values(instruction),
                given={"pending": OrderState.PENDING, "attempt": order.attempt},
            )
        except ConditionFailed as refused:
            return self._standing(refused, order.order_id)

    def mark_paid(self, order_id: OrderId, payment: Payment) -> Order | None:
        """2 write units. How it was to be paid is forgotten."""
        try:
            return self._update(
                order_id,
                all_of(MARK_PAID_IF),
                {
                    "state": OrderState.PAID,
                    "payment_id": payment.payment_id,
                    "paid_at": payment.settled_at,
                    "payment_known_at": payment.known_at,
                },
                removes=(*TIMER, *INSTRUCTION),
                given={"pending": OrderState.PENDING},
            )
        except ConditionFailed as refused:
            item = refused.standing[0]
            order = None if item is None else order_from(item)
            return order if order and order.payment_id == payment.payment_id else None

    def cancel(self, given_up: Order) -> Order:
        """3 write units."""
        try:
            return self._update(
                given_up.order_id,
                all_of(CANCEL_IF),
                {
                    "cancelled_at": given_up.cancelled_at,
                    "expires_at": given_up.expires_at,
                    **timer_values(given_up.order_id, given_up.timer),
                },
                removes=INSTRUCTION,
                given={"pending": OrderState.PENDING},
            )
        except ConditionFailed as refused:
            return self._standing(refused, given_up.order_id)

    def mark_closed(self, order_id: OrderId, state: OrderState) -> bool:
        """2 write units."""
        try:
            self._update(
                order_id,
                all_of(MARK_CLOSED_IF),
                {"state": state},
                removes=(*TIMER, *INSTRUCTION),
                given={"pending": OrderState.PENDING},
            )
        except ConditionFailed as refused:
            item = refused.standing[0]
            return item is not None and order_from(item).state is state
        return True

    def mark_reversed(self, order_id: OrderId) -> Order | None:
        """1 write unit."""
        try:
            return self._update(
                order_id,
                all_of(MARK_REVERSED_IF),
                {"state": OrderState.REVERSED},
                given={"paid": OrderState.PAID},
            )
        except ConditionFailed as refused:
            item = refused.standing[0]
            order = None if item is None else order_from(item)
            return order if order and order.state is OrderState.REVERSED else None

    def _update(
        self,
        order_id: OrderId,
        condition: str,
        values: dict[str, Value],
        *,
        removes: Sequence[str] = (),
        given: dict[str, Value],
    ) -> Order:
        """Sets what has a value and removes what has none. Raises ConditionFailed."""
        sets = {name: value for name, value in values.items() if value is not None}
        nothing = [name for name in values if name not in sets]
        change = Update(
            self.table,
            item_of({"order_id": order_id}),
            condition,
            sets,
            (*removes, *nothing),
            given,
        )
        return order_from(write(self.client, change))

    def _standing(self, refused: ConditionFailed, order_id: OrderId) -> Order:
        item = refused.standing[0]
        if item is None:
            raise Unavailable(party="dynamodb", reason="order_missing", order_id=order_id)
        return order_from(item)
