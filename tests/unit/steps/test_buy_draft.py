"""Buying a draft: one click, however often it is repeated or cut off, is one order with the
stamping of each document."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.drafts.draft_errors import DraftChanged, DraftOrdered
from meterai.domain.errors import (
    AlreadyStamped,
    BuyingPaused,
    ChargeRefused,
    DeadlinePast,
    DocumentDamaged,
    DocumentMissing,
    MeteraiError,
    NotFound,
    OrderPaid,
    TooManyUnpaidOrders,
)
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import ChargeState, Method
from meterai.domain.stamping.stampings import SerialState
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.steps.buy_draft import buy_draft
from meterai.steps.read_draft import read_draft
from meterai.steps.reopen_draft import reopen_draft
from meterai.steps.stamp_draft import DOCUMENT, stamp_draft
from tests.fakes.in_memory_state import Moment
from tests.fakes.stamper import DAMAGED
from tests.unit.steps.desk import DRAFT, LETTERS, Desk, cut_off
from tests.unit.steps.in_memory_app import BUYER
from tests.unit.steps.test_paused_buying import admission


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_click_orders_and_the_payment_stamps_each_document(desk: Desk) -> None:
    bought = desk.buy()

    assert bought == desk.draft
    assert (desk.order.quantity, desk.order.state) == (2, OrderState.PENDING)
    assert desk.order.instruction is not None
    assert [one.stamping for one in bought.documents] == list(desk.order.stampings())
    assert desk.progress.is_waiting
    desk.pays()
    assert [one.is_stamped for one in desk.progress.documents] == [True, True]


def test_a_second_click_is_the_same_order(desk: Desk) -> None:
    first = desk.buy()

    assert desk.buy(Method.VIRTUAL_ACCOUNT) == first
    desk.pays()
    assert desk.buy() == first
    assert len(desk.app.state.orders) == 1


# What is refused leaves the draft as it was.


def test_a_document_that_cannot_be_stamped_is_named_before_anything_is_charged(
    desk: Desk,
) -> None:
    damaged = desk.app.upload(LETTERS[1] + DAMAGED)
    first, second = desk.draft.documents
    desk.edit(documents=(first, replace(second, sha256=damaged)))

    _is_refused(desk, DocumentDamaged, document=2)
    assert not desk.app.state.orders


def test_a_document_that_was_deleted_is_named(desk: Desk) -> None:
    del desk.app.state.documents[(BUYER, desk.draft.documents[0].sha256)]

    _is_refused(desk, DocumentMissing, document=1)


def test_a_deadline_that_has_passed_refuses_the_order(desk: Desk) -> None:
    now = desk.app.now
    desk.app.state.snapshot = LoadSnapshot(now, {}, deadlines={"sscasn": now})
    desk.edit(portal="sscasn")

    _is_refused(desk, DeadlinePast)
    assert not desk.app.state.orders


def test_a_method_that_is_refused_leaves_the_other(desk: Desk) -> None:
    desk.app.state.methods_refused = {Method.QRIS}

    _is_refused(desk, ChargeRefused)
    assert desk.buy(Method.VIRTUAL_ACCOUNT).method is Method.VIRTUAL_ACCOUNT


def test_too_many_unpaid_orders_refuse_another(desk: Desk) -> None:
    for number in range(5):
        desk.app.buy(f"buy {number}")

    _is_refused(desk, TooManyUnpaidOrders)


def _is_refused(desk: Desk, error: type[MeteraiError], document: int | None = None) -> None:
    before = desk.draft
    with pytest.raises(error) as refused:
        desk.buy()
    assert refused.value.values.get(DOCUMENT) == document
    assert desk.draft == before


def test_while_buying_is_paused_nothing_is_inspected_without_a_ticket(desk: Desk) -> None:
    desk.app.ports.admission = admission(desk.app, watermark=timedelta(minutes=-1))
    calls: list[str] = []
    desk.app.state.hook = lambda _, call: calls.append(call)

    _is_refused(desk, BuyingPaused)
    assert not any(call.startswith("Preflight") for call in calls)


def test_a_ticket_whose_turn_has_come_buys(desk: Desk) -> None:
    desk.app.ports.admission = admission(desk.app, watermark=timedelta(minutes=-1))
    ticket = desk.app.join_waiting_room(BUYER)
    with pytest.raises(BuyingPaused):
        desk.buy(ticket=ticket)

    desk.app.ports.admission = admission(desk.app, watermark=timedelta(minutes=1))
    assert desk.buy(ticket=ticket).order_id is not None


# What changes meanwhile, in another tab.


def test_what_changed_between_the_click_and_its_end_is_not_ordered_by_it(desk: Desk) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("after", "Gateway.charge"):
            desk.app.state.hook = lambda *_: None
            desk.move()

    desk.app.state.hook = hook
    with pytest.raises(DraftChanged):
        desk.buy()
    assert desk.draft.order_id is None
    desk.buy()
    assert desk.order.quantity == 2
    assert len(desk.app.state.orders) == 2


def test_a_changed_draft_is_another_order_than_that_of_a_click_which_wascut_off(
    desk: Desk,
) -> None:
    cut_off(desk.app, 12, "before", desk.buy)
    [orphan] = desk.app.state.orders
    desk.move()

    desk.buy()
    assert desk.draft.order_id != orphan
    desk.pays()
    assert len(desk.app.state.signed) == 2


def test_while_it_is_ordered_nothing_moves(desk: Desk) -> None:
    desk.buy()

    with pytest.raises(DraftOrdered):
        desk.move()


def test_what_was_sent_off_already_cannot_be_moved(desk: Desk) -> None:
    """A click that used e-meterai of an earlier order was cut off after the first document."""
    earlier = desk.paid_before()
    at = 0
    while not desk.app.state.serials:
        cut_off(desk.app, at, "after", lambda: desk.use(earlier))
        at += 1
    desk.move()

    with pytest.raises(AlreadyStamped):
        desk.use(earlier)


# Orders that are not paid.


def test_an_expired_order_is_followed_by_another(desk: Desk) -> None:
    first = desk.buy()
    desk.expires()

    again = desk.buy(Method.VIRTUAL_ACCOUNT)
    assert (again.attempt, again.method) == (2, Method.VIRTUAL_ACCOUNT)
    assert again.order_id != first.order_id
    desk.pays()
    assert [one.is_stamped for one in desk.progress.documents] == [True, True]


def test_a_click_that_was_cut_off_before_the_order_expired_begins_another(desk: Desk) -> None:
    cut_off(desk.app, 12, "before", desk.buy)
    desk.expires()

    assert desk.buy().attempt == 2
    assert desk.order.state is OrderState.PENDING


def test_a_given_up_order_leaves_the_draft_to_be_changed_and_bought(desk: Desk) -> None:
    desk.buy()
    given_up = desk.order.order_id
    desk.reopen()
    desk.reopen()
    desk.pump.deliver()
    assert desk.app.state.orders[given_up].state is OrderState.CANCELLED
    desk.move()

    desk.buy()
    desk.pays()
    assert len(desk.app.state.signed) == 2


def test_giving_up_an_earlier_order_leaves_the_present_one(desk: Desk) -> None:
    """In a tab that was left open."""
    desk.buy()
    earlier = desk.order.order_id
    desk.expires()
    again = desk.buy()

    assert desk.reopen(earlier) == again
    assert not desk.order.is_given_up


def test_a_paid_order_is_not_given_up(desk: Desk) -> None:
    desk.buy()
    desk.pays()

    with pytest.raises(OrderPaid):
        desk.reopen()


def test_a_payment_that_the_bank_took_back_is_followed_by_another_order(desk: Desk) -> None:
    desk.buy()
    desk.pays()
    desk.app.state.charges[desk.order.charge_id].state = ChargeState.REVERSED
    desk.app.webhook(desk.order.charge_id)
    desk.pump.deliver()
    assert desk.order.state is OrderState.REVERSED

    assert desk.buy().attempt == 2


def test_a_document_without_e_meterai_shows_its_refund(desk: Desk) -> None:
    """No worker came in the promised time."""
    desk.buy()
    desk.app.settle(desk.order)
    desk.pump.stamping_moves = False
    desk.pump.deliver()
    desk.app.state.pass_time(timedelta(days=2))
    desk.app.state.stamping_lane.clear()
    desk.pump.stamping_moves = True
    desk.app.sweep()
    desk.pump.deliver()

    for one in desk.progress.documents:
        assert one.emeterai is not None
        assert one.emeterai.state is SerialState.VOID
        assert one.refund in desk.order.refunds()


# What is not there.


def test_a_draft_of_somebody_else_is_not_found(desk: Desk) -> None:
    for step in (
        lambda: buy_draft("other", DRAFT, Method.QRIS, desk.app.ports, desk.app.now),
        lambda: stamp_draft("other", DRAFT, OrderId("ord_1"), desk.app.ports, desk.app.now),
        lambda: reopen_draft("other", DRAFT, OrderId("ord_1"), desk.app.ports, desk.app.now),
        lambda: read_draft("other", DRAFT, desk.app.ports, desk.app.now),
    ):
        with pytest.raises(NotFound):
            step()


def test_a_draft_that_is_not_ready_is_not_ordered(desk: Desk) -> None:
    order_id = desk.paid_before()
    desk.edit(documents=())

    with pytest.raises(DraftChanged):
        desk.buy()
    with pytest.raises(DraftChanged):
        desk.use(order_id)
    assert desk.reopen() == desk.draft
