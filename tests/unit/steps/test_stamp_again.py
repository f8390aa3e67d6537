"""A stamping that an earlier worker left unfinished: its stored file counts as it is."""

from datetime import timedelta

import pytest

from meterai.domain.errors import NoBalance
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import ChargeState
from meterai.domain.stamping.augmentation import SignatureLevel, timer_until_augmented
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.steps.stamp import VoidedButStored
from tests.fakes.in_memory_state import Moment
from tests.fakes.ports import CLAIM, PROMISE
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.unit.steps.test_stamp import work, work_until


@pytest.fixture
def stored(app: InMemoryApp, pump: MessagePump) -> EMeterai:
    """To be augmented to B-LT; its worker stored it without a timestamp, and died."""
    app.ports.signature_level = SignatureLevel.B_LT
    app.state.timestamp_servers_answer = False
    order = app.buy(quantity=3)
    app.settle(order)
    pump.deliver()
    first = app.request(order.order_id, count=2)
    work_until("after", "Documents.put_stamped", app, first)
    app.state.pass_time(CLAIM)
    return first


def assert_finished_as_stored(app: InMemoryApp, first: EMeterai) -> None:
    """It waits for its level by its timer alone: no item says what the stored file contains."""
    output = Output.of(app.state.stamped[first.stamping])
    stamps = [app.state.serials[serial] for serial in first.serials]
    assert [(one.state, one.outputs) for one in stamps] == [(SerialState.STAMPED, (output,))] * 2
    assert [one.timer for one in stamps] == [
        timer_until_augmented(first.level, SignatureLevel.B_B, app.state.now),
        None,
    ]
    assert not app.state.augmentation_lane


def test_the_stored_file_keeps_its_level_whatever_the_second_worker_would_reach(
    app: InMemoryApp, stored: EMeterai
) -> None:
    app.state.timestamp_servers_answer = True
    work(app, stored)
    assert_finished_as_stored(app, stored)


def test_a_document_that_became_bad_meanwhile_is_stamped_all_the_same(
    app: InMemoryApp, stored: EMeterai
) -> None:
    app.state.documents[BUYER, stored.document] = b"something else"
    work(app, stored)
    assert_finished_as_stored(app, stored)


def test_a_file_stored_before_the_bank_reversed_the_payment_is_a_stamp(
    app: InMemoryApp, stored: EMeterai
) -> None:
    [charge] = app.state.charges.values()
    charge.state = ChargeState.REVERSED
    app.webhook(charge.charge_id)
    app.act_on(app.state.payments_lane.popleft().message)
    assert app.state.orders[stored.order_id].state is OrderState.REVERSED
    assert_finished_as_stored(app, stored)


def test_a_refund_of_a_stored_stamping_is_refused_and_finishes_the_stamps(
    app: InMemoryApp, stored: EMeterai
) -> None:
    quantity = app.state.orders[stored.order_id].quantity
    with pytest.raises(NoBalance):
        app.refund(stored.order_id, quantity=quantity)
    assert app.state.refunds == {}
    assert_finished_as_stored(app, stored)


def test_a_file_of_voided_serials_is_reported_with_its_name(
    app: InMemoryApp, stored: EMeterai
) -> None:
    def void(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Serials.finish"):
            app.state.hook = lambda _moment, _call: None
            found = app.ports.serials.get_many(stored.serials)
            app.ports.serials.void(found, VoidReason.REFUND_REQUESTED, app.state.now + CLAIM)

    app.state.hook = void
    with pytest.raises(VoidedButStored, match=stored.stamping):
        work(app, stored)


def test_a_stamping_claimed_at_its_promise_is_checked_again_later(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.settle(order)
    pump.deliver()
    first = app.request(order.order_id)
    app.state.now = first.requested_at + PROMISE - timedelta(seconds=1)
    app.ports.serials.claim(first.serials, app.state.now, app.state.now + CLAIM)
    app.state.pass_time(timedelta(seconds=1))
    app.sweep()
    held = app.state.serials[first.serial]
    assert held.state is SerialState.RESERVED
    assert held.timer is not None
    assert held.timer.next_check_at >= app.state.now + CLAIM


def test_checks_of_a_stamp_to_be_augmented_are_counted_from_its_stamping(
    app: InMemoryApp, pump: MessagePump
) -> None:
    """And not from its request, which may be hours earlier."""
    app.ports.signature_level = SignatureLevel.B_LT
    app.state.timestamp_servers_answer = False
    order = app.buy()
    app.settle(order)
    pump.deliver()
    first = app.request(order.order_id)
    app.state.pass_time(timedelta(hours=3))
    work(app, first)
    waits = []
    for _ in range(3):
        timer = app.state.serials[first.serial].timer
        assert timer is not None
        waits.append((timer.next_check_at - app.state.now) // timedelta(minutes=1))
        app.state.now = timer.next_check_at
        app.sweep()
    assert waits == [5, 5, 10]


def test_a_request_reads_nothing_twice_and_counts_earlier_stamps(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy(quantity=4)
    app.settle(order)
    pump.deliver()
    first = app.request(order.order_id)
    pump.deliver()
    stamped = app.state.stamped[first.stamping] + b"\n/JavaScript"
    app.upload(stamped)
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    again = app.request(order.order_id, "again", stamped, count=2)
    assert calls == [
        "Orders.get",
        "Documents.locate",
        "Preflight.__call__",
        "Serials.reserve",
        "Lanes.stamp",
    ]
    second = app.state.serials[again.serials[1]]
    assert (again.earlier_stamps, second.earlier_stamps) == (1, 1)
    assert (again.findings, second.findings) == (("javascript",), ())
