"""What somebody else may do between any two calls of a step."""

from collections.abc import Callable
from contextlib import suppress

from meterai.domain.errors import MeteraiError
from meterai.domain.orders import Order
from meterai.messages import OrderIsDue
from tests.fakes.world import Letter
from tests.faults.town import Town
from tests.unit.steps.office import LETTER

Meanwhile = Callable[[Town], None]
OTHER_LETTER = LETTER + b", another"


def the_same_messages_arrive(town: Town) -> None:
    """The queue delivers what waits and what is in hand a second time, to other workers."""
    world = town.world
    letters: list[Letter] = [
        *world.payments_lane,
        *world.refunds_lane,
        *world.urgent_lane,
        *world.stamping_lane,
        *world.preservation_lane,
    ]
    if town.postman.in_hand is not None:
        letters.append(town.postman.in_hand)
    for letter in letters:
        _try(lambda: town.office.act_on(letter.message))  # noqa: B023 (called at once)


def the_clock_sweeps(town: Town) -> None:
    _try(town.office.sweep)


def an_order_is_looked_at(town: Town) -> None:
    for order in _orders(town):
        _try(lambda: town.office.act_on(OrderIsDue(order_id=order.order_id)))  # noqa: B023


def the_buyer_wants_one_back(town: Town) -> None:
    for order in _orders(town):
        _try(lambda: town.office.refund(order.order_id, "another refund"))  # noqa: B023


def the_buyer_stamps_another(town: Town) -> None:
    town.office.upload(OTHER_LETTER)
    for order in _orders(town):
        _try(lambda: town.office.request(order.order_id, "another", OTHER_LETTER))  # noqa: B023


def the_buyer_asks_the_same_again(town: Town) -> None:
    _try(lambda: town.office.buy("buy", *town.basket, ticket=town.ticket))
    for order in _orders(town):
        _try(lambda: town.office.request(order.order_id))  # noqa: B023


MEANWHILE: tuple[Meanwhile, ...] = (
    the_same_messages_arrive,
    the_clock_sweeps,
    an_order_is_looked_at,
    the_buyer_wants_one_back,
    the_buyer_stamps_another,
    the_buyer_asks_the_same_again,
)


def _orders(town: Town) -> list[Order]:
    return list(town.world.orders.values())


def _try(act: Callable[[], object]) -> None:
    """It is served, or refused; either is fine."""
    with suppress(MeteraiError):
        act()
