"""A value cached for a time: when it is read again, and when an old one is still served."""

from collections.abc import Iterator
from itertools import count

import pytest

from meterai.domain.errors import Unavailable
from meterai.ttl_cache import TtlCache


class Source:
    """Returns 1, 2, 3 ... at each read, unless it is down. It also holds the time in seconds."""

    def __init__(self) -> None:
        self.now_s = 1_000.0
        self.is_down = False
        self._numbers: Iterator[int] = count(1)

    def read(self) -> int:
        if self.is_down:
            raise Unavailable(party="the source", reason="down")
        return next(self._numbers)

    def timer(self) -> float:
        return self.now_s


@pytest.fixture
def source() -> Source:
    return Source()


def test_a_value_is_read_again_once_its_time_is_over(source: Source) -> None:
    cache = TtlCache(source.read, 10.0, timer=source.timer)
    found = []
    for _ in range(5):
        found.append(cache.get())
        source.now_s += 5
    assert found == [1, 1, 2, 2, 3]


def test_the_time_may_depend_on_the_value(source: Source) -> None:
    cache = TtlCache(source.read, float, timer=source.timer)
    found = []
    for _ in range(6):
        found.append(cache.get())
        source.now_s += 1
    assert found == [1, 2, 2, 3, 3, 3]


def test_a_renewal_reads_at_once_but_not_again_within_its_minimum_interval(source: Source) -> None:
    cache = TtlCache(source.read, 100.0, min_renew_s=10.0, timer=source.timer)
    assert cache.get() == 1
    for _ in range(3):
        cache.renew()
    assert cache.get() == 1
    source.now_s += 10
    for _ in range(3):
        cache.renew()
    assert cache.get() == 2


def test_a_forgotten_value_is_read_again(source: Source) -> None:
    cache = TtlCache(source.read, 100.0, timer=source.timer)
    assert cache.get() == 1
    cache.forget()
    assert cache.get() == 2


def test_without_permission_to_keep_it_an_old_value_is_not_served(source: Source) -> None:
    cache = TtlCache(source.read, 10.0, timer=source.timer)
    cache.get()
    source.now_s += 10
    source.is_down = True
    with pytest.raises(Unavailable):
        cache.get()


def test_with_permission_to_keep_it_an_old_value_is_served_and_retried_once_a_period(
    source: Source,
) -> None:
    cache = TtlCache(source.read, 10.0, keep_if_unavailable=True, timer=source.timer)
    cache.get()
    source.now_s += 10
    source.is_down = True
    assert cache.get() == 1
    source.is_down = False
    assert cache.get() == 1
    source.now_s += 10
    assert cache.get() == 2


def test_a_first_read_and_a_renewal_that_fail_are_reported(source: Source) -> None:
    cache = TtlCache(source.read, 10.0, keep_if_unavailable=True, timer=source.timer)
    source.is_down = True
    with pytest.raises(Unavailable):
        cache.get()
    source.is_down = False
    assert cache.get() == 1
    source.is_down = True
    with pytest.raises(Unavailable):
        cache.renew()
    assert cache.get() == 1


def test_a_renewal_that_fails_is_not_tried_again_within_the_minimum_interval(
    source: Source,
) -> None:
    cache = TtlCache(source.read, 100.0, min_renew_s=10.0, timer=source.timer)
    assert cache.get() == 1
    source.now_s += 10
    source.is_down = True
    with pytest.raises(Unavailable):
        cache.renew()
    cache.renew()
    source.now_s += 10
    with pytest.raises(Unavailable):
        cache.renew()
    assert cache.get() == 1
