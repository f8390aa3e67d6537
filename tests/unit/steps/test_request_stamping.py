"""Requesting a stamp: slots taken and e-meterai reserved, once for each request."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from meterai.domain.errors import (
    AlreadyStamped,
    DocumentMissing,
    EarlierStampBroken,
    KeyReused,
    NoBalance,
    NotAPdf,
    NotFound,
    OrderClosed,
    PortalUnknown,
    Unavailable,
)
from meterai.domain.orders.orders import Order, Taken
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.stampings import DocumentKind, EMeterai, SerialState, VoidReason
from meterai.domain.timers import AFTER_EXPIRY, RESEND_AFTER, Timer
from meterai.messages import StampDocument
from tests.fakes.in_memory_state import Letter, Moment, fails
from tests.fakes.ports import EXPIRES_IN, PROMISE
from tests.fakes.stamper import CHANGED
from tests.unit.steps.in_memory_app import BUYER, LETTER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.unit.steps.snapshots import near_deadline

OTHER = LETTER + b", another"


def test_a_stamping_takes_slots_and_is_sent_off(app: InMemoryApp, paid: Order) -> None:
    first = app.request(paid.order_id, count=2, portal="sscasn")
    now = app.state.now
    assert first == EMeterai(
        serial=first.serials[0],
        serials=first.serials,
        state=SerialState.RESERVED,
        order_id=paid.order_id,
        slot=0,
        account=BUYER,
        document=first.document,
        placement=Placement(1, 0.0, 50.0, 72.0),
        kind=DocumentKind.STATEMENT,
        reason="a letter",
        portal="sscasn",
        body_hash=first.body_hash,
        requested_at=now,
        timer=Timer(now + RESEND_AFTER, now + PROMISE),
    )
    second = app.state.serials[first.serials[1]]
    assert (second.slot, second.timer, second.placement.x_pt) == (1, None, 100.0)
    assert app.state.orders[paid.order_id].slots == {
        slot: Taken(serial, first.serial, first.document[:8])
        for slot, serial in enumerate(first.serials)
    }
    [letter] = app.state.stamping_lane
    assert letter.message == StampDocument(serials=first.serials)
    assert letter.group == BUYER


def test_what_is_sent_to_the_lane_is_counted_once_with_its_orders_time(
    app: InMemoryApp, paid: Order
) -> None:
    app.request(paid.order_id, count=2)
    app.state.pass_time(timedelta(seconds=5))
    app.request(paid.order_id, count=2)
    assert app.ports.demand_reporter.asked == [(2, paid.created_at, False)]


def test_what_is_bulk_is_not_counted(app: InMemoryApp, paid: Order) -> None:
    app.request(paid.order_id, bulk=True)
    assert app.ports.demand_reporter.asked == []


def test_what_is_not_paid_yet_is_not_counted(app: InMemoryApp) -> None:
    app.request(app.buy().order_id)
    assert app.ports.demand_reporter.asked == []


def test_bulk_work_goes_to_the_bulk_lane_and_is_marked_in_its_item(
    app: InMemoryApp, paid: Order
) -> None:
    first = app.request(paid.order_id, bulk=True)
    assert app.state.serials[first.serial].bulk
    [letter] = app.state.bulk_lane
    assert letter == Letter(StampDocument(serials=first.serials, bulk=True), BUYER)
    assert not app.state.stamping_lane


def test_the_same_request_as_bulk_is_another_request(app: InMemoryApp, paid: Order) -> None:
    app.request(paid.order_id)
    with pytest.raises(KeyReused):
        app.request(paid.order_id, bulk=True)


def test_work_near_its_portals_deadline_goes_to_the_urgent_lane(
    app: InMemoryApp, paid: Order
) -> None:
    app.state.snapshot = near_deadline(app.state.now)
    first = app.request(paid.order_id, portal="sscasn")
    [letter] = app.state.urgent_lane
    assert letter == Letter(StampDocument(serials=first.serials), BUYER)
    app.request(paid.order_id, "for nobody", allow_duplicate=True)
    assert len(app.state.stamping_lane) == 1


def test_before_the_payment_nothing_is_sent_and_the_timer_waits_for_the_expiry(
    app: InMemoryApp,
) -> None:
    order = app.buy()
    first = app.request(order.order_id)
    expiry = app.state.now + EXPIRES_IN
    assert first.timer == Timer(expiry + 2 * AFTER_EXPIRY, expiry + PROMISE)
    assert not app.state.stamping_lane


def test_the_same_key_is_the_same_stamping_whatever_became_of_it(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    first = app.request(paid.order_id)
    assert app.request(paid.order_id) == first
    pump.deliver()
    stamped = app.request(paid.order_id)
    assert stamped == app.state.serials[first.serial]
    assert stamped.state is SerialState.STAMPED
    assert not app.state.stamping_lane


def test_the_same_key_gets_the_same_answer_also_after_its_slot_went_elsewhere(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    app.state.documents.clear()
    app.upload()
    first = app.request(paid.order_id, count=2)
    app.state.documents.clear()
    pump.deliver()
    app.upload()
    app.request(paid.order_id, "a second try", count=2)
    app.ports.portals = ()
    voided = app.request(paid.order_id, count=2)
    assert (voided.serial, voided.state) == (first.serial, SerialState.VOID)
    assert (voided.void_reason, voided.void_code) == (
        VoidReason.DOCUMENT_REFUSED,
        "document_missing",
    )


def test_the_same_key_gets_the_same_answer_also_after_its_order_expired(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    first = app.request(order.order_id)
    pump.until_idle()
    voided = app.request(order.order_id)
    assert (voided.serial, voided.void_reason) == (first.serial, VoidReason.ORDER_EXPIRED)
    with pytest.raises(OrderClosed) as refused:
        app.request(order.order_id, "another key")
    assert refused.value.values == {"order_id": order.order_id, "state": "expired"}


def test_the_same_key_gets_the_same_answer_also_while_nobody_can_inspect(
    app: InMemoryApp, paid: Order
) -> None:
    first = app.request(paid.order_id)
    app.state.hook = fails("Preflight.__call__", Unavailable(party="inspect"))
    assert app.request(paid.order_id) == first
    with pytest.raises(Unavailable) as failure:
        app.request(paid.order_id, "another key", allow_duplicate=True)
    assert failure.value.values == {"party": "inspect"}
    assert len(app.state.serials) == 1


def test_the_document_is_inspected_once_however_often_the_order_moves(
    app: InMemoryApp, paid: Order
) -> None:
    calls: list[str] = []

    def hook(moment: Moment, call: str) -> None:
        if moment == "before":
            calls.append(call)
            if calls.count("Serials.reserve") == 1 and call == "Serials.reserve":
                app.request(paid.order_id, "a faster request", allow_duplicate=True)

    app.state.hook = hook
    assert app.request(paid.order_id, allow_duplicate=True).slot == 1
    assert calls.count("Orders.get") == 3, "one of the two requests read it again"
    assert calls.count("Preflight.__call__") == 2


def test_the_same_key_with_another_body_is_refused(app: InMemoryApp, paid: Order) -> None:
    app.request(paid.order_id)
    with pytest.raises(KeyReused):
        app.request(paid.order_id, count=2)
    with pytest.raises(KeyReused):
        app.request(paid.order_id, allow_duplicate=True)
    other_order = app.buy("another order")
    with pytest.raises(KeyReused):
        app.request(other_order.order_id)
    assert len(app.state.serials) == 1


def test_fifty_at_once_are_one_stamping(app: InMemoryApp, paid: Order) -> None:
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: app.request(paid.order_id), range(50)))
    assert set(answers) == set(app.state.serials.values())
    assert len(app.state.serials) == 1


def test_of_many_concurrent_requests_on_one_order_no_two_get_the_same_slot(
    app: InMemoryApp,
) -> None:
    order = app.buy(quantity=8)

    def ask(n: int) -> EMeterai:
        return app.request(order.order_id, f"stamp {n}", allow_duplicate=True)

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(ask, range(4)))
    assert {answer.slot for answer in answers} == {0, 1, 2, 3}
    assert set(app.state.orders[order.order_id].stampings()) == {a.serial for a in answers}


def test_the_same_document_again_must_be_allowed_explicitly(app: InMemoryApp, paid: Order) -> None:
    first = app.request(paid.order_id)
    with pytest.raises(AlreadyStamped):
        app.request(paid.order_id, "another key")
    second = app.request(paid.order_id, "another key", allow_duplicate=True)
    assert (first.slot, second.slot) == (0, 1)


def test_no_more_is_stamped_than_was_bought(app: InMemoryApp, paid: Order) -> None:
    app.request(paid.order_id)
    app.upload(OTHER)
    with pytest.raises(NoBalance) as refused:
        app.request(paid.order_id, "another key", OTHER, count=2)
    assert refused.value.values == {"order_id": paid.order_id, "available": 1, "wanted": 2}


def test_a_document_that_cannot_be_stamped_takes_no_slot(app: InMemoryApp, paid: Order) -> None:
    app.upload(b"a picture")
    with pytest.raises(NotAPdf):
        app.request(paid.order_id, document=b"a picture")
    with pytest.raises(DocumentMissing):
        app.request(paid.order_id, document=b"never uploaded")
    with pytest.raises(PortalUnknown):
        app.request(paid.order_id, portal="nobody")
    with pytest.raises(NotFound):
        app.request(paid.order_id, by="somebody else")
    assert app.state.serials == {}
    assert app.state.orders[paid.order_id] == paid


def test_a_changed_emeterai_is_refused_where_it_is_on_record(app: InMemoryApp, paid: Order) -> None:
    """What others call by such a name blocks nobody."""
    ours = app.request(paid.order_id).serial
    for named, key in ((ours, "again"), (ours[::-1], "of others")):
        document = LETTER + b"\n%meterai " + named.encode() + b" " + CHANGED
        app.upload(document)
        if named == ours:
            with pytest.raises(EarlierStampBroken) as refused:
                app.request(paid.order_id, key, document)
            assert refused.value.values == {"serial": ours}
        else:
            assert app.request(paid.order_id, key, document).earlier_stamps == 1


def test_an_unknown_order_and_another_accounts_get_the_same_answer(
    app: InMemoryApp, paid: Order
) -> None:
    app.state.pass_time(timedelta(days=1))
    for order_id, by in ((paid.order_id, "thief"), (type(paid.order_id)("ord_X"), BUYER)):
        with pytest.raises(NotFound) as refused:
            app.request(order_id, by=by)
        assert refused.value.values == {}
