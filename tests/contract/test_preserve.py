"""Preserving: a stamp that is still to be raised keeps a clock until its raised file is listed."""

from dataclasses import replace

from meterai.domain.clocks import Clock
from meterai.domain.preservation import SignatureLevel
from meterai.domain.stampings import EMeterai, SerialState
from tests.contract.goods import MINUTE, NOW, OUTPUT, a_stamping, an_order
from tests.contract.places import Place
from tests.contract.test_claim import UNTIL, reserve

CLOCK = Clock(NOW + 5 * MINUTE, NOW + 60 * MINUTE)
LATER = NOW + 60 * MINUTE
RAISED, OTHER = "e" * 64, "f" * 64


def stamped(place: Place, *slots: int, name: str = "stamping") -> tuple[EMeterai, ...]:
    """Finished, and to be raised."""
    reserved = reserve(place, *slots, name=name, level=SignatureLevel.B_LT)
    serials = [one.serial for one in reserved]
    place.serials.claim(serials, NOW, UNTIL)
    assert place.serials.finish(reserved, OUTPUT, NOW, CLOCK)
    return place.serials.get_many(serials)


def test_what_is_to_be_raised_is_stamped_and_its_first_has_a_clock(place: Place) -> None:
    one, two = stamped(place, 0, 1)
    assert [(s.state, s.outputs, s.level) for s in (one, two)] == [
        (SerialState.STAMPED, (OUTPUT,), SignatureLevel.B_LT)
    ] * 2
    assert (one.clock, two.clock) == (CLOCK, None)
    assert (one.claimed_until, two.claimed_until) == (None, None)
    assert list(place.serial_clocks.due(LATER)) == [one.serial]
    assert list(place.serial_clocks.due(NOW)) == []


def test_a_raised_file_is_listed_beside_the_stamped_one_and_the_clock_is_gone(
    place: Place,
) -> None:
    for found in (stamped(place, 0, name="one"), stamped(place, 1, 2, name="two")):
        assert place.serials.list_preserved(found, RAISED)
        assert place.serials.get_many([one.serial for one in found]) == tuple(
            replace(one, outputs=(OUTPUT, RAISED), clock=None) for one in found
        )
    assert list(place.serial_clocks.due(LATER)) == []


def test_listing_again_changes_nothing(place: Place) -> None:
    found = stamped(place, 0, 1)
    place.serials.list_preserved(found, RAISED)
    listed = place.serials.get_many([one.serial for one in found])
    assert place.serials.list_preserved(found, RAISED)
    assert place.serials.get_many([one.serial for one in found]) == listed


def test_where_nothing_was_to_be_raised_only_the_clock_goes(place: Place) -> None:
    found = stamped(place, 0)
    for _ in range(2):
        assert place.serials.list_preserved(found, None)
        assert place.serials.get(found[0].serial) == replace(found[0], clock=None)


def test_a_second_raised_file_is_not_listed(place: Place) -> None:
    for found in (stamped(place, 0, name="one"), stamped(place, 1, 2, name="two")):
        place.serials.list_preserved(found, RAISED)
        listed = place.serials.get_many([one.serial for one in found])
        assert not place.serials.list_preserved(found, OTHER)
        assert place.serials.get_many([one.serial for one in found]) == listed


def test_an_unknown_serial_lists_nothing(place: Place) -> None:
    (unknown,) = a_stamping(an_order(), 0, outputs=(OUTPUT,))
    assert not place.serials.list_preserved([unknown], RAISED)
    assert place.serials.get(unknown.serial) is None


def test_a_clock_that_was_moved_meanwhile_goes_too(place: Place) -> None:
    (found,) = stamped(place, 0)
    assert place.serial_clocks.move(found.serial, CLOCK.due_at, LATER)
    assert place.serials.list_preserved([found], RAISED)
    assert list(place.serial_clocks.due(LATER + MINUTE)) == []
