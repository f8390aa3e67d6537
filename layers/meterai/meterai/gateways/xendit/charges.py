"""Xendit as a payment gateway: the `Gateway` port over its payment requests.

https://docs.xendit.co/apidocs. A charge is a payment request whose `reference_id` is our charge id;
its transaction id is the payment request's own id. Several payment requests may have one reference,
since Xendit forgets idempotency keys: two payments of one charge are two payment requests.
"""

from datetime import datetime

from meterai.domain.errors import ChargeExists, OrderClosed, Unavailable
from meterai.domain.orders.payments import (
    CURRENCY,
    ChargeStatus,
    Instruction,
    Method,
    RefundOutcome,
)
from meterai.domain.times import utc_text
from meterai.gateways.clock import Now, utc_now
from meterai.gateways.json_client import JsonClient, gateway_http
from meterai.gateways.keys import RotatingKey
from meterai.gateways.xendit.answers import (
    PARTY,
    PaymentRequest,
    Payments,
    Refunds,
    iso,
    read_body,
    rupiah,
)
from meterai.gateways.xendit.client import XenditClient, accepted
from meterai.gateways.xendit.refunds import REFUND_KEY_LIFETIME, request_refund
from meterai.gateways.xendit.status_map import charge_status

_VA_BANK = "BCA"
_VA_NAME = "E-Meterai"


class Xendit:
    """Every method raises Unavailable if no usable answer came (time-out, reset, 5xx, HTML), and
    GatewayRefused if Xendit refuses the request itself (wrong key, channel not activated)."""

    def __init__(
        self,
        base_url: str,
        secret_key: str | RotatingKey,
        *,
        now: Now = utc_now,
        total_timeout_s: float = 6.0,  # a status takes three requests
    ) -> None:
        """`base_url` is `https://api.xendit.co`, also for test mode: the key chooses that."""
        self.name = PARTY
        self.refund_key_lifetime = REFUND_KEY_LIFETIME
        self._now = now
        self._client = XenditClient(
            JsonClient(PARTY, base_url, secret_key, gateway_http(total_timeout_s))
        )

    def charge(
        self, charge_id: str, amount_idr: int, method: Method, expires_at: datetime
    ) -> Instruction:
        """Creates a charge of `amount_idr`; answers how to pay. A virtual account is payable until
        `expires_at`, a QRIS code until `expire` closes it: what is paid in between is late money.

        Idempotent by charge id: the same key gets the first answer again, with its QR text, also if
        that answer was lost. Raises OrderClosed, with nothing sent, if `expires_at` has passed.
        """
        if expires_at <= self._now():
            raise OrderClosed(charge_id=charge_id, expires_at=utc_text(expires_at))
        answer = self._client.post(
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
        if answer.status_code == 409:  # the same key for another request
            standing = self.status(charge_id)
            raise ChargeExists(charge_id=charge_id, state=standing.state if standing else "")
        made = read_body(PaymentRequest, accepted(answer))
        if made.reference_id != charge_id or rupiah(made.amount) != (amount_idr, False):
            raise Unavailable(party=PARTY, reason="answer_of_another_charge")
        instruction = made.payment_method.instruction()
        if instruction is None or instruction.method is not method:
            raise Unavailable(party=PARTY, reason="unreadable", fields="payment_method")
        return instruction

    def status(self, charge: str) -> ChargeStatus | None:
        """As Xendit answers now, by charge id or by payment request id. Up to three GETs."""
        request = self._client.payment_request(charge)
        if request is None:
            return None
        answer = self._client.get(f"/v2/payment_methods/{request.payment_method.id}/payments")
        succeeded = [
            payment
            for payment in read_body(Payments, accepted(answer)).data
            if payment.payment_request_id in (None, request.id) and payment.status == "SUCCEEDED"
        ]
        if not succeeded:
            return charge_status(request, None, ())
        answer = self._client.get("/refunds", payment_request_id=request.id)
        refunds = read_body(Refunds, accepted(answer)).data
        return charge_status(request, succeeded[-1], refunds)

    def expire(self, charge_id: str) -> None:
        """Idempotent. Where there is no such charge nothing is sent; 400: it is no longer
        pending."""
        request = self._client.payment_request(charge_id)
        if request is not None:
            address = f"/v2/payment_methods/{request.payment_method.id}/expire"
            accepted(self._client.post(address, {}), 400, 404)

    def refund(self, charge: str, refund_key: str, amount_idr: int, reason: str) -> RefundOutcome:
        return request_refund(self._client, charge, refund_key, amount_idr, reason)


def _method_fields(method: Method, amount_idr: int, expires_at: datetime) -> dict[str, object]:
    match method:
        case Method.QRIS:
            # No `expires_at`: "not supported by channel 'QRIS'", whose codes last 48 hours
            # (docs.xendit.co/docs/qris, github.com/xendit/xendit-php/issues/238).
            return {"type": "QR_CODE", "qr_code": {"channel_code": "QRIS"}}
        case Method.VIRTUAL_ACCOUNT:
            properties = {"customer_name": _VA_NAME, "expires_at": iso(expires_at)}
            account = {
                "channel_code": _VA_BANK,
                "amount": amount_idr,  # closed: the bank takes no other amount
                "channel_properties": properties,
            }
            return {"type": "VIRTUAL_ACCOUNT", "virtual_account": account}
