"""Midtrans's "automatic fee imposition": a buyer pays the fee on top of the order's amount."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from meterai.domain.days import day_of, end_of
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.reconciliation.ledger import LedgerAccount
from meterai.domain.refunds.refunds import RefundReason, RefundState
from meterai.gateways.midtrans.answers import Charged, amount_and_fee
from tests.integration.gateways.gateway_harness import GatewayHarness, open_harness
from tests.midtrans import Fault, FaultKind

PRICE_IDR, FEE_IDR = 12_000, 85  # 0.7 % of 12,085


@pytest.fixture
def imposing() -> Iterator[GatewayHarness]:
    with open_harness("midtrans", fee_percent=Decimal("0.7")) as harness:
        yield harness


@pytest.mark.parametrize("method", Method)
def test_the_orders_amount_pays_the_order_and_the_fee_is_booked(
    imposing: GatewayHarness, method: Method
) -> None:
    order = imposing.buy(method)
    assert order.instruction is not None
    assert order.instruction.fee_idr == FEE_IDR
    assert imposing.simulator.pay(order.charge_id)
    imposing.pump.deliver()
    assert imposing.stored(order).state is OrderState.PAID
    [payment] = imposing.state.payments.values()
    assert (payment.amount_idr, payment.fee_idr) == (PRICE_IDR, FEE_IDR)
    ledger = imposing.app.ledger()
    assert ledger.differences == ()
    assert ledger.balances_idr[LedgerAccount.GATEWAY_FEES] == -FEE_IDR
    assert ledger.balances_idr[LedgerAccount.UNUSED_EMETERAI] == -PRICE_IDR
    assert ledger.balances_idr[LedgerAccount.GATEWAY_CLEARING] == PRICE_IDR + FEE_IDR


def test_a_refund_of_e_meterai_returns_their_price_and_the_buyer_bears_the_fee(
    imposing: GatewayHarness,
) -> None:
    order = imposing.buy(quantity=2)
    assert imposing.simulator.pay(order.charge_id)
    imposing.pump.deliver()
    imposing.app.refund(order.order_id)
    imposing.pump.until_idle()
    [refund] = imposing.state.refunds.values()
    assert (refund.amount_idr, refund.state) == (PRICE_IDR, RefundState.CONFIRMED)
    assert imposing.app.ledger().differences == ()


def test_money_that_bought_nothing_goes_back_with_its_fee(imposing: GatewayHarness) -> None:
    imposing.simulator.add_fault(Fault(FaultKind.LATE_SETTLEMENT))
    order = imposing.buy()
    assert imposing.simulator.pay(order.charge_id)
    imposing.pump.until_idle()
    [refund] = imposing.state.refunds.values()
    assert (refund.reason, refund.amount_idr) == (RefundReason.LATE_PAYMENT, PRICE_IDR + FEE_IDR)
    assert refund.state is RefundState.CONFIRMED
    assert imposing.held_by_gateway_idr == 0
    assert imposing.app.ledger().differences == ()


def test_a_fee_that_a_bank_takes_back_is_our_loss(imposing: GatewayHarness) -> None:
    imposing.simulator.add_fault(Fault(FaultKind.REVERSAL, seconds=180))
    order = imposing.buy()
    assert imposing.simulator.pay(order.charge_id)
    imposing.pump.until_idle()
    assert imposing.stored(order).state is OrderState.REVERSED
    ledger = imposing.app.ledger()
    assert ledger.differences == ()
    assert ledger.balances_idr[LedgerAccount.LOSSES] == FEE_IDR
    assert ledger.balances_idr[LedgerAccount.GATEWAY_CLEARING] == 0


def test_a_day_with_fees_is_reconciled_without_asking_the_gateway(imposing: GatewayHarness) -> None:
    day = day_of(imposing.state.now)
    order = imposing.buy()
    assert imposing.simulator.pay(order.charge_id)
    imposing.pump.deliver()
    imposing.state.now = end_of(day) + timedelta(hours=3)
    imposing.simulator.add_fault(Fault(FaultKind.BROKEN, endpoint="status", times=9))
    imposing.app.reconcile()
    found = imposing.state.day_reports[day]
    assert found.differences == ()
    assert found.compared.gateway_idr == found.compared.ours_idr == PRICE_IDR + FEE_IDR


def test_an_account_number_that_is_read_back_has_its_fee_too(imposing: GatewayHarness) -> None:
    imposing.simulator.add_fault(Fault(FaultKind.LOST_AFTER, endpoint="charge"))
    order = imposing.buy(Method.VIRTUAL_ACCOUNT)
    assert order.instruction is not None
    assert order.instruction.fee_idr == FEE_IDR


INFO = {"gross_amount_info": {"original_amount": "10000", "gross_amount": 10_071}}


@pytest.mark.parametrize(
    ("gross_amount", "fields", "read"),
    [
        ("10071.00", {"extra_info": INFO}, (10_000, 71, False)),
        ("10071.00", {"metadata": {"extra_info": INFO}}, (10_000, 71, False)),
        ("10071.50", {"extra_info": INFO}, (10_000, 71, False)),
        ("10000.00", {"extra_info": INFO}, (10_000, 0, False)),
        ("9999.00", {"extra_info": INFO}, (9_999, 0, False)),  # less came than the order's amount
        ("10071.00", {"metadata": "of the merchant"}, (10_071, 0, False)),
        ("10071.00", {"metadata": {"extra_info": None}}, (10_071, 0, False)),
        ("10071.00", {"extra_info": {"gross_amount_info": {}}}, (10_071, 0, False)),
        ("x", {"extra_info": INFO}, (None, 0, False)),
    ],
)
def test_what_is_not_stated_is_not_taken_for_a_fee(
    gross_amount: str, fields: dict[str, object], read: tuple[int | None, int, bool]
) -> None:
    charged = Charged.model_validate(
        {
            "order_id": "ord_A-1",
            "transaction_id": "t",
            "gross_amount": gross_amount,
            "transaction_status": "settlement",
            **fields,
        }
    )
    assert amount_and_fee(charged) == read
