"""Orders change by their table of states, and each change only changes what it is about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.order_transitions import (
    charge_withdrawn,
    closed,
    given_up,
    instruction_stored,
    next_attempt,
    paid,
    payment_reversed,
    refund_listed,
    slots_refunded,
    slots_taken,
    slots_voided,
)
from meterai.domain.orders.orders import TRANSITIONS, Order, OrderState, Refunded
from meterai.domain.orders.payments import Instruction, Method
from meterai.domain.stamping.serials import Serial
from meterai.domain.timers import AFTER_EXPIRY, Timer
from tests.unit.domain.facts import NOW, PAID, PAYMENT, PENDING, taken

MINUTE = timedelta(minutes=1)
QRIS = Instruction(Method.QRIS, "a code", None, None, None)
WAITING = replace(PENDING, timer=Timer(NOW + MINUTE, NOW + 15 * MINUTE), instruction=QRIS)
REFUND = RefundId("rfd_A")

Change = Callable[[Order], Order | None]
CHANGES: dict[OrderState, Change] = {
    OrderState.PAID: lambda order: paid(order, PAYMENT),
    OrderState.EXPIRED: lambda order: closed(order, OrderState.EXPIRED),
    OrderState.CANCELLED: lambda order: closed(order, OrderState.CANCELLED),
    OrderState.REVERSED: payment_reversed,
}
WHILE_PENDING: tuple[Change, ...] = (
    lambda order: next_attempt(replace(order, instruction=None)),
    charge_withdrawn,
    lambda order: instruction_stored(order, QRIS),
    lambda order: given_up(order, NOW),
)


@pytest.mark.parametrize("before", OrderState)
@pytest.mark.parametrize("after", CHANGES)
def test_an_order_changes_its_state_exactly_as_the_table_says(
    before: OrderState, after: OrderState
) -> None:
    changed = CHANGES[after](replace(WAITING, state=before))
    assert (changed.state if changed else None) == (after if after in TRANSITIONS[before] else None)


@pytest.mark.parametrize("change", WHILE_PENDING)
def test_only_a_pending_order_that_is_not_cancelled_makes_the_other_changes(change: Change) -> None:
    changed = change(WAITING)
    assert changed is not None
    assert changed.state is OrderState.PENDING
    for state in set(OrderState) - {OrderState.PENDING}:
        assert change(replace(WAITING, state=state)) is None
    assert change(replace(WAITING, cancelled_at=NOW)) is None


def test_a_paid_order_has_its_payment_and_no_timer_or_instruction() -> None:
    assert paid(WAITING, PAYMENT) == replace(
        WAITING,
        state=OrderState.PAID,
        timer=None,
        instruction=None,
        payment_id=PAYMENT.payment_id,
        paid_at=PAYMENT.settled_at,
        payment_known_at=PAYMENT.known_at,
    )


def test_nothing_pays_a_cancelled_order() -> None:
    assert paid(replace(WAITING, cancelled_at=NOW), PAYMENT) is None


def test_an_order_closes_without_a_payment() -> None:
    expired = replace(WAITING, state=OrderState.EXPIRED, timer=None, instruction=None)
    assert closed(WAITING, OrderState.EXPIRED) == expired
    for state in (OrderState.PAID, OrderState.REVERSED, OrderState.PENDING):
        with pytest.raises(ValueError, match="does not close"):
            closed(WAITING, state)


def test_a_cancelled_order_expires_now_shows_no_instruction_and_is_checked_soon() -> None:
    now = NOW + 5 * MINUTE
    assert given_up(WAITING, now) == replace(
        WAITING,
        expires_at=now,
        cancelled_at=now,
        timer=Timer(next_check_at=now + AFTER_EXPIRY, deadline_at=now),
        instruction=None,
    )
    overdue = given_up(WAITING, WAITING.expires_at + MINUTE)
    assert overdue is not None
    assert overdue.expires_at == WAITING.expires_at


def test_a_withdrawn_charge_is_shown_no_more_and_the_next_one_is_another() -> None:
    after = replace(WAITING, attempt=WAITING.attempt + 1, instruction=None)
    assert charge_withdrawn(WAITING) == after
    assert charge_withdrawn(after) is None


def test_a_new_attempt_is_made_only_while_no_instruction_is_known() -> None:
    assert next_attempt(WAITING) is None
    unknown = replace(WAITING, instruction=None)
    assert next_attempt(unknown) == replace(unknown, attempt=WAITING.attempt + 1)


def test_free_slots_are_taken_before_the_payment_and_after() -> None:
    order = replace(PAID, slots={0: taken("A")})
    for state in (OrderState.PENDING, OrderState.PAID):
        order = replace(order, state=state)
        assert slots_taken(order, {1: taken("B")}) == replace(
            order, slots={0: taken("A"), 1: taken("B")}
        )
        assert slots_taken(order, {0: taken("B"), 1: taken("B")}) is None
    for state in (OrderState.EXPIRED, OrderState.CANCELLED, OrderState.REVERSED):
        assert slots_taken(replace(order, state=state), {1: taken("B")}) is None


def test_free_slots_of_a_paid_order_go_to_a_refund() -> None:
    order = replace(PAID, slots={0: taken("A")})
    assert slots_refunded(order, REFUND, (1, 2)) == replace(
        order, slots={0: taken("A"), 1: Refunded(REFUND), 2: Refunded(REFUND)}
    )
    assert slots_refunded(order, REFUND, (0, 1)) is None
    assert slots_refunded(replace(order, state=OrderState.REVERSED), REFUND, (1,)) is None
    assert slots_refunded(PENDING, REFUND, (1,)) is None


def test_the_slots_of_a_voided_stamping_are_free_or_refunded() -> None:
    order = replace(PAID, slots={0: taken("A"), 1: taken("B")})
    voided = {1: taken("B")}
    listed = replace(order, voided={1: Serial("B")})
    assert slots_voided(order, voided) == replace(listed, slots={0: taken("A")})
    assert slots_voided(order, voided, REFUND) == replace(
        listed, slots={0: taken("A"), 1: Refunded(REFUND)}
    )
    assert slots_voided(order, {1: taken("C")}) is None
    assert slots_voided(order, {2: taken("B")}) is None


def test_only_a_paid_order_refunds_what_is_voided() -> None:
    order = replace(PAID, state=OrderState.REVERSED, slots={1: taken("B")})
    assert slots_voided(order, {1: taken("B")}, REFUND) is None
    assert slots_voided(order, {1: taken("B")}) == replace(order, slots={}, voided={1: Serial("B")})


def test_a_refund_of_a_payment_that_bought_nothing_is_listed_once() -> None:
    order = refund_listed(refund_listed(PAID, RefundId("rfd_B")), REFUND)
    assert refund_listed(order, REFUND) == replace(PAID, returned=(REFUND, RefundId("rfd_B")))
