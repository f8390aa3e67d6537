"""Payouts at Midtrans: requested, released, arrived, and perhaps returned."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import GatewayRefused, PayoutRefused, Unavailable
from meterai.domain.refunds.payouts import BankAccount, PayoutState
from meterai.gateways.midtrans.payouts import MidtransPayouts
from tests.integration.gateways.merchant import ManualClock
from tests.midtrans import Fault, FaultKind, MidtransSimulator

CREATOR, APPROVER = "IRIS-creator-local", "IRIS-approver-local"
KEY = "rfd_A-2"
SRI = BankAccount("bca", "1234567890", "SRI WAHYUNI")


@pytest.fixture
def payouts(simulator: MidtransSimulator) -> MidtransPayouts:
    return MidtransPayouts(simulator.url, CREATOR, APPROVER)


def pay_out(payouts: MidtransPayouts, key: str = KEY, account: BankAccount = SRI) -> str:
    return payouts.pay_out(key, account, 20_000, "e-meterai refund")


def test_a_payout_is_released_processed_and_arrives(
    payouts: MidtransPayouts, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    reference = pay_out(payouts)
    assert payouts.payout_state(reference) is PayoutState.PROCESSED
    clock.forward(minutes=5)
    assert payouts.payout_state(reference) is PayoutState.COMPLETED
    (made,) = simulator.payouts.made
    assert (made.account, made.bank, made.name) == ("1234567890", "bca", "SRI WAHYUNI")
    assert (made.amount, made.notes) == ("20000.00", "e-meterai refund")


def test_without_the_approvers_key_it_waits_for_a_person(simulator: MidtransSimulator) -> None:
    payouts = MidtransPayouts(simulator.url, CREATOR)
    assert payouts.payout_state(pay_out(payouts)) is PayoutState.QUEUED


def test_the_same_key_is_the_same_payout_for_a_day(
    payouts: MidtransPayouts, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    assert pay_out(payouts) == pay_out(payouts)
    assert len(simulator.payouts.made) == 1
    clock.forward(hours=24)
    pay_out(payouts)
    assert len(simulator.payouts.made) == 2


def test_the_same_key_with_another_amount_is_refused(payouts: MidtransPayouts) -> None:
    pay_out(payouts)
    with pytest.raises(PayoutRefused):
        payouts.pay_out(KEY, SRI, 10_000, "e-meterai refund")


@pytest.mark.parametrize(
    ("account", "fields"),
    [
        (replace(SRI, number="999"), "Beneficiary"),
        (replace(SRI, bank="no such bank"), "Beneficiary,Beneficiary"),
    ],
)
def test_an_account_that_does_not_exist_is_refused_and_not_named(
    payouts: MidtransPayouts, account: BankAccount, fields: str
) -> None:
    with pytest.raises(PayoutRefused) as refused:
        pay_out(payouts, account=account)
    assert refused.value.values == {"fields": fields}


def test_a_completed_payout_may_still_fail(
    payouts: MidtransPayouts, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    simulator.add_fault(Fault(FaultKind.PAYOUT_BOUNCED, seconds=86_400))
    reference = pay_out(payouts)
    clock.forward(minutes=5)
    assert payouts.payout_state(reference) is PayoutState.COMPLETED
    clock.forward(days=1)
    assert payouts.payout_state(reference) is PayoutState.FAILED


def test_a_payout_that_the_approver_rejects_has_failed(
    payouts: MidtransPayouts, simulator: MidtransSimulator
) -> None:
    simulator.add_fault(Fault(FaultKind.PAYOUT_REJECTED))
    assert payouts.payout_state(pay_out(payouts)) is PayoutState.FAILED


def test_an_unknown_payout_has_no_state(payouts: MidtransPayouts) -> None:
    assert payouts.payout_state("nobody's") is None


def test_the_bank_returns_the_name_of_the_accounts_holder(payouts: MidtransPayouts) -> None:
    assert payouts.holder_of("bca", "1234567890") == "SRI WAHYUNI"
    assert payouts.holder_of("bca", "1") is None


@pytest.mark.parametrize(
    ("kind", "executed"),
    [
        (FaultKind.LOST_BEFORE, 0),
        (FaultKind.HTML, 0),
        (FaultKind.BROKEN, 0),
        (FaultKind.LOST_AFTER, 1),
        (FaultKind.SLOW, 1),
        (FaultKind.NOTHING, 1),
    ],
)
def test_a_payout_whose_response_was_lost_is_made_once(
    simulator: MidtransSimulator, kind: FaultKind, executed: int
) -> None:
    impatient = MidtransPayouts(simulator.url, CREATOR, APPROVER, total_timeout_s=0.2)
    simulator.add_fault(Fault(kind, endpoint="payouts", seconds=0.6))
    with pytest.raises(Unavailable):
        pay_out(impatient)
    assert len(simulator.payouts.made) == executed
    reference = pay_out(impatient)
    assert len(simulator.payouts.made) == 1
    assert impatient.payout_state(reference) is PayoutState.PROCESSED


def test_a_wrong_key_is_refused(simulator: MidtransSimulator) -> None:
    with pytest.raises(GatewayRefused):
        pay_out(MidtransPayouts(simulator.url, "guessed", APPROVER))
    with pytest.raises(GatewayRefused):
        pay_out(MidtransPayouts(simulator.url, CREATOR, "guessed"))


def test_an_approval_whose_response_was_lost_is_not_requested_twice(
    payouts: MidtransPayouts, simulator: MidtransSimulator
) -> None:
    simulator.add_fault(Fault(FaultKind.LOST_AFTER, order_id="", endpoint="payouts"))
    with pytest.raises(Unavailable):
        pay_out(payouts)
    assert payouts.payout_state(pay_out(payouts)) is PayoutState.PROCESSED
    assert simulator.payouts.latest(KEY).bank_takes == timedelta(minutes=5)
