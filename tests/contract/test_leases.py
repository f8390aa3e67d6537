"""A lease: one holder at a time, until it gives it back or its time is over."""

from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW


def test_one_holds_it_at_a_time(backend: Backend) -> None:
    leases = backend.leases
    assert leases.take("reconcile", "first", NOW, NOW + MINUTE)
    assert not leases.take("reconcile", "second", NOW, NOW + MINUTE)
    assert leases.take("release_bulk", "second", NOW, NOW + MINUTE)


def test_its_holder_may_ask_again(backend: Backend) -> None:
    for _ in range(2):
        assert backend.leases.take("reconcile", "first", NOW, NOW + MINUTE)


def test_it_ends_by_itself(backend: Backend) -> None:
    backend.leases.take("reconcile", "first", NOW, NOW + MINUTE)
    assert backend.leases.take("reconcile", "second", NOW + MINUTE, NOW + 2 * MINUTE)
    assert not backend.leases.take("reconcile", "first", NOW + MINUTE, NOW + 2 * MINUTE)


def test_given_back_it_is_free(backend: Backend) -> None:
    backend.leases.take("reconcile", "first", NOW, NOW + MINUTE)
    backend.leases.give_back("reconcile", "first")
    assert backend.leases.take("reconcile", "second", NOW, NOW + MINUTE)


def test_only_its_holder_gives_it_back(backend: Backend) -> None:
    backend.leases.give_back("reconcile", "nobody has had it")
    backend.leases.take("reconcile", "first", NOW, NOW + MINUTE)
    backend.leases.give_back("reconcile", "second")
    assert not backend.leases.take("reconcile", "second", NOW, NOW + MINUTE)
