"""What somebody else may do between any two calls of a step."""

from collections.abc import Callable
from contextlib import suppress

from meterai.domain.errors import MeteraiError
from meterai.domain.orders.orders import Order
from meterai.messages import CheckOrder
from tests.fakes.in_memory_state import Letter
from tests.faults.harness import Town
from tests.unit.steps.in_memory_app import LETTER

Meanwhile = Callable[[Town], None]
OTHER_LETTER = LETTER + b", another"


def the_same_messages_arrive(town: Town) -> None:
    """The queue delivers what waits and what is in hand a second time, to other workers."""
    state = town.state
    letters: list[Letter] = [
        *state.payments_lane,
        *state.refunds_lane,
        *state.urgent_lane,
        *state.stamping_lane,
        *state.augmentation_lane,
    ]
    if town.pump.in_hand is not None:
        letters.append(town.pump.in_hand)
    for letter in letters:
        _try(lambda: town.app.act_on(letter.message))  # noqa: B023 (called at once)


def the_clock_sweeps(town: Town) -> None:
    _try(town.app.sweep)


def an_order_is_looked_at(town: Town) -> None:
    for order in _orders(town):
        _try(lambda: town.app.act_on(CheckOrder(order_id=order.order_id)))  # noqa: B023


def the_buyer_wants_one_back(town: Town) -> None:
    for order in _orders(town):
        _try(lambda: town.app.refund(order.order_id, "another refund"))  # noqa: B023


def the_buyer_stamps_another(town: Town) -> None:
    town.app.upload(OTHER_LETTER)
    for order in _orders(town):
        _try(lambda: town.app.request(order.order_id, "another", OTHER_LETTER))  # noqa: B023


def the_buyer_asks_the_same_again(town: Town) -> None:
    _try(lambda: town.app.buy("buy", *town.basket, ticket=town.ticket))
    for order in _orders(town):
        _try(lambda: town.app.request(order.order_id))  # noqa: B023


MEANWHILE: tuple[Meanwhile, ...] = (
    the_same_messages_arrive,
    the_clock_sweeps,
    an_order_is_looked_at,
    the_buyer_wants_one_back,
    the_buyer_stamps_another,
    the_buyer_asks_the_same_again,
)


def _orders(town: Town) -> list[Order]:
    return list(town.state.orders.values())


def _try(act: Callable[[], object]) -> None:
    """It is served, or refused; either is fine."""
    with suppress(MeteraiError):
        act()
