"""E-meterai in DynamoDB: one item each, and the slots of their order.

A stamping of one costs one write a step; one of several is written, claimed, finished and voided as
a whole, in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.aws.orders.refund_items import refund_item
from meterai.aws.orders.serial_items import serial_from, serial_item
from meterai.aws.orders.slots import check_refund_is_of, slot_texts, slots_taken_by
from meterai.aws.tables.attributes import Value, digest_values, item_of
from meterai.aws.tables.conditional_writes import (
    Condition,
    ConditionFailed,
    Put,
    Update,
    Write,
    all_of,
    write,
    write_all,
)
from meterai.aws.tables.item_reads import get_item, get_items
from meterai.aws.tables.timer_attributes import TIMER, timer_values
from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.domain.timers import Timer
from meterai.ports import OrderMoved, Reserved

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What each write asks of the serial, its order and its refund, as they stand. Only a reserved
# serial bears a claim, so where the claim is asked for the state need not be.
RESERVE_ORDER_IF = ("#state = :state", "attribute_not_exists(#slots.#{slot})")
RESERVE_SERIAL_IF = ("attribute_not_exists(#serial)",)
CLAIM_IF = (
    "#state = :reserved",
    "(attribute_not_exists(#claimed_until) OR #claimed_until <= :now)",
    "(attribute_not_exists(#deadline_at) OR :now < #deadline_at)",
)
FINISH_IF = ("#state = :reserved",)
AUGMENT_IF = ("(#outputs = :seen OR #outputs = :seen_in_version_1)",)
VOID_UNCLAIMED_IF = ("#state = :reserved", "attribute_not_exists(#claimed_until)")
VOID_LAPSED_IF = ("#claimed_until = :seen", "#claimed_until <= :now")
VOID_OWN_CLAIM_IF = ("#claimed_until = :seen",)
VOID_ORDER_IF = ("#slots.#{slot} = :use_{slot}",)
VOID_PAID_ORDER_IF = ("#state = :paid", "#slots.#{slot} = :use_{slot}")
VOID_REFUND_IF = ("attribute_not_exists(#refund_id)",)


@dataclass(frozen=True, slots=True)
class DynamoSerials:
    """Table: key `serial`; index `by_next_check`, KEYS_ONLY: only the first of a stamping has a
    clock."""

    client: "DynamoDBClient"
    table: str
    orders_table: str
    refunds_table: str

    def reserve(self, order: Order, emeterai: Sequence[EMeterai]) -> Reserved | OrderMoved:
        """5 write units for a stamping of one, 2 for each further one.

        A serial that stands is answered whosever it is: its `body_hash` tells the caller a retry
        from another request and from a collision.
        """
        slots = slots_taken_by(emeterai)
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
            return self._standing(emeterai, refused) or OrderMoved()
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

        Where an answer is lost on its way, botocore's second try meets the claim of its first and
        is told that it failed: better a stamping that waits for the claim to lapse than two workers
        who both believe that it is theirs.
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
        output: str,
        at: datetime,
        timer: Timer | None = None,
    ) -> bool:
        """2 write units for one; for several 2 each and 1 for the clock. 1 more for a clock that
        is set anew."""
        stamped: dict[str, Value] = {
            "state": SerialState.STAMPED,
            "stamped_at": at,
            "outputs": digest_values((output,)),
        }
        finishes = [
            Update(
                self.table,
                item_of({"serial": one.serial}),
                all_of(FINISH_IF),
                sets=stamped | (timer_values(one.serial, timer) if rings else {}),
                removes=("claimed_until",) if rings else (*TIMER, "claimed_until"),
                given={"reserved": SerialState.RESERVED},
            )
            for one in emeterai
            for rings in [timer is not None and one.serial == one.stamping]
        ]
        if self._written(finishes):
            return True
        standing = self.get_many([one.serial for one in emeterai])
        return len(standing) == len(emeterai) and all(output in one.outputs for one in standing)

    def list_augmented(self, emeterai: Sequence[EMeterai], output: str | None) -> bool:
        """2 write units for one; for several 2 each and 1 for the clock."""
        added = () if output is None else (output,)
        lists = [
            Update(
                self.table,
                item_of({"serial": one.serial}),
                all_of(AUGMENT_IF),
                sets={"outputs": digest_values((*one.outputs, *added))},
                removes=TIMER,
                given={"seen": digest_values(one.outputs), "seen_in_version_1": one.outputs},
            )
            for one in emeterai
        ]
        if self._written(lists):
            return True
        standing = self.get_many([one.serial for one in emeterai])
        return len(standing) == len(emeterai) and all(
            one.timer is None and set(added) <= set(one.outputs) for one in standing
        )

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
        slots = slots_taken_by(emeterai)
        check_refund_is_of(slots, refund)
        writes: list[Write] = [self._void_one(one, reason, now, code) for one in emeterai]
        uses = slot_texts(slots)
        writes.append(
            Update(
                self.orders_table,
                item_of({"order_id": emeterai[0].order_id}),
                all_of(VOID_PAID_ORDER_IF if refund else VOID_ORDER_IF, list(slots)),
                sets={f"slots.{slot}": refund.refund_id for slot in slots} if refund else {},
                removes=[] if refund else [f"slots.{slot}" for slot in slots],
                given={f"use_{slot}": use for slot, use in uses.items()}
                | ({"paid": OrderState.PAID} if refund else {}),
            )
        )
        if refund:
            writes.append(Put(self.refunds_table, refund_item(refund), all_of(VOID_REFUND_IF)))
        if self._written(writes):
            return True
        standing = self.get_many([one.serial for one in emeterai])
        return (
            len(standing) == len(emeterai)
            and all(
                (one.state, one.void_reason, one.void_code) == (SerialState.VOID, reason, code)
                for one in standing
            )
            and (refund is None or self._refund_stands(refund.refund_id))
        )

    def _standing(self, emeterai: Sequence[EMeterai], refused: ConditionFailed) -> Reserved | None:
        """The serial that was in the way. AWS may have named the order alone: the first is read."""
        items = [refused.standing.get(place) for place in range(1, len(emeterai) + 1)]
        found = [serial_from(item) for item in items if item]
        first = found[0] if found else self.get(emeterai[0].serial)
        return None if first is None else Reserved((first,))

    def _void_one(
        self, one: EMeterai, reason: VoidReason, now: datetime, code: str | None
    ) -> Update:
        condition: Condition
        given: dict[str, Value]
        if one.claimed_until is None:
            condition, given = VOID_UNCLAIMED_IF, {"reserved": SerialState.RESERVED}
        elif code is None:
            condition, given = VOID_LAPSED_IF, {"seen": one.claimed_until, "now": now}
        else:
            condition, given = VOID_OWN_CLAIM_IF, {"seen": one.claimed_until}
        sets = {"state": SerialState.VOID, "void_reason": reason, "void_code": code}
        return Update(
            self.table,
            item_of({"serial": one.serial}),
            all_of(condition),
            sets={name: value for name, value in sets.items() if value is not None},
            removes=(*TIMER, "claimed_until"),
            given=given,
        )

    def _written(self, writes: Sequence[Write]) -> bool:
        try:
            if len(writes) == 1:
                write(self.client, writes[0])
            else:
                write_all(self.client, writes)
        except ConditionFailed:
            return False
        return True

    def _refund_stands(self, refund_id: RefundId) -> bool:
        return get_item(self.client, self.refunds_table, {"refund_id": refund_id}) is not None
