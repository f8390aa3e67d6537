"""Xendit as our payment gateway: the `Gateway` port over its payment requests.

https://docs.xendit.co/apidocs. A charge is a payment request whose `reference_id` is our charge id;
Xendit's name of the money is the payment request's own id. A reference may stand on several payment
requests (it forgets idempotency keys), so two payments of one charge are two payment requests.
"""

from datetime import datetime
from urllib.parse import quote

from meterai.domain.errors import ChargeExists, GatewayRefused, OrderClosed, Unavailable
from meterai.domain.orders.payments import (
    CURRENCY,
    ChargeState,
    ChargeStatus,
    Instruction,
    Method,
    RefundOutcome,
    RefundStatus,
)
from meterai.gateways.clock import Now, utc_now
from meterai.gateways.json_client import JsonClient, gateway_http
from meterai.gateways.xendit.answers import (
    STATES,
    Payment,
    PaymentRequest,
    PaymentRequests,
    Payments,
    Refund,
    Refunds,
    iso,
    read_body,
    rupiah,
)
from meterai.gateways.xendit.client import PARTY, Answer, XenditHttp

_TRANSACTION = "pr-"
_VA_BANK = "BCA"
_VA_NAME = "E-Meterai"
_NEVER = frozenset({"REFUND_NOT_SUPPORTED", "PARTIAL_REFUND_NOT_SUPPORTED"})


class Xendit:
    """Every method raises Unavailable when no usable answer came (time-out, reset, 5xx, HTML) and
    GatewayRefused when Xendit refuses the request itself (wrong key, channel not activated)."""

    def __init__(
        self,
        base_url: str,
        secret_key: str,
        *,
        now: Now = utc_now,
        total_timeout_s: float = 6.0,  # a status takes three requests
    ) -> None:
        """`base_url` is `https://api.xendit.co`, for tests too: the key tells them apart."""
        self.name = PARTY
        self._now = now
        self._http = XenditHttp(
            JsonClient(PARTY, base_url, secret_key, gateway_http(total_timeout_s))
        )

    def charge(
        self, charge_id: str, amount_idr: int, method: Method, expires_at: datetime
    ) -> Instruction:
        """Asks for `amount_idr` until `expires_at`; answers how to pay.

        Idempotent by charge id: the key brings back the first answer, QR text and all, also where
        that answer was lost. Raises OrderClosed, with nothing sent, when `expires_at` has passed.
        """
        if expires_at <= self._now():
            raise OrderClosed(charge_id=charge_id, expires_at=expires_at.isoformat())
        answer = self._http.post(
            "/payment_requests",
            {
                "reference_id": charge_id,
                "amount": amount_idr,
                "currency": CURRENCY,
                "country": "ID",
                "payment_method": {
                    "reference_id": charge_id,
                    "reusability": "ONE_TIME_USE",
                    **_method_fields(method, amount_idr, expires_at),
                },
            },
            charge_id,
        )
        if answer.http_status == 409:  # the same key for another request
            standing = self.status(charge_id)
            raise ChargeExists(charge_id=charge_id, state=standing.state if standing else "")
        made = read_body(PaymentRequest, _accepted(answer))
        if made.reference_id != charge_id or rupiah(made.amount) != (amount_idr, False):
            raise Unavailable(party=PARTY, reason="answer_of_another_charge")
        instruction = made.payment_method.instruction()
        if instruction is None or instruction.method is not method:
            raise Unavailable(party=PARTY, reason="unreadable", fields="payment_method")
        return instruction

    def status(self, charge: str) -> ChargeStatus | None:
        """What Xendit says now, by charge id or by payment request id."""
        request = self._find(charge)
        if request is None:
            return None
        payments = self._http.get(f"/v2/payment_methods/{request.payment_method.id}/payments")
        came = [
            payment
            for payment in read_body(Payments, _accepted(payments)).data
            if payment.payment_request_id in (None, request.id) and payment.status == "SUCCEEDED"
        ]
        refunds = self._refunds(request.id) if came else ()
        return _charge_status(request, came[-1] if came else None, refunds)

    def expire(self, charge_id: str) -> None:
        """Asks that it can no longer be paid. Idempotent; ask the status what came of it."""
        request = self._find(charge_id)
        if request is not None:
            self._http.post(f"/v2/payment_methods/{request.payment_method.id}/expire", {})

    def refund(self, charge: str, refund_key: str, amount_idr: int, reason: str) -> RefundOutcome:
        """Asks for money to go back. The same key is the same refund.

        ACCEPTED is a promise; the money is back when the status lists the refund as final.
        """
        request = self._find(charge)
        if request is None:
            return RefundOutcome.UNCLEAR
        answer = self._http.post(
            "/refunds",
            {
                "payment_request_id": request.id,
                "reference_id": refund_key,
                "amount": amount_idr,
                "currency": CURRENCY,
                "reason": "DUPLICATE" if reason == "duplicate_payment" else "CANCELLATION",
                "metadata": {"reason": reason},
            },
            refund_key,
        )
        if answer.error_code in _NEVER:
            return RefundOutcome.NOT_REFUNDABLE
        if answer.error_code == "API_VALIDATION_ERROR":
            raise GatewayRefused(status_code=answer.http_status, error_code=answer.error_code)
        if answer.error_code:
            return RefundOutcome.UNCLEAR
        refund = read_body(Refund, answer.body)
        denied = refund.status in ("FAILED", "CANCELLED")
        return RefundOutcome.DENIED if denied else RefundOutcome.ACCEPTED

    def _find(self, charge: str) -> PaymentRequest | None:
        """By payment request id, or the latest of a reference."""
        if charge.startswith(_TRANSACTION):
            answer = self._http.get(f"/payment_requests/{quote(charge, safe='')}")
            if answer.http_status == 404:
                return None
            return read_body(PaymentRequest, _accepted(answer))
        answer = self._http.get("/payment_requests", reference_id=charge)
        found = read_body(PaymentRequests, _accepted(answer)).data
        if any(request.reference_id != charge for request in found):
            raise Unavailable(party=PARTY, reason="answer_of_another_charge")
        return max(found, key=lambda request: request.created, default=None)

    def _refunds(self, request_id: str) -> tuple[Refund, ...]:
        answer = self._http.get("/refunds", payment_request_id=request_id)
        return read_body(Refunds, _accepted(answer)).data


