"""Responses that get lost on the way from Midtrans: what is known then, and what is done next."""

from datetime import timedelta

import pytest

from meterai.domain.errors import ChargeExists, Unavailable
from meterai.domain.orders.payments import ChargeState, Instruction, Method
from meterai.gateways.midtrans.charges import Midtrans
from tests.integration.gateways.merchant import START, ManualClock
from tests.midtrans import Fault, FaultKind, MidtransSimulator

CHARGE = "ord_ABCDEFGHIJKLMNOPQRSTUVWXYZ-1"


def charge(
    gateway: Midtrans, method: Method = Method.QRIS, amount_idr: int = 20_000, minutes: float = 15
) -> Instruction:
    return gateway.charge(CHARGE, amount_idr, method, START + timedelta(minutes=minutes))


def state(gateway: Midtrans) -> ChargeState | None:
    status = gateway.status(CHARGE)
    return status.state if status else None


@pytest.mark.parametrize("kind", [FaultKind.LOST_AFTER, FaultKind.SLOW])
def test_a_virtual_account_whose_response_was_lost_is_read_back(
    gateway: Midtrans, impatient: Midtrans, simulator: MidtransSimulator, kind: FaultKind
) -> None:
    simulator.add_fault(Fault(kind, endpoint="charge", seconds=0.6))
    with pytest.raises(Unavailable):
        charge(impatient, Method.VIRTUAL_ACCOUNT)
    transaction = simulator.transaction(CHARGE)
    assert transaction is not None
    again = charge(gateway, Method.VIRTUAL_ACCOUNT)
    assert again.va_number == transaction.va_number
    assert charge(gateway, Method.VIRTUAL_ACCOUNT) == again
    assert len(simulator.ledger.latest(9)) == 1


def test_a_virtual_account_of_another_amount_is_not_read_back(gateway: Midtrans) -> None:
    charge(gateway, Method.VIRTUAL_ACCOUNT)
    with pytest.raises(ChargeExists):
        charge(gateway, Method.VIRTUAL_ACCOUNT, amount_idr=10_000)
    with pytest.raises(ChargeExists):
        charge(gateway, Method.QRIS)


def test_a_qris_code_whose_response_was_lost_needs_a_new_attempt(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    simulator.add_fault(Fault(FaultKind.LOST_AFTER, endpoint="charge"))
    with pytest.raises(Unavailable):
        charge(gateway)
    with pytest.raises(ChargeExists) as exists:
        charge(gateway)
    assert exists.value.values == {"charge_id": CHARGE, "state": "pending"}


@pytest.mark.parametrize("method", list(Method))
def test_a_charge_that_was_paid_is_not_offered_again(
    gateway: Midtrans, simulator: MidtransSimulator, method: Method
) -> None:
    charge(gateway, method)
    simulator.pay(CHARGE)
    with pytest.raises(ChargeExists) as exists:
        charge(gateway, method)
    assert exists.value.values == {"charge_id": CHARGE, "state": "settled"}


def test_a_charge_that_never_reached_midtrans_is_made_again(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    simulator.add_fault(Fault(FaultKind.LOST_BEFORE, endpoint="charge"))
    with pytest.raises(Unavailable):
        charge(gateway)
    assert simulator.transaction(CHARGE) is None
    assert charge(gateway).qr_text


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.LOST_BEFORE, times=2),
        Fault(FaultKind.LOST_AFTER, times=2),
        Fault(FaultKind.HTML, times=2),
        Fault(FaultKind.HTML, times=2, status_code=200),
        Fault(FaultKind.BROKEN, times=2),
        Fault(FaultKind.SLOW, times=2, seconds=0.6),
    ],
    ids=lambda fault: f"{fault.kind}{fault.status_code or ''}",
)
def test_an_unusable_response_is_unavailable(
    gateway: Midtrans, impatient: Midtrans, simulator: MidtransSimulator, fault: Fault
) -> None:
    charge(gateway)
    simulator.add_fault(fault)
    with pytest.raises(Unavailable):
        impatient.status(CHARGE)
    assert state(gateway) is ChargeState.PENDING


def test_a_status_is_requested_twice_and_a_charge_once(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    simulator.add_fault(Fault(FaultKind.BROKEN, endpoint="charge"))
    with pytest.raises(Unavailable):
        charge(gateway)
    charge(gateway)
    simulator.add_fault(Fault(FaultKind.BROKEN, endpoint="status"))
    assert state(gateway) is ChargeState.PENDING


def test_a_gateway_that_cannot_be_reached_is_unavailable(clock: ManualClock) -> None:
    nobody = Midtrans("http://127.0.0.1:9", "SB-Mid-server-test", now=clock)
    with pytest.raises(Unavailable) as unavailable:
        charge(nobody)
    assert unavailable.value.values == {"party": "midtrans", "reason": "NewConnectionError"}
