"""What is read: the books, a serial's public face, a verdict, an upload's offer."""

import pytest

from meterai.domain.books import LedgerAccount
from meterai.domain.errors import DocumentMissing, DocumentTooLarge, NotFound
from meterai.domain.serials import Serial, parse_serial
from meterai.domain.stampings import EMeterai
from meterai.domain.verdicts import JudgedStamp, StampVerdict, Verdict, VerificationResult
from meterai.steps.offer_upload import offer_upload
from meterai.steps.read_serial import read_serial
from tests.unit.steps.office import BUYER, LETTER, PRICE_IDR, Office
from tests.unit.steps.postman import Postman


@pytest.fixture
def stamped(office: Office, postman: Postman) -> EMeterai:
    order = office.buy(quantity=3)
    first = office.request(order.order_id)
    office.settle(order)
    postman.deliver()
    office.refund(order.order_id)
    postman.until_quiet()
    return office.world.serials[first.serial]


def test_the_books_say_where_each_emeterai_and_each_rupiah_is(
    office: Office, stamped: EMeterai
) -> None:
    books = office.books()
    [order] = books.orders
    assert order.order_id == stamped.order_id
    assert (order.available, order.stamped, order.refunded) == (1, 1, 1)
    assert books.balances_idr == {
        LedgerAccount.GATEWAY_CLEARING: 2 * PRICE_IDR,
        LedgerAccount.UNUSED_EMETERAI: -PRICE_IDR,
        LedgerAccount.DUTY_PAYABLE: -10_000,
        LedgerAccount.MARGIN: 10_000 - PRICE_IDR,
        LedgerAccount.REFUNDS_PAYABLE: 0,
        LedgerAccount.LOSSES: 0,
    }
    assert books.differences == ()
    assert office.books("somebody else").orders == ()


def test_only_a_stamped_serial_has_a_public_face(office: Office, stamped: EMeterai) -> None:
    stock = office.ports.serials
    assert read_serial(stamped.serial, stock=stock) == stamped
    order = office.buy("another")
    reserved = office.request(order.order_id, "another")
    for serial in (reserved.serial, Serial("0" * 21 + "1"), None):
        with pytest.raises(NotFound) as refused:
            read_serial(serial, stock=stock)
        assert refused.value.values == {}
    Postman(office).until_quiet()
    assert parse_serial(reserved.serial) == reserved.serial
    with pytest.raises(NotFound):
        read_serial(reserved.serial, stock=stock)


def test_a_stamped_file_is_genuine_and_the_letter_alone_is_not_stamped(
    office: Office, stamped: EMeterai
) -> None:
    document = office.upload(office.world.stamped[stamped.stamping])
    assert office.verify(document) == VerificationResult(
        Verdict.GENUINE,
        (JudgedStamp(stamped.serial, StampVerdict.GENUINE, stamped.stamped_at),),
    )
    letter = office.upload(LETTER)
    assert office.verify(letter) == VerificationResult(Verdict.NOT_STAMPED, ())


def test_only_ones_own_uploads_can_be_judged(office: Office, stamped: EMeterai) -> None:
    with pytest.raises(DocumentMissing):
        office.verify(stamped.document, by="somebody else")


@pytest.mark.parametrize(("size_bytes", "fits"), [(1, True), (100, True), (101, False)])
def test_an_upload_is_offered_up_to_the_limit(
    office: Office, size_bytes: int, *, fits: bool
) -> None:
    documents = office.ports.documents
    if fits:
        offer = offer_upload(BUYER, "ab", size_bytes, limit_bytes=100, documents=documents)
        assert offer.fields == {"key": "ab", "size": str(size_bytes)}
        return
    with pytest.raises(DocumentTooLarge) as refused:
        offer_upload(BUYER, "ab", size_bytes, limit_bytes=100, documents=documents)
    assert refused.value.values == {"size_bytes": size_bytes, "limit_bytes": 100}
