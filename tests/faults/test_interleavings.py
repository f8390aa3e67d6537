"""Two workers on one item, in some orders of their calls; in all of them in `make faults`."""

import pytest

from tests.faults.concurrent_scenarios import CONCURRENT_SCENARIOS, ConcurrentScenario
from tests.faults.interleavings import interleave
from tests.faults.scheduler import schedules
from tests.faults.webhooks import deliver_webhooks, orderings

EVERY = 9


@pytest.mark.parametrize("scenario", CONCURRENT_SCENARIOS, ids=lambda one: one.__name__)
def test_two_workers_on_one_item_break_no_invariant(scenario: ConcurrentScenario) -> None:
    count, wrong = interleave(scenario, EVERY)
    assert (count > 0, wrong) == (True, {})


@pytest.mark.parametrize("at_once", [True, False], ids=["at_once", "after_all_happened"])
def test_webhooks_in_any_order_pay_once_and_refund_the_rest(*, at_once: bool) -> None:
    wrong = {order: deliver_webhooks(order, at_once=at_once) for order in orderings()}
    assert len(wrong) == 120
    assert {order: found for order, found in wrong.items() if found} == {}


def test_all_orders_of_two_and_two_calls_are_six() -> None:
    assert sorted(schedules(2, 2)) == [
        (0, 0, 1, 1),
        (0, 1, 0, 1),
        (0, 1, 1, 0),
        (1, 0, 0, 1),
        (1, 0, 1, 0),
        (1, 1, 0, 0),
    ]
