"""What becomes of settled money, judged by the gateway's time and never by ours."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payment_disposition import refund_reason_for
from meterai.domain.refunds.refunds import RefundReason
from tests.unit.domain.facts import NOW, PAID, PAYMENT_ID, PENDING, STATUS

EXPIRY = PENDING.expires_at


@pytest.mark.parametrize("settled_at", [NOW, EXPIRY, None])
def test_the_right_amount_in_time_pays(settled_at: datetime | None) -> None:
    status = replace(STATUS, settled_at=settled_at)
    assert refund_reason_for(PENDING, PAYMENT_ID, status) is None


def test_one_moment_after_the_expiry_is_late() -> None:
    status = replace(STATUS, settled_at=EXPIRY + timedelta(microseconds=1))
    assert refund_reason_for(PENDING, PAYMENT_ID, status) is RefundReason.LATE_PAYMENT


def test_money_for_an_expired_order_is_late_even_if_it_settled_in_time() -> None:
    expired = replace(PENDING, state=OrderState.EXPIRED)
    assert refund_reason_for(expired, PAYMENT_ID, STATUS) is RefundReason.LATE_PAYMENT


def test_money_for_a_cancelled_order_is_late_whenever_it_settled() -> None:
    cancelled = replace(PENDING, cancelled_at=EXPIRY)
    assert refund_reason_for(cancelled, PAYMENT_ID, STATUS) is RefundReason.LATE_PAYMENT


@pytest.mark.parametrize(
    ("amount_idr", "currency"),
    [(47_999, "IDR"), (48_001, "IDR"), (None, "IDR"), (48_000, "USD"), (48_000, "")],
)
def test_another_amount_or_currency_is_returned(amount_idr: int | None, currency: str) -> None:
    status = replace(STATUS, amount_idr=amount_idr, currency=currency)
    assert refund_reason_for(PENDING, PAYMENT_ID, status) is RefundReason.AMOUNT_MISMATCH


def test_a_second_payment_is_returned_and_the_first_stays() -> None:
    assert refund_reason_for(PAID, PAYMENT_ID, STATUS) is None
    assert refund_reason_for(PAID, "midtrans#tx-2", STATUS) is RefundReason.DUPLICATE_PAYMENT


@pytest.mark.parametrize("state", OrderState)
def test_a_payment_that_paid_once_stays_paid_whatever_is_reported_later(state: OrderState) -> None:
    later = replace(STATUS, amount_idr=1, settled_at=EXPIRY + timedelta(days=9))
    assert refund_reason_for(replace(PAID, state=state), PAYMENT_ID, later) is None
