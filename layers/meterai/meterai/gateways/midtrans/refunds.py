"""Refunds at Midtrans, to where the money came from.

A direct refund goes to the payer's bank at once; an ordinary one "may take one to two days". Some
methods take only one of them (https://docs.midtrans.com/reference/direct-refund-transaction).
"""

from datetime import datetime, time, timedelta

from meterai.domain.errors import GatewayRefused
from meterai.domain.orders.payments import ChargeState, KeyLifetime, RefundOutcome
from meterai.gateways.midtrans.answers import JAKARTA
from meterai.gateways.midtrans.client import MidtransClient
from meterai.gateways.midtrans.status_map import state_of

REFUND_KEY_LIFETIME = KeyLifetime(  # Midtrans forgets a `refund_key` after 7 days
    resend_within=timedelta(days=6), forgotten_after=timedelta(days=8)
)

_DIRECT, _ORDINARY = "refund/online/direct", "refund"
_NIGHT_BEGINS, _NIGHT_ENDS = time(23, 55), time(6)
_REFUSED_AT_NIGHT = ("qris", "shopeepay")


def request_refund(
    client: MidtransClient,
    charge: str,
    refund_key: str,
    amount_idr: int,
    reason: str,
    now: datetime,
) -> RefundOutcome:
    """As `Gateway.refund`. UNCLEAR is answered for a duplicate key, for 414, which has two
    meanings, and for any code that is not documented. NOT_REFUNDABLE is answered only for settled
    money that this refund has not moved: an ordinary one is asked for then, under the same key."""
    body: dict[str, object] = {"refund_key": refund_key, "amount": amount_idr, "reason": reason}
    outcome = _request(client, charge, _DIRECT, body, now)
    if outcome is RefundOutcome.NOT_REFUNDABLE:
        outcome = _request(client, charge, _ORDINARY, body, now)
    return outcome


def _request(
    client: MidtransClient, charge: str, action: str, body: dict[str, object], now: datetime
) -> RefundOutcome:
    answer = client.post(charge, action, body)
    match answer.status_code:
        case 200:
            return RefundOutcome.ACCEPTED
        case 202:
            return RefundOutcome.UNCLEAR if _is_night(now) else RefundOutcome.DENIED
        case 412:
            return _why_not_modified(client, charge, str(body["refund_key"]), now)
        case 400 | 402 | 403 | 413:
            raise GatewayRefused(status_code=answer.status_code)
        case _:
            return RefundOutcome.UNCLEAR


def _why_not_modified(
    client: MidtransClient, charge: str, refund_key: str, now: datetime
) -> RefundOutcome:
    """412 means a method that cannot be refunded, or money that is no longer there."""
    status = client.status(charge)
    if status is None:
        return RefundOutcome.UNCLEAR
    if any(refund.refund_key == refund_key for refund in status.refunds):
        return RefundOutcome.ACCEPTED
    # Part of it went back, and no other refund is under way: the rest is settled.
    has_settled_rest = status.transaction_status.lower() == "partial_refund" and all(
        refund.bank_confirmed_at for refund in status.refunds
    )
    is_settled = state_of(status) is ChargeState.SETTLED or has_settled_rest
    may_be_night = _is_night(now) and status.payment_type in _REFUSED_AT_NIGHT
    is_final = is_settled and not may_be_night
    return RefundOutcome.NOT_REFUNDABLE if is_final else RefundOutcome.UNCLEAR


def _is_night(now: datetime) -> bool:
    """ShopeePay, which may be behind any QRIS code, refuses every refund from 23:55 to 06:00 WIB:
    a refusal then is not final."""
    local = now.astimezone(JAKARTA).time()
    return local >= _NIGHT_BEGINS or local < _NIGHT_ENDS
