"""A lane adds workers as AWS does, keeps to its rate of polls, and loses nothing."""

import simpy

from tests.capacity.function import Function
from tests.capacity.lane import LaneSize, QueueLane, Work
from tests.capacity.limits import LIMITS


def _lane(size: LaneSize, *, reserved: int = 1_000) -> tuple[simpy.Environment, QueueLane]:
    environment = simpy.Environment()
    function = Function("worker", reserved, cold_s=0, memory_mb=1_769)
    lane = QueueLane(environment, "lane", size, function)

    def pass_time() -> simpy.events.ProcessGenerator:
        while True:
            yield environment.timeout(1)
            lane.pass_time(1)

    environment.process(pass_time())
    return environment, lane


def _takes(seconds: float) -> Work:
    return lambda _count, _calls, _at: (seconds, 0)


def test_lambda_starts_with_five_workers_and_adds_three_hundred_a_minute() -> None:
    size = LaneSize(LIMITS.min_workers, 1_000, LIMITS.workers_added, batch=1)
    environment, lane = _lane(size)
    lane.send(100_000, _takes(1), lambda _: None)
    assert lane.workers == 5
    environment.run(until=60.5)
    assert lane.workers == 305


def test_a_poller_makes_ten_polls_a_second_of_ten_messages_each() -> None:
    size = LaneSize(20, 20, 0, batch=10, polls_per_s=LIMITS.polls_of_a_poller)
    environment, lane = _lane(size)
    lane.send(100_000, _takes(0.001), lambda _: None)
    environment.run(until=10.5)
    assert (
        2_000 <= lane.handled <= 2_300
    )  # two pollers: 200 a second, and the messages that had gathered


def test_checking_for_polls_often_does_not_use_them_up() -> None:
    """Messages that arrive one by one each leave a fraction of a poll unused."""
    size = LaneSize(20, 20, 0, batch=10, polls_per_s=LIMITS.polls_of_a_poller)
    environment, lane = _lane(size)

    def arrive() -> simpy.events.ProcessGenerator:
        for _ in range(10_000):
            yield environment.timeout(0.001)
            lane.send(1, _takes(0.01), lambda _: None)

    environment.process(arrive())
    environment.run(until=100)
    assert lane.handled == 10_000


def test_a_failed_message_is_retried_until_it_is_handled() -> None:
    environment, lane = _lane(LaneSize(20, 20, 0, batch=10, visibility_s=5))
    done: list[int] = []
    lane.send(100, lambda _count, _calls, at: (0.1, 3 if at < 30 else 0), done.append)
    environment.run(until=300)
    assert sum(done) == lane.handled == 100
    assert lane.failed > 0
    assert lane.waiting == lane.function.running == 0


def test_a_message_that_fails_too_often_becomes_a_dead_letter_and_is_not_lost() -> None:
    environment, lane = _lane(LaneSize(20, 20, 0, batch=10, visibility_s=5, receives=2))
    done: list[int] = []
    lane.send(10, lambda count, _calls, at: (0.1, count if at < 30 else 0), done.append)
    environment.run(until=300)
    assert lane.dead >= 10
    assert sum(done) == 10


def test_more_workers_than_are_reserved_are_never_run() -> None:
    environment, lane = _lane(LaneSize(50, 50, 0, batch=1), reserved=7)
    lane.send(1_000, _takes(1), lambda _: None)
    environment.run(until=20)
    assert lane.function.max_running == 7
