"""Claiming: a stamping belongs to one worker for a while, with all its serials or none."""

from dataclasses import replace
from typing import Any

from meterai.domain.orders.orders import Order
from meterai.domain.stamping.stampings import EMeterai, VoidReason
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW, OUTPUT, a_stamping, an_order

UNTIL = NOW + 2 * MINUTE


def reserve(
    backend: Backend, *slots: int, name: str = "stamping", **changes: Any
) -> tuple[EMeterai, ...]:
    order: Order = backend.orders.put_new(an_order())
    stamping = a_stamping(order, *slots, name=name, **changes)
    backend.serials.reserve(order, stamping)
    return stamping


def test_a_claim_returns_the_claimed_serials(backend: Backend) -> None:
    for stamping in (reserve(backend, 0, name="one"), reserve(backend, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        claimed = tuple(replace(one, claimed_until=UNTIL) for one in stamping)
        assert backend.serials.claim(serials, NOW, UNTIL) == claimed
        assert backend.serials.get_many(serials) == claimed


def test_a_claimed_stamping_is_not_claimed_again(backend: Backend) -> None:
    for stamping in (reserve(backend, 0, name="one"), reserve(backend, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        claimed = backend.serials.claim(serials, NOW, UNTIL)
        just_before = UNTIL - MINUTE / 60_000_000
        assert backend.serials.claim(serials, just_before, UNTIL + MINUTE) == ()
        assert backend.serials.get_many(serials) == claimed


def test_an_expired_claim_may_be_taken_by_another_worker(backend: Backend) -> None:
    (one,) = reserve(backend, 0)
    backend.serials.claim([one.serial], NOW, UNTIL)
    assert backend.serials.claim([one.serial], UNTIL, UNTIL + MINUTE) == (
        replace(one, claimed_until=UNTIL + MINUTE),
    )


def test_all_serials_are_claimed_or_none(backend: Backend) -> None:
    (a,) = reserve(backend, 0, name="a")
    (b,) = reserve(backend, 1, name="b")
    (claimed,) = backend.serials.claim([a.serial], NOW, UNTIL)
    assert backend.serials.claim([b.serial, a.serial], NOW, UNTIL + MINUTE) == ()
    assert backend.serials.get_many([a.serial, b.serial]) == (claimed, b)


def test_stamped_void_and_unknown_serials_are_not_claimed(backend: Backend) -> None:
    (a,) = reserve(backend, 0, name="a")
    (b,) = reserve(backend, 1, name="b")
    backend.serials.finish([a], OUTPUT, NOW)
    backend.serials.void([b], VoidReason.ORDER_EXPIRED, NOW)
    before = backend.serials.get_many([a.serial, b.serial])
    (unknown,) = a_stamping(an_order(), 2, name="unknown")
    for serial in (a.serial, b.serial, unknown.serial):
        assert backend.serials.claim([serial], NOW, UNTIL) == ()
    assert backend.serials.get_many([a.serial, b.serial, unknown.serial]) == before


def test_a_stamping_past_its_deadline_is_not_claimed(backend: Backend) -> None:
    """Its money is refunded, and nobody may stamp at the same time."""
    for stamping in (reserve(backend, 0, name="one"), reserve(backend, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        assert stamping[0].timer is not None
        over = stamping[0].timer.deadline_at
        assert backend.serials.claim(serials, over, over + MINUTE) == ()
        assert backend.serials.get_many(serials) == stamping
        just_before = over - MINUTE / 60_000_000
        assert len(backend.serials.claim(serials, just_before, over + MINUTE)) == len(serials)
