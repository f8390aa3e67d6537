"""Augmentation: a stamp to be augmented keeps a timer until its augmented file is listed."""

from dataclasses import replace

from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.timers import Timer
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW, OUTPUT, a_stamping, an_order
from tests.contract.test_claim import UNTIL, reserve

TIMER = Timer(NOW + 5 * MINUTE, NOW + 60 * MINUTE)
LATER = NOW + 60 * MINUTE
AUGMENTED, OTHER = Output("e" * 64, 200_000), Output("f" * 64, 200_001)


def stamped(backend: Backend, *slots: int, name: str = "stamping") -> tuple[EMeterai, ...]:
    """Finished, and still to be augmented."""
    reserved = reserve(backend, *slots, name=name, level=SignatureLevel.B_LT)
    serials = [one.serial for one in reserved]
    backend.serials.claim(serials, NOW, UNTIL)
    assert backend.serials.finish(reserved, OUTPUT, NOW, TIMER)
    return backend.serials.get_many(serials)


def test_a_stamp_to_be_augmented_is_stamped_and_its_first_serial_has_a_timer(
    backend: Backend,
) -> None:
    one, two = stamped(backend, 0, 1)
    assert [(s.state, s.outputs, s.level) for s in (one, two)] == [
        (SerialState.STAMPED, (OUTPUT,), SignatureLevel.B_LT)
    ] * 2
    assert (one.timer, two.timer) == (TIMER, None)
    assert (one.claimed_until, two.claimed_until) == (None, None)
    assert list(backend.serial_timers.due(LATER)) == [one.serial]
    assert list(backend.serial_timers.due(NOW)) == []


def test_an_augmented_file_is_listed_after_the_stamped_one_and_the_timer_is_removed(
    backend: Backend,
) -> None:
    for found in (stamped(backend, 0, name="one"), stamped(backend, 1, 2, name="two")):
        assert backend.serials.list_augmented(found, AUGMENTED)
        assert backend.serials.get_many([one.serial for one in found]) == tuple(
            replace(one, outputs=(OUTPUT, AUGMENTED), timer=None) for one in found
        )
    assert list(backend.serial_timers.due(LATER)) == []


def test_listing_again_changes_nothing(backend: Backend) -> None:
    found = stamped(backend, 0, 1)
    backend.serials.list_augmented(found, AUGMENTED)
    listed = backend.serials.get_many([one.serial for one in found])
    assert backend.serials.list_augmented(found, AUGMENTED)
    assert backend.serials.get_many([one.serial for one in found]) == listed


def test_without_an_augmented_file_only_the_timer_is_removed(backend: Backend) -> None:
    found = stamped(backend, 0)
    for _ in range(2):
        assert backend.serials.list_augmented(found, None)
        assert backend.serials.get(found[0].serial) == replace(found[0], timer=None)


def test_a_second_augmented_file_is_not_listed(backend: Backend) -> None:
    for found in (stamped(backend, 0, name="one"), stamped(backend, 1, 2, name="two")):
        backend.serials.list_augmented(found, AUGMENTED)
        listed = backend.serials.get_many([one.serial for one in found])
        assert not backend.serials.list_augmented(found, OTHER)
        assert backend.serials.get_many([one.serial for one in found]) == listed


def test_an_unknown_serial_lists_nothing(backend: Backend) -> None:
    (unknown,) = a_stamping(an_order(), 0, outputs=(OUTPUT,))
    assert not backend.serials.list_augmented([unknown], AUGMENTED)
    assert backend.serials.get(unknown.serial) is None


def test_a_timer_that_was_moved_meanwhile_is_removed_too(backend: Backend) -> None:
    (found,) = stamped(backend, 0)
    assert backend.serial_timers.move(found.serial, TIMER.next_check_at, LATER)
    assert backend.serials.list_augmented([found], AUGMENTED)
    assert list(backend.serial_timers.due(LATER + MINUTE)) == []
