"""Orders: stored once; attempted, instructed, paid, expired and reversed only under conditions."""

from dataclasses import replace

from meterai.domain.orders import order_transitions
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import Method
from tests.contract.backends import Backend
from tests.contract.factories import (
    ACCOUNT,
    ACCOUNT_NUMBER,
    MINUTE,
    NOW,
    QRIS,
    a_payment,
    a_stamping,
    an_order,
)

LATER = NOW + 60 * MINUTE


def test_a_new_order_is_read_as_it_was_put(backend: Backend) -> None:
    order = an_order()
    assert backend.orders.get(order.order_id) is None
    assert backend.orders.put_new(order) == order
    assert backend.orders.get(order.order_id) == order


def test_an_order_put_again_is_returned_as_it_is_stored(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    another = an_order(body_hash="e" * 32, quantity=1)
    assert backend.orders.put_new(another) == order
    assert backend.orders.get(order.order_id) == order


def test_the_orders_of_an_account_come_newest_first(backend: Backend) -> None:
    orders = [an_order(str(n), created_at=NOW + n * MINUTE) for n in range(3)]
    for order in (*orders, an_order("other", account="somebody else")):
        backend.orders.put_new(order)
    newest_first = [order.order_id for order in reversed(orders)]
    assert list(backend.orders.of_account(ACCOUNT)) == newest_first
    assert list(backend.orders.of_account("nobody")) == []


def test_the_orders_of_an_account_since_a_time_and_after_a_place(backend: Backend) -> None:
    orders = [an_order(str(n), created_at=NOW + n * MINUTE) for n in range(5)]
    for order in (*orders, an_order("other", account="somebody else")):
        backend.orders.put_new(order)
    ids = [order.order_id for order in orders]
    assert list(backend.orders.of_account(ACCOUNT, since=NOW + 3 * MINUTE)) == [ids[4], ids[3]]
    assert list(backend.orders.of_account(ACCOUNT, limit=2)) == [ids[4], ids[3]]
    before = orders[3].place
    assert list(backend.orders.of_account(ACCOUNT, before=before, limit=2)) == [ids[2], ids[1]]
    assert list(backend.orders.of_account(ACCOUNT, before=orders[0].place)) == []


def test_many_orders_are_read_in_the_order_of_the_request(backend: Backend) -> None:
    orders = [an_order(str(n)) for n in range(3)]
    for order in orders:
        backend.orders.put_new(order)
    wanted = [orders[2].order_id, an_order("unknown").order_id, orders[0].order_id]
    assert backend.orders.get_many(wanted) == (orders[2], orders[0])


def test_no_more_than_a_hundred_orders_are_listed(backend: Backend) -> None:
    for n in range(101):
        backend.orders.put_new(an_order(str(n), created_at=NOW + n * MINUTE))
    listed = backend.orders.of_account(ACCOUNT)
    assert len(listed) == 100
    assert an_order("0").order_id not in listed


def test_a_new_attempt_is_a_new_charge(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    renewed = backend.orders.next_attempt(order)
    assert renewed == replace(order, attempt=2)
    assert renewed.charge_id != order.charge_id
    assert backend.orders.get(order.order_id) == renewed


def test_an_attempt_whose_instruction_is_known_is_not_given_up(backend: Backend) -> None:
    for name, instruction in (("qris", QRIS), ("va", ACCOUNT_NUMBER)):
        order = an_order(name, method=instruction.method)
        backend.orders.put_new(order)
        instructed = backend.orders.store_instruction(order, instruction)
        assert backend.orders.next_attempt(order) is None
        assert backend.orders.get(order.order_id) == instructed


def test_two_new_attempts_from_one_read_are_one(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    renewed = backend.orders.next_attempt(order)
    assert backend.orders.next_attempt(order) is None
    assert backend.orders.get(order.order_id) == renewed


def test_an_order_that_is_not_pending_is_not_attempted_again(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    backend.orders.mark_closed(order, OrderState.EXPIRED)
    assert backend.orders.next_attempt(order) is None
    assert backend.orders.next_attempt(an_order("unknown")) is None
    assert backend.orders.get(an_order("unknown").order_id) is None


def test_an_instruction_is_kept_and_may_be_stored_again(backend: Backend) -> None:
    for name, method, instruction in (
        ("qris", Method.QRIS, QRIS),
        ("va", Method.VIRTUAL_ACCOUNT, ACCOUNT_NUMBER),
        ("fee", Method.QRIS, replace(QRIS, fee_idr=71)),
    ):
        order = an_order(name, method=method)
        backend.orders.put_new(order)
        instructed = replace(order, instruction=instruction)
        assert backend.orders.store_instruction(order, instruction) == instructed
        assert backend.orders.store_instruction(order, instruction) == instructed
        assert backend.orders.get(order.order_id) == instructed


def test_an_instruction_of_an_earlier_attempt_is_not_kept(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    renewed = backend.orders.next_attempt(order)
    assert backend.orders.store_instruction(order, QRIS) == renewed
    assert backend.orders.get(order.order_id) == renewed


def test_a_charge_is_withdrawn_once_with_its_instruction(backend: Backend) -> None:
    for name, instruction in (("qris", QRIS), ("va", ACCOUNT_NUMBER)):
        order = an_order(name, method=instruction.method, instruction=instruction)
        backend.orders.put_new(order)
        for _ in range(2):
            backend.orders.withdraw_charge(order)
        withdrawn = replace(order, attempt=2, instruction=None)
        assert backend.orders.get(order.order_id) == withdrawn
        assert backend.orders.store_instruction(order, instruction) == withdrawn
        another = backend.orders.store_instruction(withdrawn, instruction)
        backend.orders.withdraw_charge(order)
        assert backend.orders.get(order.order_id) == another


def test_the_charge_of_a_paid_or_cancelled_order_is_not_withdrawn(backend: Backend) -> None:
    for name in ("paid", "cancelled"):
        order = an_order(name, instruction=QRIS)
        backend.orders.put_new(order)
        if name == "paid":
            backend.orders.mark_paid(order, a_payment(order))
        else:
            backend.orders.cancel(order, NOW)
        before = backend.orders.get(order.order_id)
        backend.orders.withdraw_charge(order)
        assert backend.orders.get(order.order_id) == before


def test_an_instruction_that_comes_after_the_payment_is_not_kept(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert backend.orders.store_instruction(order, QRIS) == paid
    assert backend.orders.get(order.order_id) == paid


def test_a_paid_order_names_its_payment_and_has_no_timer(backend: Backend) -> None:
    order = an_order(instruction=QRIS)
    backend.orders.put_new(order)
    payment = a_payment(order)
    paid = backend.orders.mark_paid(order, payment)
    assert paid == replace(
        order,
        state=OrderState.PAID,
        timer=None,
        instruction=None,
        payment_id=payment.payment_id,
        paid_at=payment.settled_at,
        payment_known_at=payment.known_at,
    )
    assert backend.orders.get(order.order_id) == paid
    assert list(backend.order_timers.due(LATER)) == []


def test_the_same_payment_may_pay_its_order_again(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert backend.orders.mark_paid(order, a_payment(order)) == paid


def test_a_second_payment_does_not_pay_an_order(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert backend.orders.mark_paid(order, a_payment(order, "tx-2")) is None
    assert backend.orders.get(order.order_id) == paid


def test_an_expired_or_unknown_order_is_not_paid(backend: Backend) -> None:
    order = an_order()
    assert backend.orders.mark_paid(order, a_payment(order)) is None
    assert backend.orders.get(order.order_id) is None
    backend.orders.put_new(order)
    backend.orders.mark_closed(order, OrderState.EXPIRED)
    assert backend.orders.mark_paid(order, a_payment(order)) is None


def test_an_expired_order_has_no_timer_and_may_be_expired_again(backend: Backend) -> None:
    order = an_order(instruction=QRIS)
    backend.orders.put_new(order)
    expired = replace(order, state=OrderState.EXPIRED, timer=None, instruction=None)
    assert backend.orders.mark_closed(order, OrderState.EXPIRED)
    assert backend.orders.mark_closed(order, OrderState.EXPIRED)
    assert backend.orders.get(order.order_id) == expired
    assert list(backend.order_timers.due(LATER)) == []


def test_a_paid_or_unknown_order_does_not_expire(backend: Backend) -> None:
    order = an_order()
    assert not backend.orders.mark_closed(order, OrderState.EXPIRED)
    backend.orders.put_new(order)
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert not backend.orders.mark_closed(order, OrderState.EXPIRED)
    assert backend.orders.get(order.order_id) == paid


def test_a_cancelled_order_expires_now_and_loses_its_payment_instruction(backend: Backend) -> None:
    order = an_order(instruction=QRIS)
    backend.orders.put_new(order)
    given_up = backend.orders.cancel(order, NOW)
    assert (given_up.expires_at, given_up.cancelled_at, given_up.instruction) == (NOW, NOW, None)
    assert given_up == order_transitions.given_up(order, NOW)
    assert backend.orders.cancel(order, NOW + MINUTE) == given_up
    assert backend.orders.get(order.order_id) == given_up
    assert list(backend.order_timers.due(NOW + 2 * MINUTE)) == [order.order_id]


def test_a_cancelled_order_gets_no_new_attempt_and_no_instruction(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    given_up = backend.orders.cancel(order, NOW)
    assert backend.orders.next_attempt(order) is None
    assert backend.orders.store_instruction(order, QRIS) == given_up
    assert backend.orders.get(order.order_id) == given_up


def test_a_cancelled_order_is_closed_as_cancelled_and_paid_by_nothing(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    given_up = backend.orders.cancel(order, NOW)
    assert backend.orders.mark_paid(order, a_payment(order)) is None
    assert backend.orders.get(order.order_id) == given_up
    assert backend.orders.mark_closed(order, given_up.closes_as)
    assert not backend.orders.mark_closed(order, OrderState.EXPIRED)
    cancelled = replace(given_up, state=OrderState.CANCELLED, timer=None)
    assert backend.orders.get(order.order_id) == cancelled
    assert list(backend.order_timers.due(LATER)) == []


def test_a_paid_order_is_not_cancelled(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert backend.orders.cancel(order, NOW) == paid
    assert backend.orders.get(order.order_id) == paid


def test_a_paid_order_is_reversed_and_keeps_its_slots(backend: Backend) -> None:
    order = an_order()
    backend.orders.put_new(order)
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert paid is not None
    backend.serials.reserve(paid, a_stamping(paid, 0, 2))
    back = backend.orders.mark_reversed(paid)
    assert back is not None
    assert (back.state, back.free_slots) == (OrderState.REVERSED, (1,))
    assert backend.orders.mark_reversed(paid) == back
    assert backend.orders.get(order.order_id) == back


def test_an_order_that_was_never_paid_is_not_reversed(backend: Backend) -> None:
    order = an_order()
    for read in (order, replace(order, state=OrderState.PAID)):
        assert backend.orders.mark_reversed(read) is None
    assert backend.orders.get(order.order_id) is None
    backend.orders.put_new(order)
    for read in (order, replace(order, state=OrderState.PAID)):
        assert backend.orders.mark_reversed(read) is None
    assert backend.orders.get(order.order_id) == order
    backend.orders.mark_closed(order, OrderState.EXPIRED)
    expired = backend.orders.get(order.order_id)
    assert expired is not None
    assert backend.orders.mark_reversed(expired) is None
    assert expired.state is OrderState.EXPIRED
