"""A click on the pages that is cut off at any call, or meets its double there: in the end there is
one order, with the stamping of each document."""

from collections.abc import Callable
from functools import partial

import pytest

from meterai.domain.drafts.drafts import Draft
from meterai.domain.orders.orders import OrderState
from meterai.domain.timers import CHARGE_TIMEOUT
from tests.fakes.in_memory_state import Moment
from tests.unit.steps.desk import Desk, cut_off
from tests.unit.steps.in_memory_app import InMemoryApp

Click = Callable[[], Draft]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("uses_earlier", [False, True], ids=["bought", "bought before"])
def test_a_click_that_is_cut_off_anywhere_is_finished_by_the_next(
    moment: Moment, *, uses_earlier: bool
) -> None:
    at = 0
    while True:
        desk = Desk()
        click = partial(desk.use, desk.paid_before()) if uses_earlier else desk.buy
        if not cut_off(desk.app, at, moment, click):
            break
        click()
        desk.app.state.pass_time(CHARGE_TIMEOUT)
        click()
        _check_one_order(desk, f"{moment} call {at}")
        at += 1
    assert at > 10


@pytest.mark.parametrize("uses_earlier", [False, True], ids=["bought", "bought before"])
def test_a_double_click_meets_itself_at_any_call(*, uses_earlier: bool) -> None:
    at = 0
    while True:
        desk = Desk()
        click = partial(desk.use, desk.paid_before()) if uses_earlier else desk.buy
        if not _meets_itself(desk.app, at, click):
            break
        desk.app.state.pass_time(CHARGE_TIMEOUT)
        click()
        _check_one_order(desk, f"call {at}")
        at += 1
    assert at > 10


def _meets_itself(app: InMemoryApp, at: int, click: Click) -> bool:
    calls = 0
    met = False

    def hook(now: Moment, _: str) -> None:
        nonlocal calls, met
        calls += now == "before"
        if not met and calls - 1 == at:
            met = True
            click()

    app.state.hook = hook
    try:
        click()
    finally:
        app.state.hook = lambda *_: None
    return met


def _check_one_order(desk: Desk, where: str) -> None:
    order = desk.order
    assert list(desk.app.state.orders) == [order.order_id], where
    assert [one.stamping for one in desk.draft.documents] == list(order.stampings()), where
    assert (order.free_slots, desk.draft.attempt) == ((), 1), where
    if order.state is OrderState.PENDING:
        assert order.instruction is not None, where
        desk.pays()
    desk.pump.deliver()
    assert [one.is_stamped for one in desk.progress.documents] == [True, True], where
    assert len(desk.app.state.signed) == 2, where


@pytest.mark.parametrize("moment", ["before", "after"])
def test_giving_up_can_be_cut_off_anywhere(moment: Moment) -> None:
    at = 0
    while True:
        desk = Desk()
        desk.buy()
        if not cut_off(desk.app, at, moment, desk.reopen):
            break
        desk.reopen()
        assert desk.draft.order_id is None
        [order] = desk.app.state.orders.values()
        assert order.is_given_up
        at += 1
    assert at >= 5
