"""A small run, with everything that may go wrong: counts and invariants only, never seconds."""

import pytest

from tests.contract.ministack import INSTALL_MINISTACK, interpreter
from tests.load.arrivals import arrivals
from tests.load.figures import quantiles
from tests.load.people import Habit, people
from tests.load.play import Played, play
from tests.load.report import lane_of, show
from tests.load.timeline import End

BUYERS = 60
SEED = 26  # among whose people every habit is


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    python = interpreter()
    if python is None:
        pytest.skip(INSTALL_MINISTACK)
    logs = tmp_path_factory.mktemp("load") / "logs"
    return play(python, buyers=BUYERS, seconds=8.0, seed=SEED, logs=logs, kms_s=0.2, stays_s=14.0)


@pytest.mark.xdist_group("load")
def test_nothing_is_lost_and_nothing_is_done_twice(played: Played) -> None:
    run = played.run
    assert (run.wrong(), run.lost(), run.doubled()) == ([], 0, 0)
    assert len(run.stories) == BUYERS
    assert not run.ends()[End.REFUSED]
    assert run.stamped() > 0
    assert run.paid() <= run.stamped() + run.available() + run.refunded()


@pytest.mark.xdist_group("load")
def test_nothing_is_left_to_do(played: Played) -> None:
    assert not played.run.state.waiting


@pytest.mark.xdist_group("load")
def test_no_range_is_wider_than_three_to_one(played: Played) -> None:
    assert not any(one.too_wide for one in played.run.accuracy().values())


@pytest.mark.xdist_group("load")
def test_what_is_kept_is_what_the_simulation_reads(played: Played) -> None:
    lane = lane_of(played, "StampFunction")
    assert len(lane["sent_s"]) >= played.run.stamped()
    assert lane["sent_s"] == sorted(lane["sent_s"])
    assert min(lane["took_s"]) > 0


@pytest.mark.xdist_group("load")
def test_a_run_can_be_shown(played: Played, capsys: pytest.CaptureFixture[str]) -> None:
    assert show(played, 8.0) == []
    assert "0 lost, 0 doubled" in capsys.readouterr().out


def test_the_same_seed_is_the_same_people() -> None:
    assert people(500, 60.0, seed=1) == people(500, 60.0, seed=1)
    assert people(500, 60.0, seed=1) != people(500, 60.0, seed=2)
    assert {person.habit for person in people(BUYERS, 8.0, SEED)} == set(Habit)


def test_people_come_in_order_and_within_the_time() -> None:
    come_s = arrivals(1_000, 60.0, seed=3)
    assert come_s == sorted(come_s)
    assert 0 <= come_s[0] < come_s[-1] <= 60.0


def test_most_come_in_a_rush() -> None:
    """In the busiest tenth of the time come twice as many as in an even one."""
    come_s = arrivals(10_000, 100.0, seed=4)
    tenths = [sum(10 * n <= at_s < 10 * (n + 1) for at_s in come_s) for n in range(10)]
    assert max(tenths) >= 2 * 1_000
    assert tenths[0] < 500


def test_quantiles_are_of_what_was_measured() -> None:
    assert quantiles(range(101)) == {"p50": 50, "p95": 95, "p99": 99}
    assert quantiles([]) == {}
