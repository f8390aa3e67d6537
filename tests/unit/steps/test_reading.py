"""Reads: the ledger, the public view of a serial, an address for an upload."""

from dataclasses import replace

import pytest

from meterai.domain.errors import DocumentTooLarge, NotFound
from meterai.domain.reconciliation.ledger import LedgerAccount
from meterai.domain.stamping.serials import parse_serial
from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.waiting.queue_status import Lane
from meterai.steps.create_upload import create_upload
from meterai.steps.read_serial import read_serial
from meterai.steps.read_stamping import read_stamping
from tests.fakes.ports import PRICE_IDR
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.unit.steps.snapshots import near_deadline


@pytest.fixture
def stamped(app: InMemoryApp, pump: MessagePump) -> EMeterai:
    order = app.buy(quantity=3)
    first = app.request(order.order_id)
    app.settle(order)
    pump.deliver()
    app.refund(order.order_id)
    pump.until_idle()
    return app.state.serials[first.serial]


def test_the_ledger_says_where_each_emeterai_and_each_rupiah_is(
    app: InMemoryApp, stamped: EMeterai
) -> None:
    ledger = app.ledger()
    [order] = ledger.orders
    assert order.order_id == stamped.order_id
    assert (order.available, order.stamped, order.refunded) == (1, 1, 1)
    assert ledger.balances_idr == {
        LedgerAccount.GATEWAY_CLEARING: 2 * PRICE_IDR,
        LedgerAccount.GATEWAY_FEES: 0,
        LedgerAccount.UNUSED_EMETERAI: -PRICE_IDR,
        LedgerAccount.DUTY_PAYABLE: -10_000,
        LedgerAccount.MARGIN: 10_000 - PRICE_IDR,
        LedgerAccount.REFUNDS_PAYABLE: 0,
        LedgerAccount.LOSSES: 0,
    }
    assert ledger.differences == ()
    assert app.ledger("somebody else").orders == ()


def test_only_a_stamped_serial_has_a_public_page(app: InMemoryApp, stamped: EMeterai) -> None:
    assert read_serial(stamped.serial, app.ports) == stamped
    order = app.buy("another")
    reserved = app.request(order.order_id, "another")
    for serial in (reserved.serial, "0" * 21 + "1", ""):
        with pytest.raises(NotFound) as refused:
            read_serial(serial, app.ports)
        assert refused.value.values == {}
    MessagePump(app).until_idle()
    assert parse_serial(reserved.serial) == reserved.serial
    with pytest.raises(NotFound):
        read_serial(reserved.serial, app.ports)


@pytest.mark.parametrize(("size_bytes", "fits"), [(1, True), (100, True), (101, False)])
def test_an_upload_address_is_given_up_to_the_size_limit(
    app: InMemoryApp, size_bytes: int, *, fits: bool
) -> None:
    app.ports.max_document_bytes = 100
    if fits:
        offer = create_upload(BUYER, "ab", size_bytes, app.ports)
        assert offer.fields == {"key": "ab", "size": str(size_bytes)}
        return
    with pytest.raises(DocumentTooLarge) as refused:
        create_upload(BUYER, "ab", size_bytes, app.ports)
    assert refused.value.values == {"size_bytes": size_bytes, "limit_bytes": 100}


def test_a_stamping_for_a_near_deadline_has_its_position_in_the_urgent_lane(
    app: InMemoryApp,
) -> None:
    order = app.buy(portal="sscasn")
    app.settle(order)
    MessagePump(app).until_idle()
    snapshot = near_deadline(app.now)
    stamping = app.request(order.order_id, portal="sscasn")
    app.state.snapshot = replace(snapshot, lanes={Lane.URGENT: snapshot.lanes[Lane.URGENT]})
    status = read_stamping(BUYER, stamping.stamping, app.ports, app.now)
    assert status.queue_position is not None
    app.state.snapshot = replace(snapshot, lanes={Lane.STAMPING: snapshot.lanes[Lane.STAMPING]})
    status = read_stamping(BUYER, stamping.stamping, app.ports, app.now)
    assert status.queue_position is not None, "the urgent lane is not known"


def test_a_stamping_of_a_paid_order_is_one_read(app: InMemoryApp) -> None:
    order = app.buy()
    app.settle(order)
    MessagePump(app).until_idle()
    stamping = app.request(order.order_id)
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    read_stamping(BUYER, stamping.stamping, app.ports, app.now)
    assert calls == ["Serials.get"]
