"""Every item but a draft fits in one write unit, with the largest values that the API accepts."""

from dataclasses import replace
from math import ceil

import pytest

from meterai.aws.drafts.draft_items import draft_values
from meterai.aws.orders.order_items import order_item
from meterai.aws.orders.payments import payment_item
from meterai.aws.orders.refund_items import refund_item
from meterai.aws.orders.serial_items import LETTERS, serial_from, serial_item
from meterai.aws.tables.attributes import Item, new_item
from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.drafts.file_names import MAX_NAME
from meterai.domain.id_derivation import RequestIdentity, charge_id
from meterai.domain.orders.orders import MAX_QUANTITY, Order, Refunded, Taken
from meterai.domain.orders.payments import Instruction, Method
from meterai.domain.refunds.refunds import Claim, Refund, RefundReason, RefundState
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.preflight import REMARKS, REPAIRS
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.domain.timers import Timer
from tests.contract.backends import pseudonym
from tests.contract.factories import (
    ACCOUNT,
    DOCUMENT,
    IDENTITIES,
    NOW,
    OUTPUT,
    a_payment,
    a_refund,
    a_stamping,
    an_order,
)
from tests.contract.sizes import WRITE_UNIT_BYTES, size_of

TRANSACTION = "0b9f2c33-5a0e-4f0a-9f43-0f1f3c7b2a55"
MAX_QRIS = Instruction(
    method=Method.QRIS,
    qr_text="0" * 250,
    qr_page_url=f"https://api.sandbox.midtrans.com/v2/qris/{TRANSACTION}/qr-code",
    va_bank=None,
    va_number=None,
)
PAYMENT_ID = f"midtrans#{TRANSACTION}"
REASON = "\U0001f64f" * 55  # the API accepts 80 characters and at most 220 bytes
PORTAL = "p" * 32  # at most 32 characters
ALL = range(MAX_QUANTITY)


def check_fits(item: Item) -> None:
    assert size_of(item) <= WRITE_UNIT_BYTES


def largest_order() -> Order:
    """Pending, so that it has its payment instruction; one stamping takes all its slots."""
    order = an_order(quantity=MAX_QUANTITY, attempt=99, unit_price_idr=12_345)
    serials = [one.serial for one in a_stamping(order, *ALL)]
    slots = {slot: Taken(serials[slot], serials[0], DOCUMENT[:8], bulk=True) for slot in ALL}
    return replace(order, instruction=MAX_QRIS, slots=slots)


def largest_emeterai() -> EMeterai:
    one = a_stamping(an_order(), *ALL)[0]
    return replace(
        one,
        placement=Placement(page=-1_000, x_pt=-1.0 / 3, y_pt=2_000.0 / 3, side_pt=200.0 / 3),
        reason=REASON,
        portal=PORTAL,
        earlier_stamps=99,
        findings=tuple(LETTERS),
        bulk=True,
        before_payment=True,
    )


def augmenting(emeterai: EMeterai) -> EMeterai:
    """Stamped, and waiting for its augmentation."""
    return replace(
        emeterai,
        state=SerialState.STAMPED,
        stamped_at=NOW,
        outputs=(OUTPUT,),
        level=SignatureLevel.B_LT,
    )


def largest_refund() -> Refund:
    """Paid out to an account as KMS encrypts it: 152 bytes more than the plain text, in base 85. A
    name of 60 letters outside the Latin alphabet would need a second write unit."""
    order = largest_order()
    claim = Claim("C" * 26, "M" * 26, "s" * (5 * ceil((152 + 20 + 20 + 60 + 12) / 4)))
    refund = a_refund(order, ALL, payment_id=PAYMENT_ID, charge_id=order.charge_id)
    return replace(
        refund,
        state=max(RefundState, key=len),
        timer=Timer(NOW, NOW),
        confirmed_at=NOW,
        attempt=999,
        submitted_at=NOW,
        claim=claim,
        payout_reference=TRANSACTION,
    )


def test_the_largest_items_leave_room_in_their_write_unit() -> None:
    """With hex text in place of 32 bytes the e-meterai would take 1,035 bytes: a second unit."""
    assert {
        "order": size_of(order_item(largest_order())),
        "e-meterai": size_of(serial_item(augmenting(largest_emeterai()))),
        "refund": size_of(refund_item(largest_refund())),
    } == {"order": 998, "e-meterai": 986, "refund": 1_012}


def test_an_order_fits_before_it_is_paid() -> None:
    check_fits(order_item(largest_order()))


