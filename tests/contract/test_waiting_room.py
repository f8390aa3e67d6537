"""The waiting room: one place an account, kept while it counts, and good for one order."""

from datetime import timedelta

from meterai.domain.identity import OrderId
from meterai.domain.waiting import WaitingPlace, whole_milliseconds
from tests.contract import goods
from tests.contract.goods import MINUTE
from tests.contract.places import Place

ORDER, OTHER_ORDER = OrderId("ord_" + "A" * 26), OrderId("ord_" + "B" * 26)
NOW = whole_milliseconds(goods.NOW)
LONG_AGO = NOW - 60 * MINUTE


def taken(place: Place, account: str = "someone", minutes: int = 0) -> WaitingPlace:
    wanted = WaitingPlace(account, NOW + minutes * MINUTE)
    return place.waiting_room.take(wanted, LONG_AGO)


def test_a_place_is_kept_however_often_it_is_asked_for(place: Place) -> None:
    first = taken(place)
    assert first == WaitingPlace("someone", NOW)
    assert taken(place, minutes=5) == first


def test_each_account_has_its_own(place: Place) -> None:
    taken(place, "one")
    assert taken(place, "other", minutes=1).issued_at == NOW + MINUTE


def test_a_place_whose_time_is_over_is_replaced(place: Place) -> None:
    taken(place)
    later = WaitingPlace("someone", NOW + 20 * MINUTE)
    assert place.waiting_room.take(later, over=NOW) == later
    assert place.waiting_room.take(WaitingPlace("someone", NOW + 30 * MINUTE), NOW) == later


def test_a_place_that_was_used_is_replaced_and_serves_again(place: Place) -> None:
    assert place.waiting_room.use(taken(place), ORDER)
    second = taken(place, minutes=1)
    assert second == WaitingPlace("someone", NOW + MINUTE)
    assert place.waiting_room.use(second, OTHER_ORDER)


def test_a_place_serves_one_order_however_often_it_is_shown(place: Place) -> None:
    held = taken(place)
    assert place.waiting_room.use(held, ORDER)
    assert place.waiting_room.use(held, ORDER)
    assert not place.waiting_room.use(held, OTHER_ORDER)


def test_a_place_that_was_released_serves_another_order(place: Place) -> None:
    held = taken(place)
    place.waiting_room.use(held, ORDER)
    for _ in range(2):
        place.waiting_room.release("someone", ORDER)
    assert taken(place, minutes=5) == held
    assert place.waiting_room.use(held, OTHER_ORDER)


def test_only_the_order_that_a_place_serves_releases_it(place: Place) -> None:
    held = taken(place)
    place.waiting_room.release("someone", ORDER)
    place.waiting_room.use(held, ORDER)
    place.waiting_room.release("someone", OTHER_ORDER)
    place.waiting_room.release("nobody", ORDER)
    assert not place.waiting_room.use(held, OTHER_ORDER)
    assert place.waiting_room.use(taken(place, "nobody"), OTHER_ORDER)


def test_a_ticket_of_a_place_that_was_replaced_serves_nobody(place: Place) -> None:
    first = taken(place)
    later = place.waiting_room.take(WaitingPlace("someone", NOW + 20 * MINUTE), over=NOW)
    assert not place.waiting_room.use(first, ORDER)
    assert place.waiting_room.use(later, ORDER)


def test_a_place_that_nobody_took_serves_nobody(place: Place) -> None:
    assert not place.waiting_room.use(WaitingPlace("someone", NOW), ORDER)


def test_places_are_counted_by_the_time_they_were_issued(place: Place) -> None:
    for minute in range(5):
        for account in range(3):
            taken(place, f"{minute} {account}", minutes=minute)
    counted = place.waiting_room.issued
    assert counted(NOW, NOW + 4 * MINUTE) == 12  # after the one, up to the other
    assert counted(NOW - MINUTE, NOW) == 3
    assert counted(NOW + 2 * MINUTE, NOW + 2 * MINUTE) == 0
    assert counted(NOW + 3 * MINUTE, NOW + MINUTE) == 0
    assert counted(NOW + 4 * MINUTE, NOW + timedelta(days=1)) == 0
