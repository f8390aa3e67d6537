"""What a reconciled day publishes: the figures of what was done on it, each once."""

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.orders.orders import Order
from meterai.domain.reconciliation.performance import RefundResult
from meterai.domain.refunds.refunds import RefundReason
from meterai.steps.reconcile import reconcile
from tests.unit.steps.in_memory_app import WINDOW, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.unit.steps.reconciled import report, the_morning_after, today


@pytest.fixture
def busy(app: InMemoryApp, pump: MessagePump, paid: Order) -> InMemoryApp:
    """Two were bought: one was stamped, one was given back; another order of three is paid."""
    app.upload()
    app.request(paid.order_id)
    pump.deliver()
    app.refund(paid.order_id)
    pump.until_idle()
    app.settle(app.buy("second", quantity=3))
    pump.deliver()
    return app


def figures(app: InMemoryApp) -> dict[str, object]:
    [one] = [day for day in app.state.public_days if day.performance.paid]
    served = one.performance
    return {
        "paid": served.paid,
        "stamped": (served.stamped, served.in_time, sum(served.waits)),
        "refunds": served.refunds,
        "given_back": served.given_back,
    }


SERVED = {
    "paid": 5,
    "stamped": (1, 1, 1),
    "refunds": {RefundResult.KEPT: 1},
    "given_back": {RefundReason.REQUESTED: 1},
}


def test_a_finished_day_is_published(busy: InMemoryApp) -> None:
    day = today(busy)
    of_day = report(busy, day)
    assert figures(busy) == SERVED
    assert busy.state.public_days[-1] == of_day.public_day
    assert [one.look for one in busy.state.public_days] == [2, 1]


def test_the_second_look_replaces_the_first(busy: InMemoryApp) -> None:
    day = today(busy)
    report(busy, day)
    report(busy, day, hours=27)
    [again] = [one for one in busy.state.public_days if one.day == day]
    assert (again.look, figures(busy)) == (2, SERVED)


def test_the_first_looks_figures_stay_while_the_second_is_under_way(busy: InMemoryApp) -> None:
    day = today(busy)
    report(busy, day)
    first = busy.state.public_days
    busy.state.now = the_morning_after(day, 27)
    reconcile(busy.ports, busy.now, has_time=iter([True] + [False] * 9).__next__, window=WINDOW)
    assert busy.state.day_reports[day].look == 2
    assert busy.state.public_days == first


@pytest.mark.parametrize(
    ("call", "number"),
    [("PublicDays.get", 2), ("PublicDays.put", 2), ("DayReports.put", 5), ("DayReports.put", 6)],
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_that_is_cut_off_anywhere_counts_nothing_twice(
    busy: InMemoryApp, call: str, number: int, moment: str
) -> None:
    """The payments are in the fifth of six windows."""
    busy.state.now = the_morning_after(today(busy))
    calls = 0

    def cut_off(at: str, name: str) -> None:
        nonlocal calls
        calls += (at, name) == (moment, call)
        if calls == number:
            raise Unavailable(party="s3", reason="cut off")

    busy.state.hook = cut_off
    with pytest.raises(Unavailable):
        busy.reconcile()
    calls = -10
    busy.reconcile()
    assert figures(busy) == SERVED
    assert busy.reconcile() == 0
