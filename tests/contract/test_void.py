"""Voiding: only what no worker can be at, as it was read; its slots are free again, or money."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from meterai.domain.orders import Order, Refunded
from meterai.domain.refunds import RefundReason
from meterai.domain.stampings import EMeterai, SerialState, VoidReason
from tests.contract.goods import MINUTE, NOW, OUTPUT, a_payment, a_refund, a_stamping, an_order
from tests.contract.places import Place
from tests.contract.test_claim import UNTIL, reserve

LATER = NOW + 60 * MINUTE
EXPIRED = VoidReason.ORDER_EXPIRED
REFUSED = VoidReason.DOCUMENT_REFUSED


def the_order(place: Place) -> Order:
    order = place.orders.get(an_order().order_id)
    assert order is not None
    return order


def as_it_stands(place: Place, stamping: Sequence[EMeterai]) -> tuple[object, ...]:
    """All that voiding could change."""
    return (the_order(place), *place.serials.get_many([one.serial for one in stamping]))


def pay(place: Place) -> Order:
    order = the_order(place)
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert paid is not None
    return paid


def test_what_is_voided_frees_its_slots_and_has_no_clock(place: Place) -> None:
    for stamping in (reserve(place, 0, name="one"), reserve(place, 1, 2, name="two")):
        serials = [one.serial for one in stamping]
        assert place.serials.void(stamping, EXPIRED, NOW)
        assert place.serials.get_many(serials) == tuple(
            replace(one, state=SerialState.VOID, void_reason=EXPIRED, clock=None)
            for one in stamping
        )
    assert the_order(place) == an_order()
    assert list(place.serial_clocks.due(LATER)) == []


def test_voiding_again_changes_nothing(place: Place) -> None:
    (one,) = reserve(place, 0)
    place.serials.void([one], EXPIRED, NOW)
    reserve(place, 0, name="the next one")
    before = as_it_stands(place, [one])
    assert place.serials.void([one], EXPIRED, NOW)
    assert not place.serials.void([one], VoidReason.REFUND_REQUESTED, NOW)
    assert as_it_stands(place, [one]) == before


def test_what_a_worker_holds_is_not_voided(place: Place) -> None:
    (one,) = reserve(place, 0)
    (claimed,) = place.serials.claim([one.serial], NOW, UNTIL)
    before = as_it_stands(place, [one])
    assert not place.serials.void([claimed], EXPIRED, UNTIL - MINUTE)
    assert as_it_stands(place, [one]) == before


def test_what_was_claimed_since_it_was_read_is_not_voided(place: Place) -> None:
    (one,) = reserve(place, 0)
    place.serials.claim([one.serial], NOW, UNTIL)
    before = as_it_stands(place, [one])
    assert not place.serials.void([one], EXPIRED, LATER)
    assert as_it_stands(place, [one]) == before


def test_a_claim_that_lapsed_does_not_hold(place: Place) -> None:
    (one,) = reserve(place, 0)
    (claimed,) = place.serials.claim([one.serial], NOW, UNTIL)
    assert place.serials.void([claimed], EXPIRED, UNTIL)
    standing = place.serials.get(one.serial)
    assert standing == replace(one, state=SerialState.VOID, void_reason=EXPIRED, clock=None)


def test_a_later_claim_than_was_read_may_have_left_a_file(place: Place) -> None:
    """It too has lapsed, but whoever voids has looked for the output too early."""
    (one,) = reserve(place, 0)
    (earlier,) = place.serials.claim([one.serial], NOW, UNTIL)
    place.serials.claim([one.serial], UNTIL, UNTIL + MINUTE)
    before = as_it_stands(place, [one])
    assert not place.serials.void([earlier], EXPIRED, LATER)
    assert as_it_stands(place, [one]) == before


def test_what_is_stamped_is_not_voided(place: Place) -> None:
    (one,) = reserve(place, 0)
    (claimed,) = place.serials.claim([one.serial], NOW, UNTIL)
    place.serials.finish([claimed], OUTPUT, NOW)
    before = as_it_stands(place, [one])
    for read in (one, claimed):
        assert not place.serials.void([read], EXPIRED, LATER)
        assert not place.serials.void([read], REFUSED, LATER, code="not_a_pdf")
    assert as_it_stands(place, [one]) == before


def test_the_worker_itself_gives_a_refused_document_up(place: Place) -> None:
    stamping = reserve(place, 0, 1)
    claimed = place.serials.claim([one.serial for one in stamping], NOW, UNTIL)
    for _ in range(2):
        assert place.serials.void(claimed, REFUSED, NOW, code="not_a_pdf")
        assert place.serials.get_many([one.serial for one in stamping]) == tuple(
            replace(
                one,
                state=SerialState.VOID,
                void_reason=REFUSED,
                void_code="not_a_pdf",
                clock=None,
            )
            for one in stamping
        )
    assert the_order(place).free_slots == (0, 1, 2)


def test_a_worker_whose_claim_is_anothers_gives_nothing_up(place: Place) -> None:
    (one,) = reserve(place, 0)
    (mine,) = place.serials.claim([one.serial], NOW, UNTIL)
    place.serials.claim([one.serial], UNTIL, LATER)
    before = as_it_stands(place, [one])
    assert not place.serials.void([mine], REFUSED, UNTIL, code="not_a_pdf")
    assert as_it_stands(place, [one]) == before


def test_the_slot_of_another_is_not_freed(place: Place) -> None:
    (mine,) = reserve(place, 0, name="mine")
    (other,) = reserve(place, 1, name="other")
    pay(place)
    before = as_it_stands(place, [mine, other])
    wrong = replace(mine, slot=1)
    assert not place.serials.void([wrong], EXPIRED, NOW)
    refund = a_refund(the_order(place), (1,))
    assert not place.serials.void([wrong], EXPIRED, NOW, refund=refund)
    assert as_it_stands(place, [mine, other]) == before
    assert place.refunds.get(refund.refund_id) is None


def test_a_stamping_is_voided_as_a_whole(place: Place) -> None:
    stamping = reserve(place, 0, 1)
    with pytest.raises(ValueError, match="as a whole"):
        place.serials.void(stamping[1:], EXPIRED, NOW)


def test_one_of_several_that_cannot_be_voided_saves_the_others(place: Place) -> None:
    stamping = reserve(place, 0, 1)
    place.serials.claim([stamping[1].serial], NOW, UNTIL)
    before = as_it_stands(place, stamping)
    assert not place.serials.void(stamping, EXPIRED, NOW)
    assert as_it_stands(place, stamping) == before


def test_what_was_not_executed_becomes_a_refund(place: Place) -> None:
    stamping = reserve(place, 0, 2)
    refund = a_refund(pay(place), (0, 2), reason=RefundReason.NOT_EXECUTED)
    reason = VoidReason.NOT_EXECUTED
    for _ in range(2):
        assert place.serials.void(stamping, reason, NOW, refund=refund)
        given = {0: Refunded(refund.refund_id), 2: Refunded(refund.refund_id)}
        assert the_order(place).slots == given
        assert place.refunds.get(refund.refund_id) == refund
    assert list(place.refund_clocks.due(LATER)) == [refund.refund_id]
    assert list(place.serial_clocks.due(LATER)) == []


def test_only_a_paid_order_is_refunded(place: Place) -> None:
    stamping = reserve(place, 0)
    order = pay(place)
    place.orders.mark_reversed(order.order_id)
    refund = a_refund(order, (0,), reason=RefundReason.NOT_EXECUTED)
    before = as_it_stands(place, stamping)
    assert not place.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW, refund=refund)
    assert as_it_stands(place, stamping) == before
    assert place.refunds.get(refund.refund_id) is None


def test_a_refund_that_stands_is_not_given_more(place: Place) -> None:
    stamping = reserve(place, 0)
    order = pay(place)
    standing = place.refunds.request(order, a_refund(order, (1,)))
    more = a_refund(order, (0,), reason=RefundReason.NOT_EXECUTED)
    before = as_it_stands(place, stamping)
    assert not place.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW, refund=more)
    assert as_it_stands(place, stamping) == before
    assert place.refunds.get(more.refund_id) == standing


def test_a_void_without_refund_is_no_void_with_one(place: Place) -> None:
    stamping = reserve(place, 0)
    order = pay(place)
    place.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW)
    refund = a_refund(order, (0,), reason=RefundReason.NOT_EXECUTED)
    assert not place.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW, refund=refund)
    assert place.refunds.get(refund.refund_id) is None


def test_a_refund_is_of_the_slots_that_are_voided(place: Place) -> None:
    stamping = reserve(place, 0)
    refund = a_refund(pay(place), (1,))
    with pytest.raises(ValueError, match="not of the slots"):
        place.serials.void(stamping, VoidReason.NOT_EXECUTED, NOW, refund=refund)


def test_an_unknown_serial_is_not_voided(place: Place) -> None:
    place.orders.put_new(an_order())
    (unknown,) = a_stamping(an_order(), 0)
    assert not place.serials.void([unknown], EXPIRED, NOW)
    assert as_it_stands(place, [unknown]) == (an_order(),)
