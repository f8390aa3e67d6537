"""Races: of many concurrent calls exactly one wins, and the quantities add up. Runs on ministack,
whose transactions are isolated as AWS's are, and in memory."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier
from typing import TypeVar

import pytest

from meterai.domain.errors import NoBalance
from meterai.domain.orders.orders import Order, OrderState, Refunded, Taken
from meterai.domain.refunds.refund_transitions import submitted
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.ports import OrderMoved, Reserved
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW, OUTPUT, a_payment, a_refund, a_stamping, an_order

R = TypeVar("R")
UNTIL = NOW + 2 * MINUTE
LATER = NOW + 60 * MINUTE

pytestmark = pytest.mark.parametrize("backend", ["memory", "ministack"], indirect=True)


def at_once(count: int, act: Callable[[int], R]) -> Sequence[R]:
    """The results of `count` threads that begin together."""
    start = Barrier(count)

    def begin(number: int) -> R:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


def paid_order(backend: Backend, quantity: int = 3) -> Order:
    order = backend.orders.put_new(an_order(quantity=quantity))
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert paid is not None
    return paid


def reserved(backend: Backend, *slots: int) -> tuple[EMeterai, ...]:
    order = backend.orders.put_new(an_order())
    stamping = a_stamping(order, *slots)
    backend.serials.reserve(order, stamping)
    return stamping


def test_one_order_is_stored_under_an_id(backend: Backend) -> None:
    answers = at_once(50, lambda n: backend.orders.put_new(an_order(body_hash=f"{n:032}")))
    assert len({answer.body_hash for answer in answers}) == 1


def test_an_order_is_paid_once_or_expires(backend: Backend) -> None:
    order = backend.orders.put_new(an_order())

    def close(n: int) -> bool:
        if n % 2:
            return backend.orders.mark_closed(order, OrderState.EXPIRED)
        return backend.orders.mark_paid(order, a_payment(order, f"tx-{n}")) is not None

    done = at_once(16, close)
    standing = backend.orders.get(order.order_id)
    assert standing is not None
    if standing.state is OrderState.PAID:
        assert Counter(done) == {True: 1, False: 15}
    else:
        assert [all(done[1::2]), any(done[::2])] == [True, False]


def test_the_last_slots_go_to_as_many_stampings_as_there_are_slots(backend: Backend) -> None:
    order_id = paid_order(backend, quantity=8).order_id

    def take_one(n: int) -> EMeterai | None:
        while True:
            order = backend.orders.get(order_id)
            assert order is not None
            try:
                (slot,) = order.take_slots(1, "", allow_duplicate=True)
            except NoBalance:
                return None
            (one,) = a_stamping(order, slot, name=str(n))
            outcome = backend.serials.reserve(order, [one])
            if isinstance(outcome, Reserved):
                return outcome.emeterai[0]

    won = [one for one in at_once(24, take_one) if one is not None]
    order = backend.orders.get(order_id)
    assert order is not None
    assert {slot: use.serial for slot, use in order.taken()} == {o.slot: o.serial for o in won}
    assert sorted(one.slot for one in won) == list(range(8))
    assert backend.serials.get_many([one.serial for one in won]) == tuple(won)


@pytest.mark.parametrize("slots", [(0,), (0, 1, 2)], ids=["one", "several"])
def test_a_stamping_is_claimed_once(backend: Backend, slots: tuple[int, ...]) -> None:
    serials = [one.serial for one in reserved(backend, *slots)]
    claims = at_once(
        20, lambda n: backend.serials.claim(serials, NOW, UNTIL + timedelta(microseconds=n))
    )
    won = [claim for claim in claims if claim]
    assert won == [backend.serials.get_many(serials)]


def test_a_stamping_is_either_finished_or_voided(backend: Backend) -> None:
    serials = [one.serial for one in reserved(backend, 0, 1)]
    claimed = backend.serials.claim(serials, NOW, UNTIL)

    def end(n: int) -> bool:
        if n % 2:
            return backend.serials.finish(claimed, OUTPUT, NOW)
        return backend.serials.void(claimed, VoidReason.ORDER_EXPIRED, LATER)

    done = at_once(16, end)
    states = {one.state for one in backend.serials.get_many(serials)}
    is_stamped = states == {SerialState.STAMPED}
    assert is_stamped or states == {SerialState.VOID}
    assert done == [is_stamped if n % 2 else not is_stamped for n in range(16)]


def test_a_slot_is_refunded_once(backend: Backend) -> None:
    order = paid_order(backend)
    answers = at_once(
        20, lambda n: backend.refunds.request(order, a_refund(order, (0,), name=str(n)))
    )
    (won,) = (answer for answer in answers if answer != OrderMoved())
    assert isinstance(won, Refund)
    standing = backend.orders.get(order.order_id)
    assert standing is not None
    assert standing.slots == {0: Refunded(won.refund_id)}


def test_one_refund_requested_many_times_is_one(backend: Backend) -> None:
    order = paid_order(backend)
    refund = a_refund(order, (0, 1))
    assert at_once(20, lambda _: backend.refunds.request(order, refund)) == [refund] * 20


def test_a_refund_changes_state_once(backend: Backend) -> None:
    order = paid_order(backend)
    refund = a_refund(order)
    backend.refunds.request(order, refund)
    steps = at_once(
        20,
        lambda n: backend.refunds.advance(
            refund, submitted(refund, NOW + timedelta(microseconds=n))
        ),
    )
    assert [step for step in steps if step] == [backend.refunds.get(refund.refund_id)]


def test_money_is_returned_once(backend: Backend) -> None:
    order = an_order()
    refund = a_refund(order, ())
    at_once(20, lambda _: backend.payments.put_with_refund(a_payment(order), refund))
    assert list(backend.payments.of_order(order.order_id)) == [a_payment(order)]
    assert backend.refunds.get(refund.refund_id) == refund


def test_a_timer_is_moved_by_one(backend: Backend) -> None:
    order = backend.orders.put_new(an_order())
    timer = order.timer
    assert timer is not None
    moves = at_once(
        20,
        lambda n: backend.order_timers.move(
            order.order_id, timer.next_check_at, LATER + timedelta(microseconds=n)
        ),
    )
    assert Counter(moves) == {True: 1, False: 19}


def test_the_first_stamped_file_is_the_one_that_counts(backend: Backend) -> None:
    (one,) = a_stamping(an_order(), 0)
    stored = at_once(12, lambda n: backend.documents.put_stamped([one], b"%PDF-1.7 " + bytes([n])))
    assert set(stored) == {backend.documents.stamped_output(one)}


def test_quantities_add_up_whatever_runs_at_once(backend: Backend) -> None:
    order_id = paid_order(backend, quantity=8).order_id

    def do_anything(n: int) -> None:
        chance = Random(n)
        for step in range(6):
            order = backend.orders.get(order_id)
            assert order is not None
            free = order.free_slots
            match chance.randrange(4):
                case 0 if len(free) >= 2:
                    backend.serials.reserve(order, a_stamping(order, *free[:2], name=f"{n} {step}"))
                case 1 if free:
                    backend.refunds.request(order, a_refund(order, free[:1], name=f"{n} {step}"))
                case 2:
                    for serials in order.stampings().values():
                        claimed = backend.serials.claim(serials, NOW, UNTIL)
                        if claimed:
                            backend.serials.finish(claimed, OUTPUT, NOW)
                case _:
                    for serials in order.stampings().values():
                        stamping = backend.serials.get_many(serials)
                        backend.serials.void(stamping, VoidReason.REFUND_REQUESTED, NOW)

    at_once(8, do_anything)
    order = backend.orders.get(order_id)
    assert order is not None
    for slot, use in order.slots.items():
        match use:
            case Taken():
                one = backend.serials.get(use.serial)
                assert one is not None
                assert (one.order_id, one.slot) == (order_id, slot)
                assert one.state is not SerialState.VOID
            case Refunded():
                refund = backend.refunds.get(use.refund_id)
                assert refund is not None
                assert slot in refund.slots
    for n in range(8):
        for step in range(6):
            for one in backend.serials.get_many(
                [one.serial for one in a_stamping(order, 0, 1, name=f"{n} {step}")]
            ):
                use_of_slot = order.slots.get(one.slot)
                holds = isinstance(use_of_slot, Taken) and use_of_slot.serial == one.serial
                assert holds == (one.state is not SerialState.VOID)