def _method_fields(method: Method, amount_idr: int, expires_at: datetime) -> dict[str, object]:
    match method:
        case Method.QRIS:
            properties: dict[str, object] = {"expires_at": iso(expires_at)}
            qr_code = {"channel_code": "QRIS", "channel_properties": properties}
            return {"type": "QR_CODE", "qr_code": qr_code}
        case Method.VIRTUAL_ACCOUNT:
            properties = {"customer_name": _VA_NAME, "expires_at": iso(expires_at)}
            account = {
                "channel_code": _VA_BANK,
                "amount": amount_idr,  # closed: the bank takes no other amount
                "channel_properties": properties,
            }
            return {"type": "VIRTUAL_ACCOUNT", "virtual_account": account}


def _accepted(answer: Answer) -> dict[str, object]:
    """The body, when the request was met. Raises GatewayRefused."""
    if answer.error_code:
        raise GatewayRefused(status_code=answer.http_status, error_code=answer.error_code)
    return answer.body


def _charge_status(
    request: PaymentRequest, payment: Payment | None, refunds: tuple[Refund, ...]
) -> ChargeStatus:
    """A payment that came decides; without one, `SUCCEEDED` alone is not believed yet."""
    told = tuple(
        RefundStatus(
            refund.reference_id or "",
            rupiah(refund.amount)[0],
            final=refund.status == "SUCCEEDED",
        )
        for refund in refunds
        if refund.status not in ("FAILED", "CANCELLED")
    )
    try:
        state = STATES[request.status]
    except KeyError:
        raise Unavailable(party=PARTY, reason="unknown_state", state=request.status) from None
    if payment is None and state is ChargeState.SETTLED:
        state = ChargeState.PENDING
    if payment is not None and state is not ChargeState.REVERSED:
        state = ChargeState.REFUNDED if told else ChargeState.SETTLED
    amount_idr, has_fraction = rupiah(payment.amount if payment else request.amount)
    return ChargeStatus(
        charge_id=request.reference_id,
        transaction_id=request.id,
        state=state,
        amount_idr=amount_idr,
        currency=payment.currency if payment else request.currency,
        settled_at=payment.created if payment else None,
        refunds=told,
        has_fraction=has_fraction,
    )
