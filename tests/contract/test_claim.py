"""Claiming: a stamping is one worker's, for a while; all of it or none."""

from dataclasses import replace
from typing import Any

from meterai.domain.orders import Order
from meterai.domain.stampings import EMeterai, VoidReason
from tests.contract.goods import MINUTE, NOW, OUTPUT, a_stamping, an_order
from tests.contract.places import Place

UNTIL = NOW + 2 * MINUTE


def reserve(
    place: Place, *slots: int, name: str = "stamping", **changes: Any
) -> tuple[EMeterai, ...]:
    order: Order = place.orders.put_new(an_order())
    stamping = a_stamping(order, *slots, name=name, **changes)
    place.serials.reserve(order, stamping)
    return stamping


def test_a_claim_answers_what_it_holds(place: Place) -> None:
    for stamping in (reserve(place, 0, name="one"), reserve(place, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        claimed = tuple(replace(one, claimed_until=UNTIL) for one in stamping)
        assert place.serials.claim(serials, NOW, UNTIL) == claimed
        assert place.serials.get_many(serials) == claimed


def test_what_is_claimed_is_not_claimed_again(place: Place) -> None:
    for stamping in (reserve(place, 0, name="one"), reserve(place, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        claimed = place.serials.claim(serials, NOW, UNTIL)
        just_before = UNTIL - MINUTE / 60_000_000
        assert place.serials.claim(serials, just_before, UNTIL + MINUTE) == ()
        assert place.serials.get_many(serials) == claimed


def test_a_claim_that_lapsed_is_anothers(place: Place) -> None:
    (one,) = reserve(place, 0)
    place.serials.claim([one.serial], NOW, UNTIL)
    assert place.serials.claim([one.serial], UNTIL, UNTIL + MINUTE) == (
        replace(one, claimed_until=UNTIL + MINUTE),
    )


def test_all_are_claimed_or_none(place: Place) -> None:
    (a,) = reserve(place, 0, name="a")
    (b,) = reserve(place, 1, name="b")
    (claimed,) = place.serials.claim([a.serial], NOW, UNTIL)
    assert place.serials.claim([b.serial, a.serial], NOW, UNTIL + MINUTE) == ()
    assert place.serials.get_many([a.serial, b.serial]) == (claimed, b)


def test_what_is_stamped_void_or_unknown_is_not_claimed(place: Place) -> None:
    (a,) = reserve(place, 0, name="a")
    (b,) = reserve(place, 1, name="b")
    place.serials.finish([a], OUTPUT, NOW)
    place.serials.void([b], VoidReason.ORDER_EXPIRED, NOW)
    before = place.serials.get_many([a.serial, b.serial])
    (unknown,) = a_stamping(an_order(), 2, name="unknown")
    for serial in (a.serial, b.serial, unknown.serial):
        assert place.serials.claim([serial], NOW, UNTIL) == ()
    assert place.serials.get_many([a.serial, b.serial, unknown.serial]) == before


def test_what_was_promised_for_an_earlier_time_is_not_claimed(place: Place) -> None:
    """Its money goes back, and nobody is to stamp beside that."""
    for stamping in (reserve(place, 0, name="one"), reserve(place, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        assert stamping[0].clock is not None
        over = stamping[0].clock.deadline_at
        assert place.serials.claim(serials, over, over + MINUTE) == ()
        assert place.serials.get_many(serials) == stamping
        just_before = over - MINUTE / 60_000_000
        assert len(place.serials.claim(serials, just_before, over + MINUTE)) == len(serials)
