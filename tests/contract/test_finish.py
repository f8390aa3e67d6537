"""Finishing: stamped once, with the hash of the stored file. No timer and no claim is left."""

from dataclasses import replace

from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import SerialState, VoidReason
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW, OUTPUT, a_stamping, an_order
from tests.contract.test_claim import UNTIL, reserve

LATER = NOW + 60 * MINUTE


def test_a_finished_stamping_is_stamped_and_has_no_timer(backend: Backend) -> None:
    for stamping in (reserve(backend, 0, name="one"), reserve(backend, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        claimed = backend.serials.claim(serials, NOW, UNTIL)
        assert backend.serials.finish(claimed, OUTPUT, NOW)
        assert backend.serials.get_many(serials) == tuple(
            replace(
                one,
                state=SerialState.STAMPED,
                stamped_at=NOW,
                outputs=(OUTPUT,),
                timer=None,
                claimed_until=None,
            )
            for one in claimed
        )
    assert list(backend.serial_timers.due(LATER)) == []


def test_finishing_again_changes_nothing(backend: Backend) -> None:
    for stamping in (reserve(backend, 0, name="one"), reserve(backend, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        backend.serials.finish(stamping, OUTPUT, NOW)
        stamped = backend.serials.get_many(serials)
        assert backend.serials.finish(stamping, OUTPUT, LATER)
        assert backend.serials.get_many(serials) == stamped


def test_a_stamping_is_not_stamped_again_with_another_file(backend: Backend) -> None:
    (one,) = reserve(backend, 0)
    backend.serials.finish([one], OUTPUT, NOW)
    stamped = backend.serials.get(one.serial)
    assert not backend.serials.finish([one], Output("f" * 64, 300_000), NOW)
    assert backend.serials.get(one.serial) == stamped


def test_a_void_serial_is_never_stamped(backend: Backend) -> None:
    for stamping in (reserve(backend, 0, name="one"), reserve(backend, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        backend.serials.void(stamping, VoidReason.ORDER_EXPIRED, NOW)
        void = backend.serials.get_many(serials)
        assert not backend.serials.finish(stamping, OUTPUT, NOW)
        assert backend.serials.get_many(serials) == void


def test_an_unknown_serial_is_not_stamped(backend: Backend) -> None:
    (unknown,) = a_stamping(an_order(), 0)
    assert not backend.serials.finish([unknown], OUTPUT, NOW)
    assert backend.serials.get(unknown.serial) is None
