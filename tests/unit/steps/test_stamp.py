"""Stamping: claimed before it is signed, stored once, and void only where no file can be."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.orders import Order
from meterai.domain.stampings import EMeterai, SerialState, VoidReason
from meterai.messages import StampDocument
from meterai.steps.stamp import VoidedButStored
from meterai.steps.void_stamping import void_stamping
from tests.fakes.stamper import serials_on
from tests.fakes.world import Moment
from tests.unit.steps.office import BUYER, LETTER, Office
from tests.unit.steps.postman import Crash, Postman
from tests.unit.steps.wiring import CLAIM


@pytest.fixture
def waiting(office: Office, postman: Postman) -> EMeterai:
    """A paid stamping of two whose message was not delivered yet."""
    order = office.buy()
    office.settle(order)
    postman.deliver()
    return office.request(order.order_id, count=2)


def work(office: Office, first: EMeterai) -> None:
    office.act_on(StampDocument(serials=first.serials))


def crash(office: Office, at: Moment, where: str) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == (at, where):
            office.world.hook = lambda _moment, _call: None
            raise Crash

    office.world.hook = hook


def void(office: Office, first: EMeterai) -> bool:
    return void_stamping(
        first.serials,
        VoidReason.REFUND_REQUESTED,
        now=office.world.now,
        stock=office.ports.serials,
        documents=office.ports.documents,
    )


def order_of(office: Office, first: EMeterai) -> Order:
    return office.world.orders[first.order_id]


def test_a_stamped_stamping_is_one_file_with_its_hash(office: Office, waiting: EMeterai) -> None:
    work(office, waiting)
    content = office.world.stamped[waiting.stamping]
    assert content.startswith(LETTER)
    assert serials_on(content) == waiting.serials
    before = [waiting, replace(waiting, serial=waiting.serials[1], slot=1, clock=None)]
    for was in before:
        one = office.world.serials[was.serial]
        assert one == replace(
            was,
            placement=one.placement,
            state=SerialState.STAMPED,
            clock=None,
            stamped_at=office.world.now,
            outputs=(hashlib.sha256(content).hexdigest(),),
        )
    assert office.world.signed == list(waiting.serials)


def test_delivered_twice_it_is_signed_once(office: Office, waiting: EMeterai) -> None:
    work(office, waiting)
    stamped = dict(office.world.serials)
    office.world.pass_time(timedelta(days=30))
    work(office, waiting)
    assert dict(office.world.serials) == stamped
    assert office.world.signed == list(waiting.serials)


def test_before_anything_is_signed_the_serials_are_claimed(
    office: Office, waiting: EMeterai
) -> None:
    crash(office, "before", "Stamper.stamp")
    with pytest.raises(Crash):
        work(office, waiting)
    claims = [office.world.serials[serial].claimed_until for serial in waiting.serials]
    assert claims == [office.world.now + CLAIM] * 2


def test_a_second_worker_leaves_it_alone_until_the_claim_lapses(
    office: Office, waiting: EMeterai
) -> None:
    crash(office, "before", "Stamper.stamp")
    with pytest.raises(Crash):
        work(office, waiting)
    office.world.pass_time(CLAIM - timedelta(microseconds=1))
    work(office, waiting)
    assert office.world.signed == []
    office.world.pass_time(timedelta(microseconds=1))
    work(office, waiting)
    assert office.world.signed == list(waiting.serials)


def test_a_stored_file_is_the_truth_for_whoever_comes_later(
    office: Office, waiting: EMeterai
) -> None:
    crash(office, "after", "Documents.put_stamped")
    with pytest.raises(Crash):
        work(office, waiting)
    content = office.world.stamped[waiting.stamping]
    office.world.pass_time(CLAIM)
    work(office, waiting)
    assert office.world.stamped[waiting.stamping] == content
    assert office.world.serials[waiting.serial].outputs == (hashlib.sha256(content).hexdigest(),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not what was declared", "document_hash_mismatch"),
        (None, "document_missing"),
    ],
)
def test_a_refused_document_sets_the_slots_free_and_says_why(
    office: Office, waiting: EMeterai, content: bytes | None, code: str
) -> None:
    office.world.documents.clear()
    if content is not None:
        office.world.documents[BUYER, waiting.document] = content
    work(office, waiting)
    voided = office.world.serials[waiting.serial]
    assert voided == replace(
        waiting,
        state=SerialState.VOID,
        clock=None,
        void_reason=VoidReason.DOCUMENT_REFUSED,
        void_code=code,
    )
    assert order_of(office, waiting).slots == {}
    assert office.world.signed == []


def test_a_document_that_is_gone_after_its_stamped_file_was_stored_does_not_void_it(
    office: Office, waiting: EMeterai
) -> None:
    crash(office, "after", "Documents.put_stamped")
    with pytest.raises(Crash):
        work(office, waiting)
    office.world.documents.clear()
    office.world.pass_time(CLAIM)
    work(office, waiting)
    assert office.world.serials[waiting.serial].state is SerialState.STAMPED


def test_an_office_that_is_out_of_order_is_no_refusal(office: Office, waiting: EMeterai) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Stamper.stamp"):
            raise Unavailable(party="kms")

    office.world.hook = hook
    with pytest.raises(Unavailable):
        work(office, waiting)
    assert office.world.serials[waiting.serial].state is SerialState.RESERVED


def test_what_is_unclaimed_is_voided_and_its_slots_are_free(
    office: Office, waiting: EMeterai
) -> None:
    assert void(office, waiting)
    assert void(office, waiting), "again: it is as it was asked"
    assert order_of(office, waiting).slots == {}
    work(office, waiting)
    assert office.world.signed == []


def test_what_is_claimed_is_not_voided(office: Office, waiting: EMeterai) -> None:
    crash(office, "before", "Documents.put_stamped")
    with pytest.raises(Crash):
        work(office, waiting)
    office.world.pass_time(CLAIM - timedelta(microseconds=1))
    assert not void(office, waiting)
    office.world.pass_time(timedelta(microseconds=1))
    assert void(office, waiting)
    assert office.world.stamped == {}


def test_where_a_dead_worker_left_a_file_it_is_finished_and_not_voided(
    office: Office, waiting: EMeterai
) -> None:
    crash(office, "after", "Documents.put_stamped")
    with pytest.raises(Crash):
        work(office, waiting)
    office.world.pass_time(CLAIM)
    assert not void(office, waiting)
    assert office.world.serials[waiting.serial].state is SerialState.STAMPED
    assert not void(office, waiting)


def test_a_worker_that_claims_between_the_look_and_the_void_keeps_it(
    office: Office, waiting: EMeterai
) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Serials.void"):
            office.world.hook = lambda _moment, _call: None
            work(office, waiting)

    office.world.hook = hook
    assert not void(office, waiting)
    assert office.world.serials[waiting.serial].state is SerialState.STAMPED


def test_a_file_of_voided_serials_is_reported_loudly(office: Office, waiting: EMeterai) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("after", "Documents.put_stamped"):
            for serial in waiting.serials:
                one = office.world.serials[serial]
                office.world.serials[serial] = replace(one, state=SerialState.VOID)

    office.world.hook = hook
    with pytest.raises(VoidedButStored):
        work(office, waiting)
