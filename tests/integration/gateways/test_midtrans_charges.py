"""Charging at Midtrans and reading the result, over HTTP."""

from datetime import timedelta

import pytest

from meterai.domain.errors import GatewayRefused, OrderClosed
from meterai.domain.orders.payments import ChargeState, ChargeStatus, Instruction, Method
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


def test_a_qris_charge_returns_its_text_and_its_page(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    instruction = charge(gateway)
    transaction = simulator.transaction(CHARGE)
    assert transaction is not None
    assert instruction == Instruction(
        method=Method.QRIS,
        qr_text=transaction.qr_string,
        qr_page_url=f"{simulator.url}/v2/qris/{transaction.transaction_id}/qr-code",
        va_bank=None,
        va_number=None,
    )
    assert transaction.amount_idr == 20_000


def test_a_virtual_account_charge_returns_bank_and_number(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    instruction = charge(gateway, Method.VIRTUAL_ACCOUNT)
    transaction = simulator.transaction(CHARGE)
    assert transaction is not None
    assert instruction == Instruction(
        method=Method.VIRTUAL_ACCOUNT,
        qr_text=None,
        qr_page_url=None,
        va_bank="bca",
        va_number=transaction.va_number,
    )


@pytest.mark.parametrize("seconds", [31, 59, 60, 86_400])
def test_a_charge_expires_exactly_when_the_order_does(
    gateway: Midtrans, simulator: MidtransSimulator, clock: ManualClock, seconds: int
) -> None:
    clock.forward(milliseconds=400)
    expires_at = (clock() + timedelta(seconds=seconds)).replace(microsecond=0)
    gateway.charge(CHARGE, 10_000, Method.QRIS, expires_at)
    transaction = simulator.transaction(CHARGE)
    assert transaction is not None
    assert transaction.expires_at == expires_at


def test_a_charge_whose_time_is_over_is_not_requested(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    for minutes in (0, 0.49):  # Midtrans takes no charge of less than 20 seconds
        with pytest.raises(OrderClosed):
            charge(gateway, minutes=minutes)
    assert simulator.transaction(CHARGE) is None
    charge(gateway, minutes=0.5)


def test_a_charge_id_that_midtrans_cannot_accept_is_a_programming_error(gateway: Midtrans) -> None:
    with pytest.raises(ValueError, match="50 characters"):
        gateway.charge("x" * 51, 10_000, Method.QRIS, START + timedelta(minutes=1))


def test_an_unknown_charge_has_no_status(gateway: Midtrans) -> None:
    assert gateway.status(CHARGE) is None
    gateway.expire(CHARGE)  # nothing to expire: no error either


def test_a_wrong_server_key_is_refused(simulator: MidtransSimulator, clock: ManualClock) -> None:
    stranger = Midtrans(simulator.url, "SB-Mid-server-other", now=clock)
    with pytest.raises(GatewayRefused) as refused:
        charge(stranger)
    assert refused.value.values == {"status_code": 401}
    with pytest.raises(GatewayRefused):
        stranger.status(CHARGE)


def test_an_amount_that_midtrans_cannot_accept_is_refused(gateway: Midtrans) -> None:
    with pytest.raises(GatewayRefused) as refused:
        charge(gateway, amount_idr=0)
    assert refused.value.values == {"status_code": 400}


def test_a_settled_payment_is_reported_with_its_time_in_utc(
    gateway: Midtrans, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    charge(gateway)
    assert state(gateway) is ChargeState.PENDING
    clock.forward(minutes=3)
    assert simulator.pay(CHARGE)
    transaction = simulator.transaction(CHARGE)
    assert transaction is not None
    assert gateway.status(CHARGE) == ChargeStatus(
        charge_id=CHARGE,
        transaction_id=transaction.transaction_id,
        state=ChargeState.SETTLED,
        amount_idr=20_000,
        currency="IDR",
        settled_at=clock(),
        refunds=(),
    )


def test_states_in_capitals_are_the_same_states(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    charge(gateway)
    simulator.pay(CHARGE)
    simulator.add_fault(Fault(FaultKind.UPPER_CASE))
    assert state(gateway) is ChargeState.SETTLED


def test_a_charge_expires_by_its_time_and_on_request(
    gateway: Midtrans, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    charge(gateway)
    clock.forward(minutes=15)
    assert state(gateway) is ChargeState.EXPIRED
    assert not simulator.pay(CHARGE)
    gateway.charge(CHARGE, 10_000, Method.QRIS, clock() + timedelta(hours=1))  # free again
    gateway.expire(CHARGE)
    gateway.expire(CHARGE)
    assert state(gateway) is ChargeState.EXPIRED


def test_a_paid_charge_cannot_be_expired(gateway: Midtrans, simulator: MidtransSimulator) -> None:
    charge(gateway)
    simulator.pay(CHARGE)
    gateway.expire(CHARGE)
    assert state(gateway) is ChargeState.SETTLED


def test_a_payment_of_another_amount_is_reported_as_it_is(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    charge(gateway)
    simulator.add_fault(Fault(FaultKind.WRONG_AMOUNT, amount="19999.50"))
    simulator.pay(CHARGE)
    status = gateway.status(CHARGE)
    assert status is not None
    assert (status.state, status.amount_idr, status.has_fraction) == (
        ChargeState.SETTLED,
        19_999,
        True,
    )


def test_a_payment_may_arrive_after_the_charge_was_expired(
    gateway: Midtrans, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    charge(gateway)
    simulator.add_fault(Fault(FaultKind.LATE_SETTLEMENT, seconds=90))
    simulator.pay(CHARGE)
    clock.forward(minutes=15)
    assert state(gateway) is ChargeState.PENDING  # on its way: time alone expires nothing
    gateway.expire(CHARGE)
    assert state(gateway) is ChargeState.EXPIRED
    expired_at = clock()
    clock.forward(seconds=120)
    status = gateway.status(CHARGE)
    assert status is not None
    assert status.state is ChargeState.SETTLED
    assert status.settled_at == expired_at + timedelta(seconds=90)


def test_two_payments_of_one_charge_are_distinguished_by_transaction(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    charge(gateway)
    simulator.add_fault(Fault(FaultKind.DOUBLE_PAYMENT))
    simulator.pay(CHARGE)
    ids = [each.transaction_id for each in simulator.ledger.latest(9)]
    assert len(ids) == 2
    answers = [gateway.status(each) for each in ids]
    assert [each and each.transaction_id for each in answers] == ids
    assert [each and each.charge_id for each in answers] == [CHARGE, CHARGE]
    later = gateway.status(CHARGE)
    assert later is not None
    assert later.transaction_id == ids[0]


@pytest.mark.parametrize("word", ["deny", "chargeback", "partial_chargeback"])
def test_a_settled_payment_may_be_reversed(
    gateway: Midtrans, simulator: MidtransSimulator, clock: ManualClock, word: str
) -> None:
    charge(gateway)
    simulator.add_fault(Fault(FaultKind.REVERSAL, seconds=180, state=word))
    simulator.pay(CHARGE)
    assert state(gateway) is ChargeState.SETTLED
    clock.forward(minutes=3)
    assert state(gateway) is ChargeState.REVERSED


def test_a_payment_that_the_bank_refused_is_none(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    charge(gateway)
    transaction = simulator.transaction(CHARGE)
    assert transaction is not None
    assert simulator.buyer.reject(transaction)
    assert state(gateway) is ChargeState.DENIED
