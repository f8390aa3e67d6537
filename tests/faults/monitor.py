"""Checks after each port call the invariants that hold at every moment."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from meterai.domain.id_derivation import order_of_charge
from meterai.domain.orders import orders
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Payment
from meterai.domain.refunds import refunds
from meterai.domain.refunds.refunds import Refund, RefundState
from meterai.domain.stamping import stampings
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.messages import (
    AugmentStamp,
    CheckCharge,
    CheckOrder,
    ExecuteRefund,
    Message,
    StampDocument,
)
from tests.fakes.in_memory_state import InMemoryState, Letter
from tests.fakes.ports import CLAIM
from tests.faults.invariants import ALWAYS, findings_of

Item = Order | EMeterai | Refund | Payment
State = OrderState | SerialState | RefundState

_READS = frozenset(
    {
        "get",
        "get_many",
        "due",
        "between",
        "find",
        "settled_between",
        "stamped_output",
        "is_idle",
        "held",
        "statement",
        "receive_bulk",
        "delete",
        "status",
        "payout_state",
        "holder_of",
        "encrypt",
        "decrypt",
        "__call__",
    }
)
_INITIAL_STATES: tuple[State, ...] = (OrderState.PENDING, SerialState.RESERVED, RefundState.DUE)
_NEVER_PAID = (OrderState.PENDING, OrderState.EXPIRED, OrderState.CANCELLED)
_CHANGES: Mapping[type[Item], frozenset[str]] = {
    Order: frozenset(
        {
            "state",
            "attempt",
            "timer",
            "instruction",
            "payment_id",
            "paid_at",
            "payment_known_at",
            "slots",
            "returned",
            "expires_at",
            "cancelled_at",
            "voided",
        }
    ),
    EMeterai: frozenset(
        {"state", "timer", "claimed_until", "stamped_at", "outputs", "void_reason", "void_code"}
    ),
    Refund: frozenset(
        {
            "state",
            "timer",
            "confirmed_at",
            "attempt",
            "submitted_at",
            "claim",
            "claim_tries",
            "payout_reference",
        }
    ),
    Payment: frozenset(),
}
_FACTS = {
    item: [one.name for one in fields(item) if one.name not in changes]
    for item, changes in _CHANGES.items()
}
CHECKED_AT_EACH_CALL = {
    "no_signature_without_a_claimed_serial",
    "every_message_is_about_a_stored_item",
    "facts_are_written_once_and_states_follow_the_table",
}


@dataclass
class Monitor:
    """`findings`: the violations, as sentences. `sweeping`: the sweep is running."""

    state: InMemoryState
    findings: list[str] = field(default_factory=list)
    sweeping: bool = False
    _seen: dict[str, Item] = field(default_factory=dict)
    _signed: int = 0

    def check(self, call: str) -> None:
        """Called after each port call. Calls that only read are skipped. A sent message changes no
        item, so it alone is checked against what is stored."""
        if call.partition(".")[2] in _READS:
            return
        if call.startswith("Lanes."):
            self.findings += findings_of(self._every_message_is_about_a_stored_item, call)
            return
        if call == "Stamper.stamp":
            self.findings += findings_of(self._no_signature_without_a_claimed_serial)
        self.findings += findings_of(self._facts_are_written_once_and_states_follow_the_table)
        for rule in ALWAYS:
            self.findings += findings_of(rule, self.state)

    def lane_of(self, call: str) -> deque[Letter]:
        """The lane to which this call appends its message."""
        lanes = {
            "Lanes.stamp": self.state.last_sent_to,
            "Lanes.stamp_taken": self.state.stamping_lane,
            "Lanes.refund": self.state.refunds_lane,
            "Lanes.augment": self.state.augmentation_lane,
        }
        return lanes.get(call, self.state.payments_lane)

    def _no_signature_without_a_claimed_serial(self) -> Iterator[str]:
        for serial in self.state.signed[self._signed :]:
            one = self.state.serials[serial]
            if one.state is not SerialState.RESERVED or not one.is_claimed(self.state.now):
                yield f"{serial} was signed and not claimed"
            timer = self.state.serials[one.stamping].timer
            if timer and one.claimed_until and one.claimed_until - CLAIM >= timer.deadline_at:
                yield f"{serial} was claimed after its promise"
            if self.state.orders[one.order_id].state in _NEVER_PAID:
                yield f"{serial} was signed and not paid"
        self._signed = len(self.state.signed)

    def _every_message_is_about_a_stored_item(self, call: str) -> Iterator[str]:
        """The item of a message is stored; the sweep moves its timer before it sends."""
        letter = self.lane_of(call)[-1]
        message = letter.message
        item = self._item(message)
        if item is None:
            if call != "Lanes.webhook":
                yield f"{message} was sent and is about no stored item"
            return
        if letter.group != item.account:
            yield f"{message} was sent for {letter.group}"
        if self.sweeping and item.timer and item.timer.next_check_at <= self.state.now:
            yield f"{message} was sent before its timer was moved"
        if isinstance(item, EMeterai):
            order = self.state.orders[item.order_id]
            if order.state in _NEVER_PAID:
                yield f"{message} was sent and is not paid"

    def _item(self, message: Message) -> Order | EMeterai | Refund | None:
        match message:
            case StampDocument(serials=serials):
                return self.state.serials.get(serials[0])
            case AugmentStamp(serial=serial):
                return self.state.serials.get(serial)
            case ExecuteRefund(refund_id=refund_id):
                return self.state.refunds.get(refund_id)
            case CheckOrder(order_id=order_id):
                return self.state.orders.get(order_id)
            case CheckCharge(charge_id=charge_id):
                return self.state.orders.get(order_of_charge(charge_id))
            case _:
                return None

    def _facts_are_written_once_and_states_follow_the_table(self) -> Iterator[str]:
        now: dict[str, Item] = {}
        now.update(self.state.orders.items())
        now.update(self.state.serials.items())
        now.update(self.state.refunds.items())
        now.update((payment.payment_id, payment) for payment in self.state.payments.values())
        yield from (f"{key} is gone" for key in self._seen.keys() - now.keys())
        for key, item in now.items():
            before = self._seen.get(key)
            if before is item:
                continue
            if before is None:
                if not isinstance(item, Payment) and item.state not in _INITIAL_STATES:
                    yield f"{key} began as {item.state}"
            else:
                yield from _changed(key, before, item)
        self._seen = now


def _changed(key: str, before: Item, after: Item) -> Iterator[str]:
    for name in _FACTS[type(after)]:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{key}: {name} was changed from {old} to {new}"
    match before, after:
        case Order(state=old), Order(state=new) if old is not new:
            allowed = new in orders.TRANSITIONS[old]
        case EMeterai(state=old), EMeterai(state=new) if old is not new:
            allowed = new in stampings.TRANSITIONS[old]
        case Refund(state=old), Refund(state=new) if old is not new:
            allowed = new in refunds.TRANSITIONS[old]
        case _:
            return
    if not allowed:
        yield f"{key} went from {old} to {new}"
