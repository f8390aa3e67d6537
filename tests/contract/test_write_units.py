"""What a sale and its stampings cost, step by step, as ministack meters it by AWS's rules."""

from collections.abc import Callable, Iterator

import pytest

from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.refunds.refund_transitions import submitted
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai, VoidReason
from meterai.domain.timers import Timer
from tests.contract.backends import AwsBackend, Clients
from tests.contract.factories import MINUTE, NOW, OUTPUT, a_payment, a_refund, a_stamping, an_order
from tests.contract.test_item_sizes import MAX_QRIS, PORTAL
from tests.metering import Meter

UNTIL = NOW + 2 * MINUTE
BUDGET_OF_TWO = 25
GOAL_OF_TWO = 24  # one write unit stores the payment's day, for the reconciliation


@pytest.fixture(scope="module")
def meter(ministack: Clients) -> Iterator[Meter]:
    with Meter(ministack.dynamodb) as meter:
        yield meter


@pytest.fixture
def backend(ministack_backend: AwsBackend) -> AwsBackend:
    return ministack_backend


def units(meter: Meter, act: Callable[[], object]) -> float:
    with meter.measured() as usage:
        act()
    return usage.write_units


def sale(backend: AwsBackend, meter: Meter, order: Order) -> dict[str, float]:
    payment = a_payment(order)
    return {
        "order": units(meter, lambda: backend.orders.put_new(order)),
        "instruction": units(meter, lambda: backend.orders.store_instruction(order, MAX_QRIS)),
        "payment": units(meter, lambda: backend.payments.put(payment)),
        "paid": units(meter, lambda: backend.orders.mark_paid(order, payment)),
    }


def stamping(
    backend: AwsBackend, meter: Meter, order: Order, emeterai: tuple[EMeterai, ...]
) -> Iterator[float]:
    """Reserved, claimed, finished."""
    yield units(meter, lambda: backend.serials.reserve(order, emeterai))
    serials = [one.serial for one in emeterai]
    yield units(meter, lambda: backend.serials.claim(serials, NOW, UNTIL))
    yield units(meter, lambda: backend.serials.finish(emeterai, OUTPUT, NOW))


def paid(backend: AwsBackend, order: Order) -> Order:
    standing = backend.orders.get(order.order_id)
    assert standing is not None
    return standing


def test_two_stamps_on_two_documents_cost_at_most_the_budget(
    backend: AwsBackend, meter: Meter
) -> None:
    order = an_order(quantity=2)
    bought = sale(backend, meter, order)
    assert bought == {"order": 3, "instruction": 1, "payment": 2, "paid": 2}
    stamped = [
        list(
            stamping(backend, meter, paid(backend, order), a_stamping(order, slot, name=str(slot)))
        )
        for slot in (0, 1)
    ]
    assert stamped == [[5, 1, 2], [5, 1, 2]]
    assert sum(bought.values()) + sum(map(sum, stamped)) == GOAL_OF_TWO <= BUDGET_OF_TWO


def test_augmenting_a_stamp_costs_3_units(backend: AwsBackend, meter: Meter) -> None:
    """3 more than a stamp that is finished at once, and 3 for each check of the sweep."""
    order = an_order()
    sale(backend, meter, order)
    (one,) = a_stamping(order, 0, level=SignatureLevel.B_LT)
    backend.serials.reserve(paid(backend, order), [one])
    timer = Timer(NOW + 7 * MINUTE, NOW + 60 * MINUTE)
    counted = [
        units(meter, lambda: backend.serials.finish([one], OUTPUT, NOW, timer)),
        units(
            meter,
            lambda: backend.serials.list_augmented(
                backend.serials.get_many([one.serial]), Output("e" * 64, 200_000)
            ),
        ),
    ]
    assert counted == [3, 2]


def test_two_stamps_on_one_document_cost_at_most_the_goal(
    backend: AwsBackend, meter: Meter
) -> None:
    order = an_order(quantity=2)
    bought = sale(backend, meter, order)
    stamped = list(stamping(backend, meter, paid(backend, order), a_stamping(order, 0, 1)))
    assert stamped == [7, 4, 5]
    assert sum(bought.values()) + sum(stamped) == GOAL_OF_TWO


def test_eight_stamps_on_one_document_before_payment_cost_two_units_each_and_step(
    backend: AwsBackend, meter: Meter
) -> None:
    """The largest items that exist: none of them reaches a second unit."""
    order = an_order(quantity=8)
    backend.orders.put_new(order)
    backend.orders.store_instruction(order, MAX_QRIS)
    eight = a_stamping(order, *range(8), reason="e" * 80, portal=PORTAL)
    assert list(stamping(backend, meter, order, eight)) == [2 + 8 * 2 + 1, 8 * 2, 8 * 2 + 1]


def test_the_rarer_writes_cost_few_units(backend: AwsBackend, meter: Meter) -> None:
    order = an_order()
    backend.orders.put_new(order)
    assert order.timer is not None
    seen, later = order.timer.next_check_at, NOW + 60 * MINUTE
    timers, payments = backend.order_timers, backend.payments
    whole = a_refund(order, (), name="whole")
    counted = {
        "timer moved": units(meter, lambda: timers.move(order.order_id, seen, later)),
        "new attempt": units(meter, lambda: backend.orders.next_attempt(order)),
        "payment with refund": units(
            meter, lambda: payments.put_with_refund(a_payment(order), whole)
        ),
        "cancelled": units(meter, lambda: backend.orders.cancel(order, NOW)),
        "expired": units(meter, lambda: backend.orders.mark_closed(order, OrderState.EXPIRED)),
    }
    assert counted == {
        "timer moved": 3,
        "new attempt": 1,
        "payment with refund": 8,
        "cancelled": 3,
        "expired": 2,
    }


def test_a_refund_and_a_void_cost_5_units_or_8_together(backend: AwsBackend, meter: Meter) -> None:
    order = an_order()
    sale(backend, meter, order)
    refund = a_refund(order, (1,))
    free, given = a_stamping(order, 0, name="free"), a_stamping(order, 2, name="given")
    for emeterai in (free, given):
        backend.serials.reserve(paid(backend, order), emeterai)
    back = a_refund(order, (2,), name="back")
    advance, reason = backend.refunds.advance, VoidReason.NOT_EXECUTED
    counted = {
        "void": units(meter, lambda: backend.serials.void(free, reason, NOW)),
        "void with refund": units(
            meter, lambda: backend.serials.void(given, reason, NOW, refund=back)
        ),
        "refund": units(meter, lambda: backend.refunds.request(paid(backend, order), refund)),
        "submitted": units(meter, lambda: advance(refund, submitted(refund, NOW))),
        "reversed": units(meter, lambda: backend.orders.mark_reversed(paid(backend, order))),
    }
    assert counted == {
        "void": 5,
        "void with refund": 8,
        "refund": 5,
        "submitted": 3,
        "reversed": 1,
    }
