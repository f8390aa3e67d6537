"""Voiding: only serials that no worker can hold. Their slots become free, or a refund."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from meterai.domain.orders.orders import Order, Refunded
from meterai.domain.refunds.refunds import RefundReason
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW, OUTPUT, a_payment, a_refund, a_stamping, an_order
from tests.contract.test_claim import UNTIL, reserve

LATER = NOW + 60 * MINUTE
EXPIRED = VoidReason.ORDER_EXPIRED
REFUSED = VoidReason.DOCUMENT_REFUSED


def the_order(backend: Backend) -> Order:
    order = backend.orders.get(an_order().order_id)
    assert order is not None
    return order


def as_it_stands(backend: Backend, stamping: Sequence[EMeterai]) -> tuple[object, ...]:
    """All that voiding could change."""
    return (the_order(backend), *backend.serials.get_many([one.serial for one in stamping]))


def pay(backend: Backend) -> Order:
    order = the_order(backend)
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert paid is not None
    return paid


def test_a_voided_serial_frees_its_slots_and_has_no_timer(backend: Backend) -> None:
    for stamping in (reserve(backend, 0, name="one"), reserve(backend, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        assert backend.serials.void(stamping, EXPIRED, NOW)
        assert backend.serials.get_many(serials) == tuple(
            replace(one, state=SerialState.VOID, void_reason=EXPIRED, timer=None)
            for one in stamping
        )
    lists_them = {0: reserved_as("one"), 1: reserved_as("two")}
    assert the_order(backend) == replace(an_order(), voided=lists_them)
    assert list(backend.serial_timers.due(LATER)) == []


def reserved_as(name: str) -> Serial:
    """The first serial of the stamping of this name."""
    return a_stamping(an_order(), 0, name=name)[0].serial


def test_an_order_lists_the_last_voided_stamping_of_each_slot(backend: Backend) -> None:
    for name in ("one", "two"):
        stamping = reserve(backend, 0, name=name)
        assert backend.serials.void(stamping, REFUSED, NOW)
        assert the_order(backend).voided == {0: reserved_as(name)}
    (third,) = reserve(backend, 0, name="three")
    assert the_order(backend).voided == {0: reserved_as("two")}
    order = pay(backend)
    refund = a_refund(order, (0,), reason=RefundReason.NOT_EXECUTED)
    assert backend.serials.void([third], VoidReason.NOT_EXECUTED, NOW, refund=refund)
    assert the_order(backend).voided == {0: third.serial}


def test_voiding_again_changes_nothing(backend: Backend) -> None:
    (one,) = reserve(backend, 0)
    backend.serials.void([one], EXPIRED, NOW)
    reserve(backend, 0, name="the next one")
    before = as_it_stands(backend, [one])
    assert backend.serials.void([one], EXPIRED, NOW)
    assert not backend.serials.void([one], VoidReason.REFUND_REQUESTED, NOW)
    assert as_it_stands(backend, [one]) == before


def test_a_claimed_serial_is_not_voided(backend: Backend) -> None:
    (one,) = reserve(backend, 0)
    (claimed,) = backend.serials.claim([one.serial], NOW, UNTIL)
    before = as_it_stands(backend, [one])
    assert not backend.serials.void([claimed], EXPIRED, UNTIL - MINUTE)
    assert as_it_stands(backend, [one]) == before


def test_a_serial_claimed_since_it_was_read_is_not_voided(backend: Backend) -> None:
    (one,) = reserve(backend, 0)
    backend.serials.claim([one.serial], NOW, UNTIL)
    before = as_it_stands(backend, [one])
    assert not backend.serials.void([one], EXPIRED, LATER)
    assert as_it_stands(backend, [one]) == before


def test_an_expired_claim_does_not_prevent_voiding(backend: Backend) -> None:
    (one,) = reserve(backend, 0)
    (claimed,) = backend.serials.claim([one.serial], NOW, UNTIL)
    assert backend.serials.void([claimed], EXPIRED, UNTIL)
    standing = backend.serials.get(one.serial)
    assert standing == replace(one, state=SerialState.VOID, void_reason=EXPIRED, timer=None)


def test_a_later_claim_than_was_read_may_have_left_a_file(backend: Backend) -> None:
    """The later claim has expired too, but the output was checked before that."""
    (one,) = reserve(backend, 0)
    (earlier,) = backend.serials.claim([one.serial], NOW, UNTIL)
    backend.serials.claim([one.serial], UNTIL, UNTIL + MINUTE)
    before = as_it_stands(backend, [one])
    assert not backend.serials.void([earlier], EXPIRED, LATER)
    assert as_it_stands(backend, [one]) == before


def test_a_stamped_serial_is_not_voided(backend: Backend) -> None:
    (one,) = reserve(backend, 0)
    (claimed,) = backend.serials.claim([one.serial], NOW, UNTIL)
    backend.serials.finish([claimed], OUTPUT, NOW)
    before = as_it_stands(backend, [one])
    for read in (one, claimed):
        assert not backend.serials.void([read], EXPIRED, LATER)
        assert not backend.serials.void([read], REFUSED, LATER, code="not_a_pdf")
    assert as_it_stands(backend, [one]) == before


def test_the_worker_itself_voids_a_refused_document(backend: Backend) -> None:
    stamping = reserve(backend, 0, 1)
    claimed = backend.serials.claim([one.serial for one in stamping], NOW, UNTIL)
    for _ in range(2):
        assert backend.serials.void(claimed, REFUSED, NOW, code="not_a_pdf")
        assert backend.serials.get_many([one.serial for one in stamping]) == tuple(
            replace(
                one,
                state=SerialState.VOID,
                void_reason=REFUSED,
                void_code="not_a_pdf",
                timer=None,
            )
            for one in stamping
        )
    assert the_order(backend).free_slots == (0, 1, 2)


def test_a_worker_whose_claim_passed_to_another_voids_nothing(backend: Backend) -> None:
    (one,) = reserve(backend, 0)
    (mine,) = backend.serials.claim([one.serial], NOW, UNTIL)
    backend.serials.claim([one.serial], UNTIL, LATER)
    before = as_it_stands(backend, [one])
    assert not backend.serials.void([mine], REFUSED, UNTIL, code="not_a_pdf")
    assert as_it_stands(backend, [one]) == before


def test_the_slot_of_another_is_not_freed(backend: Backend) -> None:
    (mine,) = reserve(backend, 0, name="mine")
    (other,) = reserve(backend, 1, name="other")
    pay(backend)
    before = as_it_stands(backend, [mine, other])
    wrong = replace(mine, slot=1)
    assert not backend.serials.void([wrong], EXPIRED, NOW)
    refund = a_refund(the_order(backend), (1,))
    assert not backend.serials.void([wrong], EXPIRED, NOW, refund=refund)
    assert as_it_stands(backend, [mine, other]) == before
    assert backend.refunds.get(refund.refund_id) is None


def test_a_stamping_is_voided_as_a_whole(backend: Backend) -> None:
    stamping = reserve(backend, 0, 1)
    with pytest.raises(ValueError, match="as a whole"):
        backend.serials.void(stamping[1:], EXPIRED, NOW)


def test_one_of_several_that_cannot_be_voided_prevents_voiding_all(backend: Backend) -> None:
    stamping = reserve(backend, 0, 1)
    backend.serials.claim([stamping[1].serial], NOW, UNTIL)
    before = as_it_stands(backend, stamping)
    assert not backend.serials.void(stamping, EXPIRED, NOW)
    assert as_it_stands(backend, stamping) == before


def test_a_stamping_that_was_not_executed_becomes_a_refund(backend: Backend) -> None:
    stamping = reserve(backend, 0, 2)
    refund = a_refund(pay(backend), (0, 2), reason=RefundReason.NOT_EXECUTED)
    reason = VoidReason.NOT_EXECUTED
    for _ in range(2):
        assert backend.serials.void(stamping, reason, NOW, refund=refund)
        given = {0: Refunded(refund.refund_id), 2: Refunded(refund.refund_id)}
        assert the_order(backend).slots == given
        assert backend.refunds.get(refund.refund_id) == refund
    assert list(backend.refund_timers.due(LATER)) == [refund.refund_id]
    assert list(backend.serial_timers.due(LATER)) == []


def test_only_a_paid_order_is_refunded(backend: Backend) -> None:
    stamping = reserve(backend, 0)
    order = pay(backend)
    backend.orders.mark_reversed(order)
    refund = a_refund(order, (0,), reason=RefundReason.NOT_EXECUTED)
    before = as_it_stands(backend, stamping)
    assert not backend.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW, refund=refund)
    assert as_it_stands(backend, stamping) == before
    assert backend.refunds.get(refund.refund_id) is None


def test_a_stored_refund_is_given_no_more_slots_by_voiding(backend: Backend) -> None:
    stamping = reserve(backend, 0)
    order = pay(backend)
    standing = backend.refunds.request(order, a_refund(order, (1,)))
    more = a_refund(order, (0,), reason=RefundReason.NOT_EXECUTED)
    before = as_it_stands(backend, stamping)
    assert not backend.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW, refund=more)
    assert as_it_stands(backend, stamping) == before
    assert backend.refunds.get(more.refund_id) == standing


def test_a_void_without_refund_is_not_the_same_as_one_with(backend: Backend) -> None:
    stamping = reserve(backend, 0)
    order = pay(backend)
    backend.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW)
    refund = a_refund(order, (0,), reason=RefundReason.NOT_EXECUTED)
    assert not backend.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW, refund=refund)
    assert backend.refunds.get(refund.refund_id) is None


def test_a_refund_covers_exactly_the_voided_slots(backend: Backend) -> None:
    stamping = reserve(backend, 0)
    refund = a_refund(pay(backend), (1,))
    with pytest.raises(ValueError, match="not of the slots"):
        backend.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW, refund=refund)


def test_an_unknown_serial_is_not_voided(backend: Backend) -> None:
    backend.orders.put_new(an_order())
    (unknown,) = a_stamping(an_order(), 0)
    assert not backend.serials.void([unknown], EXPIRED, NOW)
    assert as_it_stands(backend, [unknown]) == (an_order(),)
