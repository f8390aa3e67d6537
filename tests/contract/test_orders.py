"""Orders: stored once, attempted, instructed, paid, expired, reversed; each by its condition."""

from dataclasses import replace

from meterai.domain.orders import OrderState
from meterai.domain.payments import Method
from tests.contract.goods import (
    ACCOUNT,
    ACCOUNT_NUMBER,
    MINUTE,
    NOW,
    QRIS,
    a_payment,
    a_stamping,
    an_order,
)
from tests.contract.places import Place

LATER = NOW + 60 * MINUTE


def test_a_new_order_is_read_as_it_was_put(place: Place) -> None:
    order = an_order()
    assert place.orders.get(order.order_id) is None
    assert place.orders.put_new(order) == order
    assert place.orders.get(order.order_id) == order


def test_an_order_put_again_is_answered_as_it_stands(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    another = an_order(body_hash="e" * 32, quantity=1)
    assert place.orders.put_new(another) == order
    assert place.orders.get(order.order_id) == order


def test_the_orders_of_an_account_come_newest_first(place: Place) -> None:
    orders = [an_order(str(n), created_at=NOW + n * MINUTE) for n in range(3)]
    for order in (*orders, an_order("other", account="somebody else")):
        place.orders.put_new(order)
    newest_first = [order.order_id for order in reversed(orders)]
    assert list(place.orders.of_account(ACCOUNT)) == newest_first
    assert list(place.orders.of_account("nobody")) == []


def test_no_more_than_a_hundred_orders_are_listed(place: Place) -> None:
    for n in range(101):
        place.orders.put_new(an_order(str(n), created_at=NOW + n * MINUTE))
    listed = place.orders.of_account(ACCOUNT)
    assert len(listed) == 100
    assert an_order("0").order_id not in listed


def test_a_new_attempt_is_a_new_charge(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    renewed = place.orders.next_attempt(order)
    assert renewed == replace(order, attempt=2)
    assert renewed.charge_id != order.charge_id
    assert place.orders.get(order.order_id) == renewed


def test_an_attempt_whose_instruction_is_known_is_not_given_up(place: Place) -> None:
    for name, instruction in (("qris", QRIS), ("va", ACCOUNT_NUMBER)):
        order = an_order(name, method=instruction.method)
        place.orders.put_new(order)
        told = place.orders.store_instruction(order, instruction)
        assert place.orders.next_attempt(order) is None
        assert place.orders.get(order.order_id) == told


def test_two_new_attempts_from_one_reading_are_one(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    renewed = place.orders.next_attempt(order)
    assert place.orders.next_attempt(order) is None
    assert place.orders.get(order.order_id) == renewed


def test_an_order_that_is_not_pending_is_not_attempted_again(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    place.orders.mark_closed(order.order_id, OrderState.EXPIRED)
    assert place.orders.next_attempt(order) is None
    assert place.orders.next_attempt(an_order("unknown")) is None
    assert place.orders.get(an_order("unknown").order_id) is None


def test_an_instruction_is_kept_and_may_be_stored_again(place: Place) -> None:
    for name, method, instruction in (
        ("qris", Method.QRIS, QRIS),
        ("va", Method.VIRTUAL_ACCOUNT, ACCOUNT_NUMBER),
    ):
        order = an_order(name, method=method)
        place.orders.put_new(order)
        told = replace(order, instruction=instruction)
        assert place.orders.store_instruction(order, instruction) == told
        assert place.orders.store_instruction(order, instruction) == told
        assert place.orders.get(order.order_id) == told


def test_an_instruction_of_an_earlier_attempt_is_not_kept(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    renewed = place.orders.next_attempt(order)
    assert place.orders.store_instruction(order, QRIS) == renewed
    assert place.orders.get(order.order_id) == renewed


def test_an_instruction_that_comes_after_the_payment_is_not_kept(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert place.orders.store_instruction(order, QRIS) == paid
    assert place.orders.get(order.order_id) == paid


def test_a_paid_order_names_its_payment_and_has_no_clock(place: Place) -> None:
    order = an_order(instruction=QRIS)
    place.orders.put_new(order)
    payment = a_payment(order)
    paid = place.orders.mark_paid(order.order_id, payment)
    assert paid == replace(
        order,
        state=OrderState.PAID,
        clock=None,
        instruction=None,
        payment_id=payment.payment_id,
        paid_at=payment.settled_at,
        payment_known_at=payment.known_at,
    )
    assert place.orders.get(order.order_id) == paid
    assert list(place.order_clocks.due(LATER)) == []


def test_the_same_payment_may_pay_its_order_again(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert place.orders.mark_paid(order.order_id, a_payment(order)) == paid


def test_a_second_payment_does_not_pay_an_order(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert place.orders.mark_paid(order.order_id, a_payment(order, "tx-2")) is None
    assert place.orders.get(order.order_id) == paid


def test_an_expired_or_unknown_order_is_not_paid(place: Place) -> None:
    order = an_order()
    assert place.orders.mark_paid(order.order_id, a_payment(order)) is None
    assert place.orders.get(order.order_id) is None
    place.orders.put_new(order)
    place.orders.mark_closed(order.order_id, OrderState.EXPIRED)
    assert place.orders.mark_paid(order.order_id, a_payment(order)) is None


def test_an_expired_order_has_no_clock_and_may_be_expired_again(place: Place) -> None:
    order = an_order(instruction=QRIS)
    place.orders.put_new(order)
    expired = replace(order, state=OrderState.EXPIRED, clock=None, instruction=None)
    assert place.orders.mark_closed(order.order_id, OrderState.EXPIRED)
    assert place.orders.mark_closed(order.order_id, OrderState.EXPIRED)
    assert place.orders.get(order.order_id) == expired
    assert list(place.order_clocks.due(LATER)) == []


def test_a_paid_or_unknown_order_does_not_expire(place: Place) -> None:
    order = an_order()
    assert not place.orders.mark_closed(order.order_id, OrderState.EXPIRED)
    place.orders.put_new(order)
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert not place.orders.mark_closed(order.order_id, OrderState.EXPIRED)
    assert place.orders.get(order.order_id) == paid


def test_a_cancelled_order_expires_now_and_tells_nobody_how_to_pay(place: Place) -> None:
    order = an_order(instruction=QRIS)
    place.orders.put_new(order)
    given_up = order.given_up(NOW)
    assert (given_up.expires_at, given_up.cancelled_at, given_up.instruction) == (NOW, NOW, None)
    assert place.orders.cancel(given_up) == given_up
    assert place.orders.cancel(order.given_up(NOW + MINUTE)) == given_up
    assert place.orders.get(order.order_id) == given_up
    assert list(place.order_clocks.due(NOW + 2 * MINUTE)) == [order.order_id]


def test_a_cancelled_order_is_not_attempted_again_nor_told_how_to_pay(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    given_up = place.orders.cancel(order.given_up(NOW))
    assert place.orders.next_attempt(order) is None
    assert place.orders.store_instruction(order, QRIS) == given_up
    assert place.orders.get(order.order_id) == given_up


def test_a_cancelled_order_closes_as_such_or_is_paid_all_the_same(place: Place) -> None:
    for name in ("closed", "paid"):
        order = an_order(name)
        place.orders.put_new(order)
        given_up = place.orders.cancel(order.given_up(NOW))
        if name == "closed":
            assert place.orders.mark_closed(order.order_id, given_up.closes_as)
            assert not place.orders.mark_closed(order.order_id, OrderState.EXPIRED)
            cancelled = replace(given_up, state=OrderState.CANCELLED, clock=None)
            assert place.orders.get(order.order_id) == cancelled
        else:
            assert place.orders.mark_paid(order.order_id, a_payment(order)) is not None
    assert list(place.order_clocks.due(LATER)) == []


def test_a_paid_order_is_not_cancelled(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert place.orders.cancel(order.given_up(NOW)) == paid
    assert place.orders.get(order.order_id) == paid


def test_a_paid_order_is_reversed_and_keeps_its_slots(place: Place) -> None:
    order = an_order()
    place.orders.put_new(order)
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert paid is not None
    place.serials.reserve(paid, a_stamping(paid, 0, 2))
    back = place.orders.mark_reversed(order.order_id)
    assert back is not None
    assert (back.state, back.free_slots) == (OrderState.REVERSED, (1,))
    assert place.orders.mark_reversed(order.order_id) == back
    assert place.orders.get(order.order_id) == back


def test_an_order_that_was_never_paid_is_not_reversed(place: Place) -> None:
    order = an_order()
    assert place.orders.mark_reversed(order.order_id) is None
    place.orders.put_new(order)
    assert place.orders.mark_reversed(order.order_id) is None
    place.orders.mark_closed(order.order_id, OrderState.EXPIRED)
    assert place.orders.mark_reversed(order.order_id) is None
    expired = place.orders.get(order.order_id)
    assert expired is not None
    assert expired.state is OrderState.EXPIRED
