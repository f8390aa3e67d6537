"""Refunds: slots given to them once, and one step at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.orders import Order, Refunded
from meterai.domain.refund_changes import (
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
from meterai.domain.refunds import Claim, Refund, RefundState
from meterai.ports import OrderMoved
from tests.contract.goods import MINUTE, NOW, a_payment, a_refund, a_stamping, an_order
from tests.contract.places import Place

LATER = NOW + 60 * MINUTE
CLAIM = Claim("C" * 26, "M" * 26, "sealed")


def claimed_now(refund: Refund, now: datetime) -> Refund:
    return claimed(refund, CLAIM, now)


EVERY_CHANGE: tuple[Callable[[Refund], Refund], ...] = (
    lambda refund: submitted(refund, NOW),
    lambda refund: failed(refund, NOW),
    lambda refund: due_again(refund, NOW),
    lambda refund: submitted(refund, NOW),
    lambda refund: needing_account(refund, NOW),
    lambda refund: claimed(refund, CLAIM, NOW),
    lambda refund: submitted(refund, NOW),
    lambda refund: paid_out(refund, "payout-1", NOW),
    lambda refund: confirmed(refund, LATER),
    lambda refund: needing_account(refund, LATER),
    lambda refund: claimed(refund, CLAIM, LATER),
    lambda refund: paid_out(refund, "payout-2", LATER),
    lambda refund: confirmed(refund, LATER),
    forgotten,
)


def paid_order(place: Place) -> Order:
    order = place.orders.put_new(an_order())
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert paid is not None
    return paid


def requested(place: Place) -> Refund:
    order = paid_order(place)
    refund = place.refunds.request(order, a_refund(order))
    assert isinstance(refund, Refund)
    return refund


def advanced(place: Place, refund: Refund, change: Callable[[Refund, datetime], Refund]) -> Refund:
    then = place.refunds.advance(refund, change(refund, NOW))
    assert then is not None
    return then


def test_a_refund_takes_its_slots(place: Place) -> None:
    order = paid_order(place)
    refund = a_refund(order, (0, 2))
    assert place.refunds.get(refund.refund_id) is None
    assert place.refunds.request(order, refund) == refund
    assert place.refunds.get(refund.refund_id) == refund
    given = {0: Refunded(refund.refund_id), 2: Refunded(refund.refund_id)}
    assert place.orders.get(order.order_id) == replace(order, slots=given)
    assert list(place.refund_clocks.due(LATER)) == [refund.refund_id]


def test_a_refund_asked_for_again_is_answered_as_it_stands(place: Place) -> None:
    order = paid_order(place)
    refund = a_refund(order)
    place.refunds.request(order, refund)
    then = advanced(place, refund, submitted)
    assert place.refunds.request(order, refund) == then


def test_a_standing_refund_is_given_no_more_slots(place: Place) -> None:
    order = paid_order(place)
    refund = a_refund(order, (0,))
    place.refunds.request(order, refund)
    current = place.orders.get(order.order_id)
    assert current is not None
    assert place.refunds.request(current, a_refund(order, (1,), body_hash="e" * 32)) == refund
    assert place.refunds.get(refund.refund_id) == refund
    assert place.orders.get(order.order_id) == current


def test_a_slot_that_was_taken_meanwhile_moves_the_order(place: Place) -> None:
    order = paid_order(place)
    place.serials.reserve(order, a_stamping(order, 1))
    current = place.orders.get(order.order_id)
    refund = a_refund(order, (0, 1))
    assert place.refunds.request(order, refund) == OrderMoved()
    assert place.refunds.get(refund.refund_id) is None
    assert place.orders.get(order.order_id) == current


def test_a_reversed_or_unknown_order_is_not_refunded(place: Place) -> None:
    order = paid_order(place)
    current = place.orders.mark_reversed(order.order_id)
    refund = a_refund(order)
    assert place.refunds.request(order, refund) == OrderMoved()
    assert place.refunds.request(an_order("unknown"), refund) == OrderMoved()
    assert place.refunds.get(refund.refund_id) is None
    assert place.orders.get(order.order_id) == current


def test_a_whole_payment_goes_back_another_way(place: Place) -> None:
    order = paid_order(place)
    with pytest.raises(ValueError, match="put_with_refund"):
        place.refunds.request(order, a_refund(order, ()))


def test_a_refund_moves_on_with_its_clock(place: Place) -> None:
    refund = requested(place)
    then = submitted(refund, NOW)
    assert place.refunds.advance(refund, then) == then
    assert place.refunds.get(refund.refund_id) == then
    assert then.clock is not None
    assert list(place.refund_clocks.due(then.clock.due_at - MINUTE)) == []
    assert list(place.refund_clocks.due(then.clock.due_at)) == [refund.refund_id]


def test_every_change_is_read_as_it_was_made(place: Place) -> None:
    """All the way: an attempt that failed, a denial, a claim, a payout, its account deleted."""
    refund = requested(place)
    for change in EVERY_CHANGE:
        then = change(refund)
        assert place.refunds.advance(refund, then) == then
        assert place.refunds.get(refund.refund_id) == then
        refund = then
    assert (refund.state, refund.clock) == (RefundState.CONFIRMED, None)
    assert list(place.refund_clocks.due(NOW + timedelta(days=99))) == []


def test_a_confirmed_refund_has_no_clock(place: Place) -> None:
    told_of = advanced(place, requested(place), submitted)
    then = confirmed(told_of, LATER)
    for _ in range(2):
        assert place.refunds.advance(told_of, then) == then
    assert place.refunds.get(then.refund_id) == then
    assert then.clock is None
    assert list(place.refund_clocks.due(LATER)) == []


def test_the_same_step_again_is_answered_alike(place: Place) -> None:
    refund = requested(place)
    then = submitted(refund, NOW)
    assert [place.refunds.advance(refund, then) for _ in range(2)] == [then, then]


def test_only_one_takes_a_step(place: Place) -> None:
    refund = requested(place)
    then = advanced(place, refund, submitted)
    assert place.refunds.advance(refund, submitted(refund, LATER)) is None
    assert place.refunds.get(refund.refund_id) == then


def test_a_step_from_an_earlier_state_is_not_taken(place: Place) -> None:
    told_of = advanced(place, requested(place), submitted)
    waiting = advanced(place, told_of, needing_account)
    assert place.refunds.advance(told_of, confirmed(told_of, NOW)) is None
    assert place.refunds.get(told_of.refund_id) == waiting


def test_a_step_of_an_earlier_attempt_is_not_taken(place: Place) -> None:
    """The state is the same again, but the money it speaks of is another payout's."""
    first = advanced(place, requested(place), submitted)
    second = advanced(place, advanced(place, first, needing_account), claimed_now)
    assert first.state is second.state
    assert place.refunds.advance(first, confirmed(first, NOW)) is None
    assert place.refunds.get(first.refund_id) == second