def test_an_order_fits_when_it_is_paid() -> None:
    order = replace(
        largest_order(), instruction=None, timer=None, payment_id=PAYMENT_ID, paid_at=NOW
    )
    check_fits(order_item(order))
    another = a_refund(order, name="of another payment").refund_id
    check_fits(order_item(replace(order, returned=(another,))))
    voided = {use.serial: slot for slot, use in order.taken()}
    check_fits(order_item(replace(order, voided={slot: one for one, slot in voided.items()})))
    refunded = {slot: Refunded(a_refund(order).refund_id) for slot in ALL}
    check_fits(order_item(replace(order, slots=refunded)))


def test_an_emeterai_fits_while_it_is_claimed() -> None:
    check_fits(serial_item(replace(largest_emeterai(), claimed_until=NOW)))


def test_an_emeterai_fits_when_it_is_stamped_or_void() -> None:
    done = replace(largest_emeterai(), timer=None)
    stamped = replace(done, state=SerialState.STAMPED, stamped_at=NOW, outputs=(OUTPUT,))
    check_fits(serial_item(stamped))
    longest = max(VoidReason, key=len)
    void = replace(done, state=SerialState.VOID, void_reason=longest, void_code="v" * 32)
    check_fits(serial_item(void))


def test_an_emeterai_fits_before_and_after_it_is_augmented() -> None:
    stamped = augmenting(largest_emeterai())
    assert stamped.timer is not None
    check_fits(serial_item(stamped))
    check_fits(serial_item(replace(stamped, timer=None, outputs=(OUTPUT,) * 2)))


def test_an_emeterai_with_two_later_outputs_fits_if_its_reason_is_written_in_ascii() -> None:
    done = replace(largest_emeterai(), timer=None, reason="e" * 80)
    stamped = replace(done, state=SerialState.STAMPED, stamped_at=NOW, outputs=(OUTPUT,) * 3)
    check_fits(serial_item(stamped))


def test_a_refund_fits() -> None:
    order = largest_order()
    refund = a_refund(order, ALL, payment_id=PAYMENT_ID, charge_id=order.charge_id)
    longest = replace(
        refund,
        reason=max(RefundReason, key=len),
        state=max(RefundState, key=len),
        timer=Timer(NOW, NOW),
        confirmed_at=NOW,
        attempt=999,
        submitted_at=NOW,
    )
    check_fits(refund_item(longest))


def test_a_refund_that_is_paid_out_fits() -> None:
    check_fits(refund_item(largest_refund()))


def test_a_payment_fits() -> None:
    order = largest_order()
    payment = a_payment(order, TRANSACTION, charge_id=charge_id(order.order_id, 99))
    check_fits(payment_item(payment))


def test_a_draft_with_eight_documents_and_the_longest_names_takes_three_write_units() -> None:
    """Six, where each character of a name takes four bytes."""
    (one,) = a_stamping(an_order(), 0)
    draft = Draft(
        draft_id=IDENTITIES.draft_id(RequestIdentity("drafts", ACCOUNT, "largest")),
        account=ACCOUNT,
        created_at=NOW,
        changed_at=NOW,
        portal=PORTAL,
        method=max(Method, key=len),
        order_id=one.order_id,
        attempt=99,
        version=999,
    )
    sizes = {}
    for letter in ("e", "\U0001f64f"):
        documents = tuple(
            DraftDocument(
                sha256=DOCUMENT,
                name=letter * MAX_NAME,
                size_bytes=19_999_999,
                placement=largest_emeterai().placement,
                repair=True,
                allow_overlap=True,
                stamping=one.serial,
            )
            for _ in ALL
        )
        item = new_item(
            {"account": pseudonym(ACCOUNT), **draft_values(replace(draft, documents=documents))}
        )
        sizes[letter] = ceil(size_of(item) / WRITE_UNIT_BYTES)
    assert sizes == {"e": 3, "\U0001f64f": 6}


def test_every_finding_has_its_own_letter_and_is_read_back() -> None:
    assert LETTERS.keys() == REMARKS.keys() | REPAIRS
    assert len(set(LETTERS.values())) == len(LETTERS)
    one = replace(a_stamping(an_order(), 0)[0], findings=tuple(LETTERS))
    assert serial_from(serial_item(one)) == one


@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize("before_payment", [False, True])
def test_the_form_of_the_request_is_read_back(*, bulk: bool, before_payment: bool) -> None:
    one = replace(a_stamping(an_order(), 0)[0], bulk=bulk, before_payment=before_payment)
    assert serial_from(serial_item(one)) == one
