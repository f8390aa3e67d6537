"""Deadline receipts: available once a document is accepted and paid, and the same one for a day."""

import json
from datetime import timedelta

import pytest

from meterai.domain.errors import NotFound, OrderNotPaid, ReceiptExpired, Unavailable
from meterai.domain.stamping.receipts import Receipt, hour_of
from meterai.domain.stamping.serials import Serial
from meterai.steps.read_receipt import read_receipt
from meterai.trust.receipts import check, key_id_of
from tests.fakes.in_memory_state import Moment
from tests.fakes.ports import EXPIRES_IN
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump

HOUR = timedelta(hours=1)


def read(app: InMemoryApp, stamping: Serial, by: str = BUYER) -> str:
    return read_receipt(by, stamping, app.ports, app.now)


def said(app: InMemoryApp, receipt: str) -> Receipt:
    statements = app.state.receipt_statements
    return check(receipt, statements[key_id_of(receipt)], json.loads(statements["root"]))[1]


def paid(app: InMemoryApp) -> Serial:
    order = app.buy()
    app.settle(order)
    app.act_on(app.state.payments_lane.popleft().message)
    app.upload()
    return app.request(order.order_id, portal="sscasn").stamping


def test_there_is_a_key_for_this_hour_and_the_next(app: InMemoryApp) -> None:
    assert app.renew_receipt_key() == 2
    hours = [key.hour for key in app.state.receipt_keys]
    assert hours == [hour_of(app.state.now), hour_of(app.state.now) + HOUR]
    assert app.renew_receipt_key() == 0


def test_a_key_is_certified_once_and_published_before_it_is_used(app: InMemoryApp) -> None:
    seen: list[str] = []
    app.state.hook = lambda moment, call: seen.append(call) if moment == "after" else None
    app.renew_receipt_key()
    assert seen[1:4] == ["ReceiptKeys.publish"] * 3
    assert seen[4] == "ReceiptKeys.hold"


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", ["ReceiptKeys.held", "ReceiptKeys.publish", "ReceiptKeys.hold"])
def test_interrupted_anywhere_the_next_run_makes_what_is_missing(
    app: InMemoryApp, call: str, moment: Moment
) -> None:
    def cut(at: Moment, name: str) -> None:
        if (at, name) == (moment, call):
            app.state.hook = lambda _moment, _call: None
            raise Unavailable(party=name)

    app.state.hook = cut
    with pytest.raises(Unavailable):
        app.renew_receipt_key()
    app.renew_receipt_key()
    held = app.state.receipt_keys
    assert len({key.hour for key in held}) == 2
    assert {key.key_id for key in held} <= app.state.receipt_statements.keys()


def test_a_key_is_kept_for_its_day_and_no_longer(app: InMemoryApp) -> None:
    for _ in range(60):
        app.renew_receipt_key()
        app.state.pass_time(HOUR)
    assert len(app.state.receipt_keys) <= 27


def test_a_paid_stamping_has_its_receipt(app: InMemoryApp) -> None:
    app.renew_receipt_key()
    stamping = paid(app)
    receipt = said(app, read(app, stamping))
    assert (receipt.stamping, receipt.portal) == (stamping, "sscasn")
    assert receipt.account == app.ports.id_deriver.pseudonym(BUYER)
    assert receipt.accepted_at == app.state.now.replace(microsecond=0)


def test_the_receipt_is_the_same_hours_later(app: InMemoryApp) -> None:
    app.renew_receipt_key()
    stamping = paid(app)
    first = read(app, stamping)
    for _ in range(5):
        app.state.pass_time(HOUR)
        app.renew_receipt_key()
    assert read(app, stamping) == first


def test_after_a_day_there_is_no_receipt(app: InMemoryApp) -> None:
    app.renew_receipt_key()
    stamping = paid(app)
    app.state.pass_time(26 * HOUR)
    app.renew_receipt_key()
    with pytest.raises(ReceiptExpired) as refused:
        read(app, stamping)
    assert refused.value.values == {"stamping_id": stamping}


def test_a_receipt_is_given_for_a_whole_day_even_if_accepted_at_the_end_of_an_hour(
    app: InMemoryApp,
) -> None:
    """A client is never told to retry for a key that no longer exists."""
    app.state.now = hour_of(app.state.now) + timedelta(minutes=59)
    app.renew_receipt_key()
    stamping = paid(app)
    first = read(app, stamping)
    for _ in range(47):
        app.state.pass_time(HOUR / 2)
        app.renew_receipt_key()
        assert read(app, stamping) == first
    app.state.pass_time(2 * HOUR)
    app.renew_receipt_key()
    with pytest.raises(ReceiptExpired):
        read(app, stamping)


def test_before_the_payment_there_is_no_receipt(app: InMemoryApp) -> None:
    app.renew_receipt_key()
    order = app.buy()
    app.upload()
    stamping = app.request(order.order_id).stamping
    with pytest.raises(OrderNotPaid) as refused:
        read(app, stamping)
    assert refused.value.values == {"order_id": order.order_id, "state": "pending"}
    app.state.pass_time(timedelta(minutes=3))
    app.settle(order)
    app.act_on(app.state.payments_lane.popleft().message)
    assert said(app, read(app, stamping)).accepted_at == app.state.now.replace(microsecond=0)


def test_an_order_that_was_not_paid_in_time_says_so(app: InMemoryApp, pump: MessagePump) -> None:
    order = app.buy()
    app.upload()
    stamping = app.request(order.order_id).stamping
    app.state.pass_time(2 * EXPIRES_IN)
    pump.until_idle()
    with pytest.raises(OrderNotPaid) as refused:
        read(app, stamping)
    assert refused.value.values == {"order_id": order.order_id, "state": "expired"}


def test_only_its_account_reads_a_receipt(app: InMemoryApp) -> None:
    app.renew_receipt_key()
    stamping = paid(app)
    with pytest.raises(NotFound):
        read(app, stamping, by="another")


def test_an_hour_without_a_key_says_to_retry(app: InMemoryApp) -> None:
    stamping = paid(app)
    with pytest.raises(Unavailable):
        read(app, stamping)
