"""Each fault of a gateway has one right outcome, and both gateways' adapters reach it: in the
order, the refunds, the ledger, and the money at the gateway."""

from contextlib import suppress
from dataclasses import dataclass

import pytest

from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.refunds.refunds import RefundReason, RefundState
from tests.integration.gateways.gateway_harness import GatewayHarness
from tests.midtrans.fault_plan import MAGIC_AMOUNTS, SCRIPTS, FaultPlan
from tests.unit.steps.message_pump import NeverIdleError

PRICE_IDR = 12_000

Back = tuple[RefundReason, RefundState]
LATE: Back = (RefundReason.LATE_PAYMENT, RefundState.CONFIRMED)
DOUBLE: Back = (RefundReason.DUPLICATE_PAYMENT, RefundState.CONFIRMED)
MISMATCH: Back = (RefundReason.AMOUNT_MISMATCH, RefundState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`back_idr`: what the gateway itself has refunded."""

    order: OrderState
    payments: int = 1
    back: tuple[Back, ...] = ()
    back_idr: int = 0


def requested(state: RefundState) -> tuple[Back, ...]:
    return ((RefundReason.REQUESTED, state),)


SERVED = Outcome(OrderState.PAID)
NEVER_PAID = Outcome(OrderState.EXPIRED, payments=0)
REVERSED = Outcome(OrderState.REVERSED)
GIVEN_BACK = Outcome(OrderState.PAID, back=requested(RefundState.CONFIRMED), back_idr=PRICE_IDR)

PAYING = {
    "charge_lost_before": SERVED,
    "charge_lost_after": SERVED,
    "status_lost": SERVED,
    "status_html": SERVED,
    "status_nothing": SERVED,
    "status_broken": SERVED,
    "unknown_fields": SERVED,
    "upper_case": SERVED,
    "webhook_lost": SERVED,
    "webhook_duplicate": SERVED,
    "webhook_out_of_order": SERVED,
    "late_settlement": Outcome(OrderState.EXPIRED, back=(LATE,), back_idr=PRICE_IDR),
    "reversal": REVERSED,
    "chargeback": REVERSED,
    "wrong_amount": Outcome(OrderState.EXPIRED, back=(MISMATCH,), back_idr=9_999),
    "fraction": Outcome(OrderState.EXPIRED, back=(MISMATCH,), back_idr=9_999),
    "nothing": NEVER_PAID,
    "part_of_a_rupiah": NEVER_PAID,
    "negative": NEVER_PAID,
    "double_payment": Outcome(OrderState.PAID, payments=2, back=(DOUBLE,), back_idr=PRICE_IDR),
}
NOT_PAYING = {"forged_signature": NEVER_PAID, "changed_status": NEVER_PAID}
GIVING_BACK = {
    "refund_lost_before": GIVEN_BACK,
    "refund_lost_after": GIVEN_BACK,
    "refund_denied": Outcome(OrderState.PAID, back=requested(RefundState.NEEDS_ACCOUNT)),
    "refund_414_no_funds": GIVEN_BACK,
    "refund_414_done_already": GIVEN_BACK,
    "refund_unconfirmed": Outcome(
        OrderState.PAID, back=requested(RefundState.SUBMITTED), back_idr=PRICE_IDR
    ),
    "night_window": GIVEN_BACK,
}


def outcome(harness: GatewayHarness, order: Order) -> Outcome:
    refunds = harness.state.refunds.values()
    return Outcome(
        order=harness.stored(order).state,
        payments=len(harness.state.payments),
        back=tuple((refund.reason, refund.state) for refund in refunds),
        back_idr=harness.refunded_at_gateway_idr,
    )


def run_script(harness: GatewayHarness, names: tuple[str, ...]) -> Order:
    """The buyer orders, and pays what they are shown, whatever happens."""
    for fault in FaultPlan(names).faults():
        harness.simulator.add_fault(fault)
    order = harness.buy()
    if not set(names) & NOT_PAYING.keys():
        assert harness.simulator.pay(order.charge_id)
    return order


def until_idle(harness: GatewayHarness) -> None:
    with suppress(NeverIdleError):  # a refund that its bank never confirms is checked for ever
        harness.pump.until_idle()


def test_every_fault_script_has_its_outcome() -> None:
    assert (PAYING | NOT_PAYING | GIVING_BACK).keys() == SCRIPTS.keys()
    assert sorted(MAGIC_AMOUNTS.values()) == sorted(SCRIPTS)


@pytest.mark.parametrize("name", PAYING | NOT_PAYING)
def test_a_fault_while_paying_ends_in_its_right_outcome(harness: GatewayHarness, name: str) -> None:
    order = run_script(harness, (name,))
    until_idle(harness)
    assert outcome(harness, order) == (PAYING | NOT_PAYING)[name]
    assert harness.app.ledger().differences == ()


@pytest.mark.parametrize("name", GIVING_BACK)
def test_a_fault_while_refunding_ends_in_its_right_outcome(
    harness: GatewayHarness, name: str
) -> None:
    order = run_script(harness, (name,))
    harness.pump.deliver()
    harness.app.refund(order.order_id)
    until_idle(harness)
    assert outcome(harness, order) == GIVING_BACK[name]
    assert harness.app.ledger().differences == ()


@pytest.mark.parametrize("seed", range(24))
def test_after_any_seeds_faults_every_rupiah_is_served_or_returned(
    harness: GatewayHarness, seed: int
) -> None:
    order = run_script(harness, FaultPlan.from_seed(seed).names)
    until_idle(harness)
    stored = harness.stored(order)
    assert stored.state is not OrderState.PENDING
    refunds = harness.state.refunds.values()
    waiting = [one for one in refunds if one.state is RefundState.NEEDS_ACCOUNT]
    served_idr = PRICE_IDR if stored.state is OrderState.PAID else 0
    owed_idr = sum(one.amount_idr for one in waiting)
    assert harness.held_by_gateway_idr == served_idr + owed_idr
    assert harness.app.ledger().differences == ()
