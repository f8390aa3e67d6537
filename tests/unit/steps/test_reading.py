"""Reads: the ledger, the public view of a serial, an address for an upload."""

import pytest

from meterai.domain.errors import DocumentTooLarge, NotFound
from meterai.domain.reconciliation.ledger import LedgerAccount
from meterai.domain.stamping.serials import parse_serial
from meterai.domain.stamping.stampings import EMeterai
from meterai.steps.create_upload import create_upload
from meterai.steps.read_serial import read_serial
from tests.fakes.ports import PRICE_IDR
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump


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
