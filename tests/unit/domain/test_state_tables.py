"""The state tables: which state may follow which. tests/faults checks that no step leaves them."""

from collections.abc import Mapping
from enum import StrEnum

import pytest

from meterai.domain.orders import orders
from meterai.domain.orders.orders import OrderState
from meterai.domain.refunds import refunds
from meterai.domain.refunds.refunds import RefundState
from meterai.domain.stamping import stampings
from meterai.domain.stamping.stampings import SerialState

Table = Mapping[StrEnum, frozenset[StrEnum]]

# Each table with the one state in which its items begin.
TABLES: list[tuple[object, StrEnum]] = [
    (orders.TRANSITIONS, OrderState.PENDING),
    (stampings.TRANSITIONS, SerialState.RESERVED),
    (refunds.TRANSITIONS, RefundState.DUE),
]


@pytest.mark.parametrize(("table", "first"), TABLES)
def test_every_state_is_in_its_table_and_can_be_reached(table: Table, first: StrEnum) -> None:
    assert set(table) == set(type(first))
    reached, waiting = {first}, [first]
    while waiting:
        new = table[waiting.pop()] - reached
        reached |= new
        waiting += new
    assert reached == set(table)


@pytest.mark.parametrize(("table", "first"), TABLES[:2])
def test_no_state_is_returned_to(table: Table, first: StrEnum) -> None:
    def after(state: StrEnum) -> frozenset[StrEnum]:
        return table[state].union(*(after(other) for other in table[state]))

    assert all(state not in after(state) for state in table)
    assert first not in after(first)


def test_a_refund_is_due_again_only_after_an_attempt_that_failed() -> None:
    before = {state for state, after in refunds.TRANSITIONS.items() if RefundState.DUE in after}
    assert before == {RefundState.FAILED}


def test_a_void_serial_is_never_stamped_and_a_stamped_one_never_void() -> None:
    assert stampings.TRANSITIONS[SerialState.VOID] == frozenset()
    assert stampings.TRANSITIONS[SerialState.STAMPED] == frozenset()


def test_a_closed_order_is_never_paid() -> None:
    assert orders.TRANSITIONS[OrderState.EXPIRED] == frozenset()
    assert orders.TRANSITIONS[OrderState.CANCELLED] == frozenset()


def test_returned_money_is_returned_again_only_after_it_bounced() -> None:
    """A payout that bounced needs another account; a refund that the bank executed is final."""
    assert refunds.TRANSITIONS[RefundState.CONFIRMED] == {RefundState.NEEDS_ACCOUNT}
    assert refunds.TRANSITIONS[RefundState.SUPERSEDED] == frozenset()
