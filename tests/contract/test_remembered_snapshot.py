"""Every instance reads the snapshot once a second, and keeps the last one while reading fails."""

from dataclasses import dataclass

from meterai.aws.load.load_metrics import RememberedSnapshot
from meterai.domain.errors import Unavailable
from tests.contract.backends import MemoryBackend
from tests.contract.test_load_metrics import a_snapshot


@dataclass
class Instance:
    """An instance, its monotonic clock, and how often it has read."""

    at_s: float = 100.0
    reads: int = 0
    is_unreachable: bool = False

    def __post_init__(self) -> None:
        self.backend = MemoryBackend()
        self.backend.state.hook = self.count_read
        self.snapshot = RememberedSnapshot(self.backend.load_metrics, lambda: self.at_s)

    def count_read(self, moment: str, call: str) -> None:
        if (moment, call) == ("before", "LoadMetrics.snapshot"):
            self.reads += 1
            if self.is_unreachable:
                raise Unavailable(party="dynamodb")


def test_the_snapshot_is_read_once_a_second_however_many_ask() -> None:
    instance = Instance()
    instance.backend.load_metrics.put_snapshot(a_snapshot())
    for tenth in range(25):
        instance.at_s = 100.0 + tenth / 10
        assert instance.snapshot() == a_snapshot()
    assert instance.reads == 3


def test_a_newer_snapshot_is_seen_after_a_second() -> None:
    instance = Instance()
    instance.backend.load_metrics.put_snapshot(a_snapshot())
    instance.snapshot()
    instance.backend.load_metrics.put_snapshot(a_snapshot(1))
    assert instance.snapshot() == a_snapshot()
    instance.at_s += 1.0
    assert instance.snapshot() == a_snapshot(1)


def test_while_it_cannot_be_read_the_last_one_is_used_and_nothing_fails() -> None:
    instance = Instance()
    instance.backend.load_metrics.put_snapshot(a_snapshot())
    instance.snapshot()
    instance.is_unreachable = True
    instance.at_s += 1.0
    for _ in range(10):
        assert instance.snapshot() == a_snapshot()
    assert instance.reads == 2
    instance.is_unreachable = False
    instance.backend.load_metrics.put_snapshot(a_snapshot(1))
    instance.at_s += 1.0
    assert instance.snapshot() == a_snapshot(1)


def test_without_any_successful_read_there_is_none() -> None:
    instance = Instance(is_unreachable=True)
    assert instance.snapshot() is None
