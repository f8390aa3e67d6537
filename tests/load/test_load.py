"""A small run with all faults. It asserts counts and invariants, and no times."""

from argparse import Namespace
from collections import Counter
from functools import cache

import pytest

from meterai.aws.clients import READ_WITHIN_S
from meterai.domain.orders.unpaid_orders import MAX_UNPAID_ORDERS
from tests.contract.ministack import INSTALL_MINISTACK, interpreter
from tests.faults.invariants import WHEN_IDLE
from tests.load.__main__ import QUICK_STAMPED, options, run_wanted
from tests.load.arrivals import arrivals
from tests.load.figures import DOUBLED, quantiles
from tests.load.people import Habit, Way, people
from tests.load.report import lane_of, show
from tests.load.runner import Result
from tests.load.system import INSTANCES, KMS_S
from tests.load.timeline import End
from tests.load.ways import by_way
from tests.tools.commands import arguments_of


@cache
def quick() -> Namespace:
    """The options of `make load QUICK=1`."""
    module, *arguments = arguments_of("load", "QUICK=1")[1:]
    assert module == "tests.load"
    return options(arguments)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    python = interpreter()
    if python is None:
        pytest.skip(INSTALL_MINISTACK)
    logs = tmp_path_factory.mktemp("load") / "logs"
    return run_wanted(quick(), python, logs)


def test_nothing_is_lost_and_nothing_is_done_twice(result: Result) -> None:
    run = result.run
    assert (run.wrong(), run.lost(), run.doubled()) == ([], 0, 0)
    assert len(run.timelines) == quick().buyers
    assert not run.ends()[End.REFUSED]
    assert run.stamped() > 0
    assert run.paid() <= run.stamped() + run.available() + run.refunded()


def test_one_account_that_never_pays_gets_few_orders(result: Result) -> None:
    """Those that were bought at the same moment did not see each other."""
    at_once = INSTANCES["PurchaseFunction"]
    assert result.attack.orders < MAX_UNPAID_ORDERS + at_once
    assert result.attack.refused["too_many_unpaid_orders"] > 0


def test_people_are_served_on_the_pages_as_well(result: Result) -> None:
    served = by_way(result.run)
    for way, wanted in QUICK_STAMPED.items():
        assert served[way].stamped >= wanted
    assert served[Way.PAGES].waits["payment to file seen"]
    assert served[Way.PAGES].own_ms


def test_a_third_of_the_buyers_use_the_pages() -> None:
    ways = Counter(person.way for person in people(2_000, 400.0, seed=20240910))
    assert 0.30 <= ways[Way.PAGES] / 2_000 <= 0.36


def test_nothing_is_left_to_do(result: Result) -> None:
    assert not result.run.state.waiting


def test_no_range_is_wider_than_three_to_one(result: Result) -> None:
    assert not any(one.too_wide for one in result.run.accuracy().values())


def test_the_written_lane_is_what_the_simulation_reads(result: Result) -> None:
    lane = lane_of(result, "StampFunction")
    assert len(lane["sent_s"]) >= result.run.stamped()
    assert lane["sent_s"] == sorted(lane["sent_s"])
    assert min(lane["took_s"]) > 0


def test_a_run_can_be_shown(result: Result, capsys: pytest.CaptureFixture[str]) -> None:
    assert show(result, quick().seconds) == []
    assert "0 lost, 0 doubled" in capsys.readouterr().out


def test_a_signature_is_there_well_before_the_worker_gives_it_up() -> None:
    assert KMS_S <= 0.7 * READ_WITHIN_S


def test_the_same_seed_is_the_same_people() -> None:
    assert people(500, 60.0, seed=1) == people(500, 60.0, seed=1)
    assert people(500, 60.0, seed=1) != people(500, 60.0, seed=2)
    few = people(quick().buyers, quick().seconds, quick().seed)
    assert {person.habit for person in few} == set(Habit)
    on_pages = {person.habit for person in few if person.way is Way.PAGES}
    assert on_pages == set(Habit) - {Habit.GIVES_BACK}


def test_people_arrive_in_order_and_within_the_time() -> None:
    arrivals_s = arrivals(1_000, 60.0, seed=3)
    assert arrivals_s == sorted(arrivals_s)
    assert 0 <= arrivals_s[0] < arrivals_s[-1] <= 60.0


def test_the_busiest_tenth_has_twice_the_mean() -> None:
    arrivals_s = arrivals(10_000, 100.0, seed=4)
    tenths = [sum(10 * n <= at_s < 10 * (n + 1) for at_s in arrivals_s) for n in range(10)]
    assert max(tenths) >= 2 * 1_000
    assert tenths[0] < 500


def test_quantiles_are_of_the_measured_values() -> None:
    assert quantiles(range(101)) == {"p50": 50, "p95": 95, "p99": 99}
    assert quantiles([]) == {}


def test_every_rule_that_counts_as_done_twice_is_an_invariant() -> None:
    names = {rule.__name__ for rule in WHEN_IDLE}
    assert set(DOUBLED) - names == {"nobody_has_a_second_stamp_of_one_letter"}
