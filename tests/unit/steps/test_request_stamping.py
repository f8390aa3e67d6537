"""Asking for a stamp: slots taken and e-meterai reserved, once for each intention."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from meterai.domain.clocks import AFTER_EXPIRY, RESEND_AFTER, Clock
from meterai.domain.errors import (
    AlreadyStamped,
    DocumentMissing,
    KeyReused,
    NoBalance,
    NotAPdf,
    NotFound,
    OrderClosed,
    PortalUnknown,
)
from meterai.domain.orders import Order, Taken
from meterai.domain.placement import Placement
from meterai.domain.stampings import DocumentKind, EMeterai, SerialState, VoidReason
from meterai.messages import StampDocument
from tests.fakes.world import Letter
from tests.unit.steps.office import BUYER, EXPIRES_IN, LETTER, Office
from tests.unit.steps.postman import Postman
from tests.unit.steps.snapshots import near_deadline
from tests.unit.steps.wiring import PROMISE

OTHER = LETTER + b", another"


def test_a_stamping_takes_slots_and_is_sent_off(office: Office, paid: Order) -> None:
    first = office.request(paid.order_id, count=2, portal="sscasn")
    now = office.world.now
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
        clock=Clock(now + RESEND_AFTER, now + PROMISE),
    )
    second = office.world.serials[first.serials[1]]
    assert (second.slot, second.clock, second.placement.x_pt) == (1, None, 100.0)
    assert office.world.orders[paid.order_id].slots == {
        slot: Taken(serial, first.serial, first.document[:8])
        for slot, serial in enumerate(first.serials)
    }
    [letter] = office.world.stamping_lane
    assert letter.message == StampDocument(serials=first.serials)
    assert letter.group == BUYER


def test_bulk_work_goes_by_the_bulk_lane_and_says_so_in_its_item(
    office: Office, paid: Order
) -> None:
    first = office.request(paid.order_id, bulk=True)
    assert office.world.serials[first.serial].bulk
    [letter] = office.world.bulk_lane
    assert letter == Letter(StampDocument(serials=first.serials, bulk=True), BUYER)
    assert not office.world.stamping_lane


def test_saying_bulk_later_is_another_request(office: Office, paid: Order) -> None:
    office.request(paid.order_id)
    with pytest.raises(KeyReused):
        office.request(paid.order_id, bulk=True)


def test_work_near_its_portals_deadline_goes_by_the_urgent_lane(
    office: Office, paid: Order
) -> None:
    office.snapshot = near_deadline(office.world.now)
    first = office.request(paid.order_id, portal="sscasn")
    [letter] = office.world.urgent_lane
    assert letter == Letter(StampDocument(serials=first.serials), BUYER)
    office.request(paid.order_id, "for nobody", again=True)
    assert len(office.world.stamping_lane) == 1


def test_before_the_payment_nothing_is_sent_and_the_clock_waits_for_the_expiry(
    office: Office,
) -> None:
    order = office.buy()
    first = office.request(order.order_id)
    expiry = office.world.now + EXPIRES_IN
    assert first.clock == Clock(expiry + 2 * AFTER_EXPIRY, expiry + PROMISE)
    assert not office.world.stamping_lane


def test_the_same_key_is_the_same_stamping_whatever_became_of_it(
    office: Office, postman: Postman, paid: Order
) -> None:
    first = office.request(paid.order_id)
    assert office.request(paid.order_id) == first
    postman.deliver()
    stamped = office.request(paid.order_id)
    assert stamped == office.world.serials[first.serial]
    assert stamped.state is SerialState.STAMPED
    assert not office.world.stamping_lane


def test_the_same_key_is_the_same_answer_also_when_it_was_voided_and_its_slot_went_elsewhere(
    office: Office, postman: Postman, paid: Order
) -> None:
    office.world.documents.clear()
    office.upload()
    first = office.request(paid.order_id, count=2)
    office.world.documents.clear()
    postman.deliver()
    office.upload()
    office.request(paid.order_id, "a second try", count=2)
    office.portals = ()
    voided = office.request(paid.order_id, count=2)
    assert (voided.serial, voided.state) == (first.serial, SerialState.VOID)
    assert (voided.void_reason, voided.void_code) == (
        VoidReason.DOCUMENT_REFUSED,
        "document_missing",
    )


def test_the_same_key_is_the_same_answer_also_when_its_order_expired(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    first = office.request(order.order_id)
    postman.until_quiet()
    voided = office.request(order.order_id)
    assert (voided.serial, voided.void_reason) == (first.serial, VoidReason.ORDER_EXPIRED)
    with pytest.raises(OrderClosed) as refused:
        office.request(order.order_id, "another key")
    assert refused.value.values == {"order_id": order.order_id, "state": "expired"}


def test_the_same_key_with_another_body_is_refused(office: Office, paid: Order) -> None:
    office.request(paid.order_id)
    with pytest.raises(KeyReused):
        office.request(paid.order_id, count=2)
    with pytest.raises(KeyReused):
        office.request(paid.order_id, again=True)
    other_order = office.buy("another order")
    with pytest.raises(KeyReused):
        office.request(other_order.order_id)
    assert len(office.world.serials) == 1


def test_fifty_at_once_are_one_stamping(office: Office, paid: Order) -> None:
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: office.request(paid.order_id), range(50)))
    assert set(answers) == set(office.world.serials.values())
    assert len(office.world.serials) == 1


def test_of_many_at_once_on_one_order_no_two_get_the_same_slot(office: Office) -> None:
    order = office.buy(quantity=8)

    def ask(n: int) -> EMeterai:
        return office.request(order.order_id, f"stamp {n}", again=True)

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(ask, range(4)))
    assert {answer.slot for answer in answers} == {0, 1, 2, 3}
    assert set(office.world.orders[order.order_id].stampings()) == {a.serial for a in answers}


def test_the_same_document_again_has_to_be_meant(office: Office, paid: Order) -> None:
    first = office.request(paid.order_id)
    with pytest.raises(AlreadyStamped):
        office.request(paid.order_id, "another key")
    second = office.request(paid.order_id, "another key", again=True)
    assert (first.slot, second.slot) == (0, 1)


def test_no_more_is_stamped_than_was_bought(office: Office, paid: Order) -> None:
    office.request(paid.order_id)
    office.upload(OTHER)
    with pytest.raises(NoBalance) as refused:
        office.request(paid.order_id, "another key", OTHER, count=2)
    assert refused.value.values == {"order_id": paid.order_id, "available": 1, "wanted": 2}


def test_what_cannot_be_stamped_takes_no_slot(office: Office, paid: Order) -> None:
    office.upload(b"a picture")
    with pytest.raises(NotAPdf):
        office.request(paid.order_id, document=b"a picture")
    with pytest.raises(DocumentMissing):
        office.request(paid.order_id, document=b"never uploaded")
    with pytest.raises(PortalUnknown):
        office.request(paid.order_id, portal="nobody")
    with pytest.raises(NotFound):
        office.request(paid.order_id, by="somebody else")
    assert office.world.serials == {}
    assert office.world.orders[paid.order_id] == paid


def test_an_unknown_order_and_another_ones_answer_alike(office: Office, paid: Order) -> None:
    office.world.pass_time(timedelta(days=1))
    for order_id, by in ((paid.order_id, "thief"), (type(paid.order_id)("ord_X"), BUYER)):
        with pytest.raises(NotFound) as refused:
            office.request(order_id, by=by)
        assert refused.value.values == {}