def test_a_step_that_the_table_of_states_does_not_know_is_a_mistake(place: Place) -> None:
    refund = requested(place)
    with pytest.raises(ValueError, match="does not become"):
        place.refunds.advance(refund, confirmed(refund, NOW))


def test_an_unknown_refund_does_not_move(place: Place) -> None:
    refund = a_refund(an_order())
    assert place.refunds.advance(refund, submitted(refund, NOW)) is None
    assert place.refunds.get(refund.refund_id) is None


def waiting_for_an_account(place: Place) -> Refund:
    refund = advanced(place, requested(place), submitted)
    return advanced(place, refund, needing_account)


def test_each_account_that_is_named_counts_until_one_serves(place: Place) -> None:
    refund = waiting_for_an_account(place)
    for tries in (1, 2):
        counted = place.refunds.count_claim_try(refund)
        assert counted == replace(refund, claim_tries=tries)
        assert place.refunds.get(refund.refund_id) == counted
        refund = counted
    assert advanced(place, refund, claimed_now).claim_tries == 0


def test_accounts_are_counted_anew_after_a_day(place: Place) -> None:
    counted = place.refunds.count_claim_try(waiting_for_an_account(place))
    assert counted is not None
    anew = advanced(place, counted, tries_counted_anew)
    assert anew.claim_tries == 0
    assert place.refunds.count_claim_try(anew) == replace(anew, claim_tries=1)


def test_a_try_is_counted_on_what_was_read_alone(place: Place) -> None:
    refund = waiting_for_an_account(place)
    counted = place.refunds.count_claim_try(refund)
    assert counted is not None
    assert place.refunds.count_claim_try(refund) is None
    assert place.refunds.count_claim_try(replace(counted, claim_tries=5)) is None
    assert place.refunds.count_claim_try(replace(counted, attempt=9)) is None
    assert place.refunds.count_claim_try(replace(counted, state=RefundState.DUE)) is None
    assert place.refunds.get(refund.refund_id) == counted
