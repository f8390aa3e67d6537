"""Refunds at Midtrans: accepted, confirmed, or impossible."""

from datetime import timedelta

import pytest

from meterai.domain.errors import GatewayRefused, Unavailable
from meterai.domain.orders.payments import ChargeState, Method, RefundOutcome, RefundStatus
from meterai.gateways.midtrans.charges import Midtrans
from tests.integration.gateways.merchant import START, ManualClock, Merchant
from tests.midtrans import Fault, FaultKind, MidtransSimulator

CHARGE = "ord_A-1"
KEY = "rfd_A-1"


@pytest.fixture
def paid(gateway: Midtrans, simulator: MidtransSimulator) -> Midtrans:
    """A gateway with one settled QRIS charge of Rp20,000."""
    pay(gateway, simulator, Method.QRIS)
    return gateway


def pay(gateway: Midtrans, simulator: MidtransSimulator, method: Method) -> None:
    gateway.charge(CHARGE, 20_000, method, START + timedelta(minutes=15))
    assert simulator.pay(CHARGE)


def refund(gateway: Midtrans, amount_idr: int = 10_000, key: str = KEY) -> RefundOutcome:
    return gateway.refund(CHARGE, key, amount_idr, "not executed")


def refunds(gateway: Midtrans) -> tuple[RefundStatus, ...]:
    status = gateway.status(CHARGE)
    assert status is not None
    return status.refunds


def test_a_refund_is_not_final_until_the_bank_confirms_it(
    paid: Midtrans, clock: ManualClock
) -> None:
    assert refund(paid) is RefundOutcome.ACCEPTED
    assert refunds(paid) == (RefundStatus(KEY, 10_000, final=False),)
    clock.forward(minutes=5)
    assert refunds(paid) == (RefundStatus(KEY, 10_000, final=True),)
    status = paid.status(CHARGE)
    assert status is not None
    assert status.state is ChargeState.REFUNDED


def test_the_same_key_is_the_same_refund(paid: Midtrans) -> None:
    assert refund(paid, 20_000) is RefundOutcome.ACCEPTED
    assert refund(paid, 20_000) is RefundOutcome.ACCEPTED
    assert refunds(paid) == (RefundStatus(KEY, 20_000, final=False),)


def test_the_same_key_with_another_amount_is_unclear(paid: Midtrans) -> None:
    refund(paid)
    assert refund(paid, 20_000) is RefundOutcome.UNCLEAR
    assert len(refunds(paid)) == 1


def test_after_seven_days_the_same_key_pays_twice(paid: Midtrans, clock: ManualClock) -> None:
    refund(paid)
    clock.forward(days=7)
    assert refund(paid) is RefundOutcome.ACCEPTED
    assert len(refunds(paid)) == 2


def test_two_refunds_of_one_payment(paid: Midtrans) -> None:
    assert refund(paid, key="a") is RefundOutcome.ACCEPTED
    assert refund(paid, key="b") is RefundOutcome.ACCEPTED
    assert refund(paid, key="c") is RefundOutcome.UNCLEAR  # nothing is left
    assert [each.refund_key for each in refunds(paid)] == ["a", "b"]


def test_more_than_was_paid_is_unclear_and_nothing_happens(paid: Midtrans) -> None:
    assert refund(paid, 20_001) is RefundOutcome.UNCLEAR
    assert refunds(paid) == ()


