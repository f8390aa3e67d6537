"""The actions of another actor between any two port calls of a step."""

from collections.abc import Callable
from contextlib import suppress

from meterai.domain.errors import MeteraiError
from meterai.domain.orders.orders import Order
from meterai.messages import CheckOrder
from tests.fakes.in_memory_state import Letter
from tests.faults.harness import Harness
from tests.unit.steps.in_memory_app import LETTER

ConcurrentAction = Callable[[Harness], None]
OTHER_LETTER = LETTER + b", another"


def messages_are_delivered_again(harness: Harness) -> None:
    """The queue delivers waiting messages, and the one being handled, to other workers too."""
    state = harness.state
    letters: list[Letter] = [
        *state.payments_lane,
        *state.refunds_lane,
        *state.urgent_lane,
        *state.stamping_lane,
        *state.augmentation_lane,
    ]
    if harness.pump.in_hand is not None:
        letters.append(harness.pump.in_hand)
    for letter in letters:
        _try(lambda: harness.app.act_on(letter.message))  # noqa: B023 (called at once)


def the_sweep_runs(harness: Harness) -> None:
    _try(harness.app.sweep)


def orders_are_checked(harness: Harness) -> None:
    for order in _orders(harness):
        _try(lambda: harness.app.act_on(CheckOrder(order_id=order.order_id)))  # noqa: B023


def the_buyer_requests_a_refund(harness: Harness) -> None:
    for order in _orders(harness):
        _try(lambda: harness.app.refund(order.order_id, "another refund"))  # noqa: B023


def the_buyer_stamps_another_document(harness: Harness) -> None:
    harness.app.upload(OTHER_LETTER)
    for order in _orders(harness):
        _try(lambda: harness.app.request(order.order_id, "another", OTHER_LETTER))  # noqa: B023


def the_buyer_repeats_their_requests(harness: Harness) -> None:
    _try(lambda: harness.app.buy("buy", *harness.basket, ticket=harness.ticket))
    for order in _orders(harness):
        _try(lambda: harness.app.request(order.order_id))  # noqa: B023


CONCURRENT_ACTIONS: tuple[ConcurrentAction, ...] = (
    messages_are_delivered_again,
    the_sweep_runs,
    orders_are_checked,
    the_buyer_requests_a_refund,
    the_buyer_stamps_another_document,
    the_buyer_repeats_their_requests,
)


def _orders(harness: Harness) -> list[Order]:
    return list(harness.state.orders.values())


def _try(act: Callable[[], object]) -> None:
    """The action may succeed or be refused."""
    with suppress(MeteraiError):
        act()
