"""A click on the pages that is cut off at any call, or meets its double there: in the end there is
one order, with the stamping of each document."""

from collections.abc import Callable
from functools import partial

import pytest

from meterai.domain.drafts.draft_requests import usable
from meterai.domain.drafts.drafts import Draft
from meterai.domain.orders.orders import OrderState
from meterai.domain.stamping.stampings import SerialState
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


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_order_that_was_cut_off_anywhere_and_is_paid_is_used_and_not_bought_twice(
    moment: Moment,
) -> None:
    """It is among its owner's orders, with its payment instruction."""
    at, paid = 0, 0
    while True:
        desk = Desk()
        if not cut_off(desk.app, at, moment, desk.buy):
            break
        at += 1
        order = next(iter(desk.app.state.orders.values()), None)
        if order is None or order.instruction is None:
            continue
        desk.app.settle(order)
        desk.pump.deliver()
        paid_order = desk.app.state.orders[order.order_id]
        if desk.draft.order_id is None:
            paid += 1
            assert usable(paid_order, desk.draft, desk.app.ports.id_deriver) == 2
            desk.use(order.order_id)
        _check_one_order(desk, f"{moment} call {at}")
    assert paid > 5


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_order_that_was_cut_off_anywhere_and_is_forgotten_expires(moment: Moment) -> None:
    at = 0
    while cut_off((desk := Desk()).app, at, moment, desk.buy):
        desk.pump.until_idle()
        assert {one.state for one in desk.app.state.orders.values()} <= {OrderState.EXPIRED}
        assert {one.state for one in desk.app.state.serials.values()} <= {SerialState.VOID}
        desk.buy()
        assert desk.order.state is OrderState.PENDING
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