def test_a_virtual_account_cannot_be_refunded(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    pay(gateway, simulator, Method.VIRTUAL_ACCOUNT)
    assert refund(gateway) is RefundOutcome.NOT_REFUNDABLE


def test_after_the_refund_window_nothing_is_refundable(paid: Midtrans, clock: ManualClock) -> None:
    clock.forward(days=45, seconds=1)
    assert refund(paid) is RefundOutcome.NOT_REFUNDABLE
    assert refunds(paid) == ()


def test_a_payment_from_another_issuer_is_refundable_for_a_week(
    paid: Midtrans, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    simulator.add_fault(Fault(FaultKind.OFF_US))
    clock.forward(days=7)
    assert refund(paid) is RefundOutcome.ACCEPTED
    clock.forward(seconds=1)
    assert refund(paid, key="rfd_A-2") is RefundOutcome.UNCLEAR, "the other is under way"
    clock.forward(minutes=5)
    assert refund(paid, key="rfd_A-2") is RefundOutcome.NOT_REFUNDABLE


def test_where_a_direct_refund_is_not_possible_an_ordinary_one_takes_two_days(
    paid: Midtrans, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    simulator.add_fault(Fault(FaultKind.NO_DIRECT_REFUND))
    assert refund(paid) is RefundOutcome.ACCEPTED
    clock.forward(days=1)
    assert refunds(paid) == (RefundStatus(KEY, 10_000, final=False),)
    clock.forward(days=1)
    assert refunds(paid) == (RefundStatus(KEY, 10_000, final=True),)
    assert refund(paid) is RefundOutcome.ACCEPTED
    assert len(refunds(paid)) == 1


def test_an_unpaid_charge_is_not_called_unrefundable(gateway: Midtrans) -> None:
    gateway.charge(CHARGE, 20_000, Method.QRIS, START + timedelta(minutes=15))
    assert refund(gateway) is RefundOutcome.UNCLEAR


def test_a_charge_unknown_to_midtrans_is_unclear(gateway: Midtrans) -> None:
    assert refund(gateway) is RefundOutcome.UNCLEAR


def test_the_bank_may_deny_and_a_new_key_may_succeed(
    paid: Midtrans, simulator: MidtransSimulator
) -> None:
    simulator.add_fault(Fault(FaultKind.REFUND_DENIED))
    assert refund(paid) is RefundOutcome.DENIED
    assert refunds(paid) == ()
    assert refund(paid, key="rfd_A-2") is RefundOutcome.ACCEPTED


@pytest.mark.parametrize("code", [406, 414, 418])
def test_a_response_with_two_meanings_is_unclear(
    paid: Midtrans, simulator: MidtransSimulator, code: int
) -> None:
    simulator.add_fault(Fault(FaultKind.REFUND_DENIED, status_code=code))
    assert refund(paid) is RefundOutcome.UNCLEAR


def test_a_malformed_refund_is_refused(paid: Midtrans) -> None:
    with pytest.raises(GatewayRefused):
        refund(paid, 0)


def test_a_412_about_an_executed_refund_means_accepted(
    paid: Midtrans, simulator: MidtransSimulator
) -> None:
    refund(paid)
    simulator.ledger.latest(1)[0].refunds[0].created_at -= timedelta(days=8)  # no longer a retry
    simulator.add_fault(Fault(FaultKind.REFUND_DENIED, status_code=412))
    assert refund(paid) is RefundOutcome.ACCEPTED


@pytest.mark.parametrize(
    ("kind", "executed"),
    [
        (FaultKind.LOST_BEFORE, 0),
        (FaultKind.LOST_AFTER, 1),
        (FaultKind.HTML, 0),
        (FaultKind.SLOW, 1),
    ],
)
def test_a_refund_whose_response_was_lost_is_executed_once(
    paid: Midtrans,
    impatient: Midtrans,
    simulator: MidtransSimulator,
    kind: FaultKind,
    executed: int,
) -> None:
    simulator.add_fault(Fault(kind, endpoint="refund", seconds=0.6))
    with pytest.raises(Unavailable):
        refund(impatient)
    assert len(refunds(paid)) == executed
    assert refund(paid) is RefundOutcome.ACCEPTED
    assert len(refunds(paid)) == 1


def test_two_webhooks_report_a_refund_and_only_the_second_is_final(
    gateway: Midtrans, simulator: MidtransSimulator, merchant: Merchant, clock: ManualClock
) -> None:
    simulator.webhook_url = merchant.url
    pay(gateway, simulator, Method.QRIS)
    refund(gateway, 20_000)
    clock.forward(minutes=5)
    assert simulator.wait_until_idle()
    assert merchant.states == ["pending", "settlement", "refund", "refund"]
    confirmed = [b"bank_confirmed_at" in body for body in merchant.bodies]
    assert confirmed == [False, False, False, True]


def test_a_refund_may_stay_unconfirmed(
    paid: Midtrans, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    simulator.add_fault(Fault(FaultKind.REFUND_UNCONFIRMED))
    refund(paid)
    clock.forward(days=30)
    assert refunds(paid) == (RefundStatus(KEY, 10_000, final=False),)
