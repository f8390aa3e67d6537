"""Midtrans as a payment gateway: the `Gateway` port over its Core API.

https://docs.midtrans.com/reference. The official Python client is not used: it has no time-out and
was last released in 2023.
"""

from datetime import datetime, timedelta

from meterai.domain.errors import ChargeExists, OrderClosed, Unavailable
from meterai.domain.orders.payments import (
    ChargeState,
    ChargeStatus,
    Instruction,
    Method,
    RefundOutcome,
)
from meterai.domain.times import utc_text
from meterai.gateways.clock import Now, utc_now
from meterai.gateways.json_client import TOTAL_TIMEOUT_S, JsonClient, gateway_http
from meterai.gateways.keys import RotatingKey
from meterai.gateways.midtrans.answers import (
    JAKARTA,
    PARTY,
    Charged,
    amount_and_fee,
    read_body,
)
from meterai.gateways.midtrans.client import MidtransClient, accepted
from meterai.gateways.midtrans.refunds import REFUND_KEY_LIFETIME, request_refund
from meterai.gateways.midtrans.status_map import charge_status, state_of

MAX_CHARGE_ID = 50
MIN_PAYABLE = timedelta(seconds=30)
"""Midtrans takes 20 s at least (docs.midtrans.com/reference/bca-virtual-account), by its clock."""

_QRIS_ACQUIRER = "gopay"
_VA_BANK = "bca"


class Midtrans:
    """A charge is a Midtrans transaction; its `order_id` there is our charge id.

    Every method raises Unavailable if no usable answer came (time-out, reset, 5xx, HTML), and
    GatewayRefused if Midtrans refuses the request itself (wrong key, method not activated).
    """

    def __init__(
        self,
        base_url: str,
        server_key: str | RotatingKey,
        *,
        now: Now = utc_now,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        """`base_url` is `https://api.midtrans.com` or the sandbox's."""
        self.name = PARTY
        self.refund_key_lifetime = REFUND_KEY_LIFETIME
        self._now = now
        self._client = MidtransClient(
            JsonClient(PARTY, base_url, server_key, gateway_http(total_timeout_s))
        )

    def charge(
        self, charge_id: str, amount_idr: int, method: Method, expires_at: datetime
    ) -> Instruction:
        """Creates a charge of `amount_idr`, payable until `expires_at`; answers how to pay.

        Idempotent by charge id: if Midtrans has the id already (406: the first answer was lost), a
        virtual account is read back from the status. A QRIS text is answered only once, so that
        case raises ChargeExists: nobody has seen that code, and the step expires it and makes a
        new attempt. Raises OrderClosed, with nothing sent, if `expires_at` is too near.
        """
        if len(charge_id) > MAX_CHARGE_ID:
            message = f"Midtrans takes {MAX_CHARGE_ID} characters: {charge_id!r}"
            raise ValueError(message)
        asked_at = self._now()
        if expires_at - asked_at < MIN_PAYABLE:
            raise OrderClosed(charge_id=charge_id, expires_at=utc_text(expires_at))
        answer = self._client.charge(
            {
                "transaction_details": {"order_id": charge_id, "gross_amount": amount_idr},
                "custom_expiry": _custom_expiry(asked_at, expires_at),
                **_method_fields(method),
            }
        )
        if answer.status_code == 406:
            return self._recover(charge_id, amount_idr, method)
        charged = read_body(Charged, accepted(answer, 200, 201))
        fee_idr = self._fee_of(charged, charge_id, amount_idr)
        instruction = _instruction(charged, method, fee_idr)
        if instruction is None:
            raise Unavailable(party=PARTY, reason="unreadable", fields="instruction")
        return instruction

    def status(self, charge: str) -> ChargeStatus | None:
        """As Midtrans answers now. Of two payments of one charge, the charge id answers with the
        later one, and each transaction id with its own."""
        status = self._client.status(charge)
        return None if status is None else charge_status(status)

    def expire(self, charge_id: str) -> None:
        """Idempotent. 404: there is no such charge; 412: it is no longer pending."""
        accepted(self._client.post(charge_id, "expire"), 200, 202, 404, 407, 412)

    def refund(self, charge: str, refund_key: str, amount_idr: int, reason: str) -> RefundOutcome:
        return request_refund(self._client, charge, refund_key, amount_idr, reason, self._now())

    def _fee_of(self, charged: Charged, charge_id: str, amount_idr: int) -> int:
        """What the buyer pays on top of this amount. Where the answer states another amount, the
        status says whether that includes a fee. Raises Unavailable."""
        stated, fee_idr, _ = amount_and_fee(charged)
        if charged.order_id == charge_id and stated != amount_idr:
            status = self._client.status(charge_id)
            stated, fee_idr, _ = (None, 0, False) if status is None else amount_and_fee(status)
        if charged.order_id != charge_id or stated != amount_idr:
            raise Unavailable(party=PARTY, reason="answer_of_another_charge")
        return fee_idr

    def _recover(self, charge_id: str, amount_idr: int, method: Method) -> Instruction:
        """The instruction of a charge whose first answer was lost."""
        status = self._client.status(charge_id)
        if status is None:
            raise Unavailable(party=PARTY, reason="duplicate_but_unknown")
        stated, fee_idr, _ = amount_and_fee(status)
        pending = state_of(status) is ChargeState.PENDING
        instruction = _instruction(status, method, fee_idr)
        if stated == amount_idr and pending and instruction:
            return instruction
        raise ChargeExists(charge_id=charge_id, state=state_of(status).value)


def _method_fields(method: Method) -> dict[str, object]:
    match method:
        case Method.QRIS:
            return {"payment_type": "qris", "qris": {"acquirer": _QRIS_ACQUIRER}}
        case Method.VIRTUAL_ACCOUNT:
            return {"payment_type": "bank_transfer", "bank_transfer": {"bank": _VA_BANK}}


def _custom_expiry(asked_at: datetime, expires_at: datetime) -> dict[str, object]:
    """Whole seconds from a time that we state, so that the end does not depend on their clock."""
    start = asked_at.replace(microsecond=0)
    duration_s = int((expires_at - start).total_seconds())
    return {
        "order_time": start.astimezone(JAKARTA).strftime("%Y-%m-%d %H:%M:%S %z"),
        "expiry_duration": duration_s,
        "unit": "second",
    }


def _instruction(charged: Charged, method: Method, fee_idr: int) -> Instruction | None:
    if method is Method.QRIS and charged.qr_string:
        pages = (action.url for action in charged.actions if action.name == "generate-qr-code")
        return Instruction(method, charged.qr_string, next(pages, None), None, None, fee_idr)
    if method is Method.VIRTUAL_ACCOUNT and charged.va_numbers:
        account = charged.va_numbers[0]
        return Instruction(method, None, None, account.bank, account.va_number, fee_idr)
    return None
