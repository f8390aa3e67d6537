"""Refunds: slots are given to them once, and they change state one step at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.orders.orders import Order, Refunded
from meterai.domain.refunds.refund_transitions import (
    claimed,
    confirmed,
    due_again,
    failed,
    forgotten,
    needing_account,
    paid_out,
    submitted,
    tries_counted_anew,
)
from meterai.domain.refunds.refunds import Claim, Refund, RefundState
from meterai.ports import OrderMoved
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW, a_payment, a_refund, a_stamping, an_order
from tests.fakes.ports import REFUND_PROMISE

LATER = NOW + 60 * MINUTE
CLAIM = Claim("C" * 26, "M" * 26, "ciphertext")


def account_needed(refund: Refund, now: datetime) -> Refund:
    return needing_account(refund, now, REFUND_PROMISE)


def claimed_now(refund: Refund, now: datetime) -> Refund:
    return claimed(refund, CLAIM, now, REFUND_PROMISE)


EVERY_CHANGE: tuple[Callable[[Refund], Refund], ...] = (
    lambda refund: submitted(refund, NOW),
    lambda refund: failed(refund, NOW),
    lambda refund: due_again(refund, NOW),
    lambda refund: submitted(refund, NOW),
    lambda refund: needing_account(refund, NOW, REFUND_PROMISE),
    lambda refund: claimed(refund, CLAIM, NOW, REFUND_PROMISE),
    lambda refund: submitted(refund, NOW),
    lambda refund: paid_out(refund, "payout-1", NOW),
    lambda refund: confirmed(refund, LATER),
    lambda refund: needing_account(refund, LATER, REFUND_PROMISE),
    lambda refund: claimed(refund, CLAIM, LATER, REFUND_PROMISE),
    lambda refund: paid_out(refund, "payout-2", LATER),
    lambda refund: confirmed(refund, LATER),
    forgotten,
)


def paid_order(backend: Backend) -> Order:
    order = backend.orders.put_new(an_order())
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert paid is not None
    return paid


def requested(backend: Backend) -> Refund:
    order = paid_order(backend)
    refund = backend.refunds.request(order, a_refund(order))
    assert isinstance(refund, Refund)
    return refund


def advanced(
    backend: Backend, refund: Refund, change: Callable[[Refund, datetime], Refund]
) -> Refund:
    then = backend.refunds.advance(refund, change(refund, NOW))
    assert then is not None
    return then


def test_a_refund_takes_its_slots(backend: Backend) -> None:
    order = paid_order(backend)
    refund = a_refund(order, (0, 2))
    assert backend.refunds.get(refund.refund_id) is None
    assert backend.refunds.request(order, refund) == refund
    assert backend.refunds.get(refund.refund_id) == refund
    given = {0: Refunded(refund.refund_id), 2: Refunded(refund.refund_id)}
    assert backend.orders.get(order.order_id) == replace(order, slots=given)
    assert list(backend.refund_timers.due(LATER)) == [refund.refund_id]


def test_a_refund_requested_again_is_returned_as_it_is_stored(backend: Backend) -> None:
    order = paid_order(backend)
    refund = a_refund(order)
    backend.refunds.request(order, refund)
    then = advanced(backend, refund, submitted)
    assert backend.refunds.request(order, refund) == then


def test_a_stored_refund_is_given_no_more_slots(backend: Backend) -> None:
    order = paid_order(backend)
    refund = a_refund(order, (0,))
    backend.refunds.request(order, refund)
    current = backend.orders.get(order.order_id)
    assert current is not None
    assert backend.refunds.request(current, a_refund(order, (1,), body_hash="e" * 32)) == refund
    assert backend.refunds.get(refund.refund_id) == refund
    assert backend.orders.get(order.order_id) == current


def test_a_slot_taken_meanwhile_means_that_the_order_has_moved(backend: Backend) -> None:
    order = paid_order(backend)
    backend.serials.reserve(order, a_stamping(order, 1))
    current = backend.orders.get(order.order_id)
    refund = a_refund(order, (0, 1))
    assert backend.refunds.request(order, refund) == OrderMoved()
    assert backend.refunds.get(refund.refund_id) is None
    assert backend.orders.get(order.order_id) == current


def test_a_reversed_or_unknown_order_is_not_refunded(backend: Backend) -> None:
    order = paid_order(backend)
    current = backend.orders.mark_reversed(order)
    refund = a_refund(order)
    assert backend.refunds.request(order, refund) == OrderMoved()
    assert backend.refunds.request(an_order("unknown"), refund) == OrderMoved()
    assert backend.refunds.get(refund.refund_id) is None
    assert backend.orders.get(order.order_id) == current


def test_a_whole_payment_is_returned_another_way(backend: Backend) -> None:
    order = paid_order(backend)
    with pytest.raises(ValueError, match="put_with_refund"):
        backend.refunds.request(order, a_refund(order, ()))


def test_a_refund_changes_state_together_with_its_timer(backend: Backend) -> None:
    refund = requested(backend)
    then = submitted(refund, NOW)
    assert backend.refunds.advance(refund, then) == then
    assert backend.refunds.get(refund.refund_id) == then
    assert then.timer is not None
    assert list(backend.refund_timers.due(then.timer.next_check_at - MINUTE)) == []
    assert list(backend.refund_timers.due(then.timer.next_check_at)) == [refund.refund_id]


def test_every_change_is_read_as_it_was_made(backend: Backend) -> None:
    """A whole life: a failed attempt, a denial, a claim, a payout, and the deletion of its
    account."""
    refund = requested(backend)
    for change in EVERY_CHANGE:
        then = change(refund)
        assert backend.refunds.advance(refund, then) == then
        assert backend.refunds.get(refund.refund_id) == then
        refund = then
    assert (refund.state, refund.timer) == (RefundState.CONFIRMED, None)
    assert list(backend.refund_timers.due(NOW + timedelta(days=99))) == []


def test_a_confirmed_refund_has_no_timer(backend: Backend) -> None:
    told_of = advanced(backend, requested(backend), submitted)
    then = confirmed(told_of, LATER)
    for _ in range(2):
        assert backend.refunds.advance(told_of, then) == then
    assert backend.refunds.get(then.refund_id) == then
    assert then.timer is None
    assert list(backend.refund_timers.due(LATER)) == []


def test_the_same_step_again_gives_the_same_answer(backend: Backend) -> None:
    refund = requested(backend)
    then = submitted(refund, NOW)
    assert [backend.refunds.advance(refund, then) for _ in range(2)] == [then, then]


def test_only_one_caller_makes_a_step(backend: Backend) -> None:
    refund = requested(backend)
    then = advanced(backend, refund, submitted)
    assert backend.refunds.advance(refund, submitted(refund, LATER)) is None
    assert backend.refunds.get(refund.refund_id) == then


def test_a_step_from_an_earlier_state_is_not_made(backend: Backend) -> None:
    told_of = advanced(backend, requested(backend), submitted)
    waiting = advanced(backend, told_of, account_needed)
    assert backend.refunds.advance(told_of, confirmed(told_of, NOW)) is None
    assert backend.refunds.get(told_of.refund_id) == waiting


def test_a_step_of_an_earlier_attempt_is_not_made(backend: Backend) -> None:
    """The state is the same as then, but it concerns another payout."""
    first = advanced(backend, requested(backend), submitted)
    second = advanced(backend, advanced(backend, first, account_needed), claimed_now)
    assert first.state is second.state
    assert backend.refunds.advance(first, confirmed(first, NOW)) is None
    assert backend.refunds.get(first.refund_id) == second


def test_a_step_that_the_transition_table_does_not_have_is_a_programming_error(
    backend: Backend,
) -> None:
    refund = requested(backend)
    with pytest.raises(ValueError, match="does not become"):
        backend.refunds.advance(refund, confirmed(refund, NOW))


def test_an_unknown_refund_does_not_change(backend: Backend) -> None:
    refund = a_refund(an_order())
    assert backend.refunds.advance(refund, submitted(refund, NOW)) is None
    assert backend.refunds.get(refund.refund_id) is None


def waiting_for_an_account(backend: Backend) -> Refund:
    refund = advanced(backend, requested(backend), submitted)
    return advanced(backend, refund, account_needed)


def test_each_named_account_counts_until_one_is_accepted(backend: Backend) -> None:
    refund = waiting_for_an_account(backend)
    for tries in (1, 2):
        counted = backend.refunds.count_claim_try(refund)
        assert counted == replace(refund, claim_tries=tries)
        assert backend.refunds.get(refund.refund_id) == counted
        refund = counted
    assert advanced(backend, refund, claimed_now).claim_tries == 0


def test_accounts_are_counted_anew_after_a_day(backend: Backend) -> None:
    counted = backend.refunds.count_claim_try(waiting_for_an_account(backend))
    assert counted is not None
    anew = advanced(backend, counted, tries_counted_anew)
    assert anew.claim_tries == 0
    assert backend.refunds.count_claim_try(anew) == replace(anew, claim_tries=1)


def test_a_try_is_counted_only_from_the_count_that_was_read(backend: Backend) -> None:
    refund = waiting_for_an_account(backend)
    counted = backend.refunds.count_claim_try(refund)
    assert counted is not None
    assert backend.refunds.count_claim_try(refund) is None
    assert backend.refunds.count_claim_try(replace(counted, claim_tries=5)) is None
    assert backend.refunds.count_claim_try(replace(counted, attempt=9)) is None
    assert backend.refunds.count_claim_try(replace(counted, state=RefundState.DUE)) is None
    assert backend.refunds.get(refund.refund_id) == counted
