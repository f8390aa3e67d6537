"""E-meterai in DynamoDB: one item each, and the slots of their order.

A stamping of one costs one write a step; one of several is written, claimed, finished and voided as
a whole, in one transaction. A change is the difference between the e-meterai as they were read and
what `serial_transitions` makes of them. Its condition repeats what that function asks, for the
items as they are by then.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.aws.orders.refund_items import refund_item
from meterai.aws.orders.serial_items import output_values, serial_from, serial_item, serial_values
from meterai.aws.orders.slots import slot_texts, voided_values
from meterai.aws.tables.attributes import Item, Value, item_of
from meterai.aws.tables.conditional_writes import (
    Condition,
    ConditionFailed,
    Put,
    Update,
    Write,
    all_of,
    difference,
    write,
    write_all,
)
from meterai.aws.tables.item_reads import get_item, get_items
from meterai.aws.tables.timer_attributes import TIMER
from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.order_transitions import slots_taken, voided_stamping
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serial_transitions import (
    augmented,
    check_refund_is_of,
    is_augmented_already,
    is_stamped_already,
    is_voided_already,
    slots_of_stamping,
    stamped,
    voided,
)
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.domain.timers import Timer
from meterai.ports import OrderMoved, Reserved

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What each write asks of the serial, its order and its refund, as they are then. Only a reserved
# serial has a claim, so a condition on the claim says nothing of the state.
RESERVE_ORDER_IF = ("#state = :state", "attribute_not_exists(#slots.#{slot})")
RESERVE_SERIAL_IF = ("attribute_not_exists(#serial)",)
CLAIM_IF = (
    "#state = :reserved",
    "(attribute_not_exists(#claimed_until) OR #claimed_until <= :now)",
    "(attribute_not_exists(#deadline_at) OR :now < #deadline_at)",
)
FINISH_IF = ("#state = :state",)
AUGMENT_IF = ("(#outputs = :outputs OR #outputs = :outputs_in_version_1)",)
VOID_UNCLAIMED_IF = ("#state = :state", "attribute_not_exists(#claimed_until)")
VOID_CLAIMED_IF = ("#claimed_until = :claimed_until",)
VOID_ORDER_IF = ("#slots.#{slot} = :use_{slot}",)
VOID_PAID_ORDER_IF = ("#state = :paid", "#slots.#{slot} = :use_{slot}")
VOID_REFUND_IF = ("attribute_not_exists(#refund_id)",)


@dataclass(frozen=True, slots=True)
class DynamoSerials:
    """Table: key `serial`; index `by_next_check`, KEYS_ONLY: only the first of a stamping has a
    timer."""

    client: "DynamoDBClient"
    table: str
    orders_table: str
    refunds_table: str

    def reserve(self, order: Order, emeterai: Sequence[EMeterai]) -> Reserved | OrderMoved:
        """5 write units for a stamping of one, 2 for each further one.

        A serial that exists is returned to any caller: by its `body_hash` the caller tells a
        retry from another request and from a collision.
        """
        slots = slots_of_stamping(emeterai)
        if slots_taken(order, slots) is None:
            return self._existing(emeterai, {}) or OrderMoved()
        take_slots = Update(
            self.orders_table,
            item_of({"order_id": order.order_id}),
            all_of(RESERVE_ORDER_IF, list(slots)),
            sets={f"slots.{slot}": use for slot, use in slot_texts(slots).items()},
            given={"state": order.state},
        )
        puts = [Put(self.table, serial_item(one), all_of(RESERVE_SERIAL_IF)) for one in emeterai]
        try:
            write_all(self.client, (take_slots, *puts))
        except ConditionFailed as refused:
            return self._existing(emeterai, refused.items) or OrderMoved()
        return Reserved(tuple(emeterai))

    def get(self, serial: Serial) -> EMeterai | None:
        item = get_item(self.client, self.table, {"serial": serial})
        return None if item is None else serial_from(item)

    def get_many(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]:
        items = get_items(self.client, self.table, "serial", serials)
        return tuple(serial_from(items[serial]) for serial in serials if serial in items)

    def claim(
        self, serials: Sequence[Serial], now: datetime, until: datetime
    ) -> tuple[EMeterai, ...]:
        """1 write unit for one; for several 2 each, and one read.

        Nothing is read before, so the condition alone says what `serial_transitions.claimed` does.
        Where an answer is lost, botocore's second try meets the claim of the first and fails: the
        stamping then waits for the claim to lapse, and no two workers believe that they hold it.
        """
        claims = [
            Update(
                self.table,
                item_of({"serial": serial}),
                all_of(CLAIM_IF),
                sets={"claimed_until": until},
                given={"reserved": SerialState.RESERVED, "now": now},
            )
            for serial in serials
        ]
        try:
            if len(claims) == 1:
                return (serial_from(write(self.client, claims[0])),)
            write_all(self.client, claims)
        except ConditionFailed:
            return ()
        return self.get_many(serials)

    def finish(
        self,
        emeterai: Sequence[EMeterai],
        output: Output,
        at: datetime,
        timer: Timer | None = None,
    ) -> bool:
        """2 write units for one; for several 2 each and 1 for the timer. 1 more for a timer that is
        set anew."""
        after = [stamped(one, output, at, timer) for one in emeterai]
        rewritten = (*TIMER, "claimed_until")
        if self._written(self._changes(emeterai, after, FINISH_IF, rewritten)):
            return True
        now = self.get_many([one.serial for one in emeterai])
        return len(now) == len(emeterai) and all(is_stamped_already(one, output) for one in now)

    def list_augmented(self, emeterai: Sequence[EMeterai], output: Output | None) -> bool:
        """2 write units for one; for several 2 each and 1 for the timer."""
        after = [augmented(one, output) for one in emeterai]
        if self._written(self._changes(emeterai, after, AUGMENT_IF, ("outputs", *TIMER))):
            return True
        now = self.get_many([one.serial for one in emeterai])
        return len(now) == len(emeterai) and all(is_augmented_already(one, output) for one in now)

    def void(
        self,
        emeterai: Sequence[EMeterai],
        reason: VoidReason,
        now: datetime,
        *,
        code: str | None = None,
        refund: Refund | None = None,
    ) -> bool:
        """5 write units for one (8 with a refund), 2 for each further one. True also where just
        this was done before."""
        slots = slots_of_stamping(emeterai)
        uses, listed = slot_texts(slots), voided_values(voided_stamping(slots))
        check_refund_is_of(emeterai, refund)
        after = [voided(one, reason, now, code) for one in emeterai]
        writes: list[Write] = []
        for one, then in zip(emeterai, after, strict=True):
            condition = VOID_CLAIMED_IF if one.claimed_until else VOID_UNCLAIMED_IF
            writes += self._changes([one], [then], condition, (*TIMER, "claimed_until"))
        writes.append(
            Update(
                self.orders_table,
                item_of({"order_id": emeterai[0].order_id}),
                all_of(VOID_PAID_ORDER_IF if refund else VOID_ORDER_IF, list(uses)),
                sets=listed
                | ({f"slots.{slot}": refund.refund_id for slot in uses} if refund else {}),
                removes=[] if refund else [f"slots.{slot}" for slot in uses],
                given={f"use_{slot}": use for slot, use in uses.items()}
                | ({"paid": OrderState.PAID} if refund else {}),
            )
        )
        if refund:
            writes.append(Put(self.refunds_table, refund_item(refund), all_of(VOID_REFUND_IF)))
        if None not in after and self._written(writes):
            return True
        found = self.get_many([one.serial for one in emeterai])
        return (
            len(found) == len(emeterai)
            and all(is_voided_already(one, reason, code) for one in found)
            and (refund is None or self._refund_exists(refund.refund_id))
        )

    def _existing(
        self, emeterai: Sequence[EMeterai], met: Mapping[int, Item | None]
    ) -> Reserved | None:
        """The serial that was there before. `met`: what the refused writes met; AWS may have named
        the order alone, then the first serial is read."""
        items = [met.get(number) for number in range(1, len(emeterai) + 1)]
        found = [serial_from(item) for item in items if item]
        first = found[0] if found else self.get(emeterai[0].serial)
        return None if first is None else Reserved((first,))

    def _changes(
        self,
        before: Sequence[EMeterai],
        after: Sequence[EMeterai | None],
        condition: Condition,
        rewritten: Collection[str],
    ) -> list[Update]:
        """An update for each; none where one of them may not change so."""
        expression = all_of(condition)
        updates = []
        for one, then in zip(before, after, strict=True):
            if then is None:
                return []
            sets, removes = difference(serial_values(one), serial_values(then), rewritten)
            read: dict[str, Value] = {
                "state": one.state,
                "claimed_until": one.claimed_until,
                "outputs": output_values(one.outputs),
                "outputs_in_version_1": [output.sha256 for output in one.outputs],
            }
            given = {name: read[name] for name in read if f":{name}" in expression}
            key = item_of({"serial": one.serial})
            updates.append(Update(self.table, key, expression, sets, removes, given))
        return updates

    def _written(self, writes: Sequence[Write]) -> bool:
        """False also where there is nothing to write."""
        if not writes:
            return False
        try:
            if len(writes) == 1:
                write(self.client, writes[0])
            else:
                write_all(self.client, writes)
        except ConditionFailed:
            return False
        return True

    def _refund_exists(self, refund_id: RefundId) -> bool:
        return get_item(self.client, self.refunds_table, {"refund_id": refund_id}) is not None
