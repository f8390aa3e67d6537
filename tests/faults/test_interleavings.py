"""Two workers on one item, in some orders of their calls; in all of them in `make faults`."""

from itertools import islice

import pytest

from tests.faults.concurrent_scenarios import ENCOUNTERS, Encounter
from tests.faults.interleavings import len_alone, met
from tests.faults.scheduler import schedules
from tests.faults.webhooks import heard, orderings

EVERY = 9


@pytest.mark.parametrize("encounter", ENCOUNTERS, ids=lambda one: one.__name__)
def test_two_workers_on_one_item_do_each_other_no_harm(encounter: Encounter) -> None:
    orders = schedules(len_alone(encounter, 0), len_alone(encounter, 1))
    wrong = {order: met(encounter, order) for order in islice(orders, 0, None, EVERY)}
    assert {order: found for order, found in wrong.items() if found} == {}


@pytest.mark.parametrize("at_once", [True, False], ids=["at_once", "after_all_happened"])
def test_notices_may_come_in_any_order(*, at_once: bool) -> None:
    wrong = {order: heard(order, at_once=at_once) for order in orderings()}
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
