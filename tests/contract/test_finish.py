"""Finishing: stamped, once, with the hash of what is stored; no clock and no claim is left."""

from dataclasses import replace

from meterai.domain.stampings import SerialState, VoidReason
from tests.contract.goods import MINUTE, NOW, OUTPUT, a_stamping, an_order
from tests.contract.places import Place
from tests.contract.test_claim import UNTIL, reserve

LATER = NOW + 60 * MINUTE


def test_what_is_finished_is_stamped_and_has_no_clock(place: Place) -> None:
    for stamping in (reserve(place, 0, name="one"), reserve(place, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        claimed = place.serials.claim(serials, NOW, UNTIL)
        assert place.serials.finish(claimed, OUTPUT, NOW)
        assert place.serials.get_many(serials) == tuple(
            replace(
                one,
                state=SerialState.STAMPED,
                stamped_at=NOW,
                outputs=(OUTPUT,),
                clock=None,
                claimed_until=None,
            )
            for one in claimed
        )
    assert list(place.serial_clocks.due(LATER)) == []


def test_finishing_again_changes_nothing(place: Place) -> None:
    for stamping in (reserve(place, 0, name="one"), reserve(place, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        place.serials.finish(stamping, OUTPUT, NOW)
        stamped = place.serials.get_many(serials)
        assert place.serials.finish(stamping, OUTPUT, LATER)
        assert place.serials.get_many(serials) == stamped


def test_what_is_stamped_with_one_file_is_not_stamped_with_another(place: Place) -> None:
    (one,) = reserve(place, 0)
    place.serials.finish([one], OUTPUT, NOW)
    stamped = place.serials.get(one.serial)
    assert not place.serials.finish([one], "f" * 64, NOW)
    assert place.serials.get(one.serial) == stamped


def test_what_is_void_is_never_stamped(place: Place) -> None:
    for stamping in (reserve(place, 0, name="one"), reserve(place, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        place.serials.void(stamping, VoidReason.ORDER_EXPIRED, NOW)
        void = place.serials.get_many(serials)
        assert not place.serials.finish(stamping, OUTPUT, NOW)
        assert place.serials.get_many(serials) == void


def test_an_unknown_serial_is_not_stamped(place: Place) -> None:
    (unknown,) = a_stamping(an_order(), 0)
    assert not place.serials.finish([unknown], OUTPUT, NOW)
    assert place.serials.get(unknown.serial) is None
