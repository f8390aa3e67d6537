"""Every instance reads the snapshot once a second, and keeps the last where it cannot be read."""

from dataclasses import dataclass

from meterai.aws.load.load_metrics import RememberedSnapshot
from meterai.domain.errors import Unavailable
from tests.contract.backends import MemoryBackend
from tests.contract.test_load_metrics import a_snapshot


@dataclass
class Desk:
    """An instance, its monotonic clock, and how often it has read."""

    at_s: float = 100.0
    reads: int = 0
    is_away: bool = False

    def __post_init__(self) -> None:
        self.backend = MemoryBackend()
        self.backend.state.hook = self.note
        self.snapshot = RememberedSnapshot(self.backend.load_metrics, lambda: self.at_s)

    def note(self, moment: str, call: str) -> None:
        if (moment, call) == ("before", "LoadMetrics.snapshot"):
            self.reads += 1
            if self.is_away:
                raise Unavailable(party="dynamodb")


def test_it_is_read_once_a_second_however_many_ask() -> None:
    desk = Desk()
    desk.backend.load_metrics.put_snapshot(a_snapshot())
    for tenth in range(25):
        desk.at_s = 100.0 + tenth / 10
        assert desk.snapshot() == a_snapshot()
    assert desk.reads == 3


def test_a_newer_one_is_seen_after_a_second() -> None:
    desk = Desk()
    desk.backend.load_metrics.put_snapshot(a_snapshot())
    desk.snapshot()
    desk.backend.load_metrics.put_snapshot(a_snapshot(1))
    assert desk.snapshot() == a_snapshot()
    desk.at_s += 1.0
    assert desk.snapshot() == a_snapshot(1)


def test_where_it_cannot_be_read_the_last_one_stands_and_nothing_fails() -> None:
    desk = Desk()
    desk.backend.load_metrics.put_snapshot(a_snapshot())
    desk.snapshot()
    desk.is_away = True
    desk.at_s += 1.0
    for _ in range(10):
        assert desk.snapshot() == a_snapshot()
    assert desk.reads == 2
    desk.is_away = False
    desk.backend.load_metrics.put_snapshot(a_snapshot(1))
    desk.at_s += 1.0
    assert desk.snapshot() == a_snapshot(1)


def test_where_none_was_ever_read_none_is_known() -> None:
    desk = Desk(is_away=True)
    assert desk.snapshot() is None
