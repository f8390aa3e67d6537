"""Orders: at most eight slots, each free, taken or returned."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.errors import (
    AlreadyStamped,
    NoBalance,
    OrderClosed,
    OrderNotPaid,
    QuantityOutOfRange,
)
from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.orders import Order, OrderState, Refunded, SlotUse, Taken, check_quantity
from meterai.domain.stamping.serials import Serial
from tests.generated import examples
from tests.unit.domain.facts import DOCUMENT, PAID, PENDING, PRICE_IDR, taken

OTHER = "ffff" * 16
uses = st.one_of(
    st.builds(taken, st.sampled_from("ABC")),
    st.builds(Refunded, st.sampled_from([RefundId("rfd_A"), RefundId("rfd_B")])),
)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    quantity = draw(st.integers(1, 8))
    slots = draw(st.dictionaries(st.integers(0, quantity - 1), uses))
    return replace(PAID, quantity=quantity, slots=slots)


@examples(60)
@given(orders())
def test_every_slot_is_free_or_taken_or_returned(order: Order) -> None:
    held = [slot for slot, _ in order.taken()]
    back = [slot for slots in order.refunds().values() for slot in slots]
    assert sorted([*order.free_slots, *held, *back]) == list(range(order.quantity))
    assert sum(map(len, order.stampings().values())) == len(held)
    assert order.amount_idr == order.quantity * PRICE_IDR


def test_the_lowest_free_slots_are_used() -> None:
    order = replace(PAID, slots={1: taken("A")})
    assert order.take_slots(2, OTHER, allow_duplicate=False) == (0, 2)
    assert order.refund_slots(3) == (0, 2, 3)


def test_a_stamping_names_its_serials_in_the_order_of_their_slots() -> None:
    first, second = Serial("B"), Serial("A")
    slots: dict[int, SlotUse] = {
        3: Taken(second, first, "d0c0d0c0"),
        0: Taken(first, first, "d0c0d0c0"),
        1: Refunded(RefundId("rfd_A")),
        2: Refunded(RefundId("rfd_A")),
    }
    order = replace(PAID, slots=slots)
    assert order.stampings() == {first: (first, second)}
    assert order.bulk_stampings() == frozenset()
    assert order.refunds() == {RefundId("rfd_A"): (1, 2)}


@pytest.mark.parametrize("state", [OrderState.PENDING, OrderState.PAID])
def test_a_stamping_may_be_requested_before_the_payment(state: OrderState) -> None:
    assert replace(PENDING, state=state).take_slots(4, DOCUMENT, allow_duplicate=False) == (
        0,
        1,
        2,
        3,
    )


@pytest.mark.parametrize("state", [OrderState.EXPIRED, OrderState.CANCELLED, OrderState.REVERSED])
def test_no_slot_of_a_closed_order_is_taken(state: OrderState) -> None:
    with pytest.raises(OrderClosed) as refused:
        replace(PENDING, state=state).take_slots(1, DOCUMENT, allow_duplicate=True)
    assert refused.value.values == {"order_id": "ord_A", "state": state.value}


@pytest.mark.parametrize("state", sorted(set(OrderState) - {OrderState.PAID}))
def test_only_paid_slots_are_returned(state: OrderState) -> None:
    with pytest.raises(OrderNotPaid) as refused:
        replace(PENDING, state=state).refund_slots(1)
    assert refused.value.values == {"order_id": "ord_A", "state": state.value}


def test_more_slots_than_are_free_are_refused_with_the_free_number() -> None:
    order = replace(PAID, slots={0: taken("A"), 1: Refunded(RefundId("rfd_A"))})
    with pytest.raises(NoBalance) as refused:
        order.take_slots(3, OTHER, allow_duplicate=False)
    assert refused.value.values == {"order_id": "ord_A", "available": 2, "wanted": 3}
    with pytest.raises(NoBalance):
        order.refund_slots(3)


def test_the_same_document_again_must_be_allowed_explicitly() -> None:
    order = replace(PAID, slots={0: taken("A")})
    with pytest.raises(AlreadyStamped):
        order.take_slots(1, DOCUMENT, allow_duplicate=False)
    assert order.take_slots(1, DOCUMENT, allow_duplicate=True) == (1,)
    assert order.take_slots(1, OTHER, allow_duplicate=False) == (1,)


def test_an_order_has_one_to_eight_slots() -> None:
    for quantity in range(1, 9):
        check_quantity(quantity)
    for quantity in (-8, 0, 9, 10**9):
        with pytest.raises(QuantityOutOfRange) as refused:
            check_quantity(quantity)
        assert refused.value.values == {"quantity": quantity, "max_quantity": 8}
