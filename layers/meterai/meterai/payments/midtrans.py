"""Midtrans as our payment gateway: the `Gateway` port over its Core API.

`https://docs.midtrans.com/reference`. The official client is not used: it has no time-out and has
not been kept since 2023.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NoReturn

from meterai.domain.errors import ChargeExists, GatewayRefused, OrderClosed, Unavailable
from meterai.domain.payments import (
    ChargeState,
    ChargeStatus,
    Instruction,
    Method,
    RefundOutcome,
    RefundStatus,
)
from meterai.payments.midtrans_answers import (
    JAKARTA,
    Charged,
    Refund,
    Status,
    read_body,
    utc_from_jakarta,
    whole_rupiah,
)
from meterai.payments.midtrans_http import Answer, MidtransHttp
from meterai.payments.midtrans_states import state_of

LONGEST_CHARGE_ID = 50

_QRIS_ACQUIRER = "gopay"
_VA_BANK = "bca"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Midtrans:
    """A charge is a Midtrans transaction; its `order_id` there is our charge id.

    Every method raises Unavailable when no usable answer came (time-out, reset, 5xx, HTML) and
    GatewayRefused when Midtrans refuses the request itself (wrong key, method not activated).
    Where a charge id is asked for, a Midtrans transaction id does as well: that tells two payments
    of one charge apart.
    """

    def __init__(
        self,
        base_url: str,
        server_key: str,
        *,
        now: Callable[[], datetime] = _utc_now,
        connect_timeout_s: float = 2.0,
        read_timeout_s: float = 10.0,
    ) -> None:
        """`base_url` is `https://api.midtrans.com` or the sandbox's; a status may ask twice."""
        self.name = "midtrans"
        self._now = now
        self._http = MidtransHttp(base_url, server_key, connect_timeout_s, read_timeout_s)

    def charge(
        self, charge_id: str, amount_idr: int, method: Method, expires_at: datetime
    ) -> Instruction:
        """Asks for `amount_idr` until `expires_at`; answers how to pay.

        Idempotent by charge id: when Midtrans has the id already (406; our first answer was lost)
        a virtual account is read back from the status. A QRIS text is told once only, so that
        case raises ChargeExists: nobody has seen that code, the step expires it and makes a new
        attempt. Raises OrderClosed, with nothing sent, when `expires_at` has passed.
        """
        if len(charge_id) > LONGEST_CHARGE_ID:
            message = f"Midtrans takes {LONGEST_CHARGE_ID} characters: {charge_id!r}"
            raise ValueError(message)
        asked_at = self._now()
        if expires_at <= asked_at:
            raise OrderClosed(charge_id=charge_id, expires_at=expires_at.isoformat())
        answer = self._http.charge(
            {
                "transaction_details": {"order_id": charge_id, "gross_amount": amount_idr},
                "custom_expiry": _custom_expiry(asked_at, expires_at),
                **_method_fields(method),
            }
        )
        if answer.status_code == 406:
            return self._recover(charge_id, amount_idr, method)
        charged = read_body(Charged, _accepted(answer, 200, 201))
        if charged.order_id != charge_id or whole_rupiah(charged.gross_amount) != amount_idr:
            raise Unavailable(party="midtrans", reason="answer_of_another_charge")
        return _instruction(charged, method) or _unreadable("instruction")

    def status(self, charge_id: str) -> ChargeStatus | None:
        """What Midtrans says now; None when it knows no such charge, which concludes nothing.

        Two payments of one charge: the id answers with the later one, each transaction id with
        its own.
        """
        status = self._status(charge_id)
        return None if status is None else _charge_status(status)

    def expire(self, charge_id: str) -> None:
        """Asks that it can no longer be paid. Idempotent.

        Says nothing of the outcome: money may have come first (412). Ask the status.
        """
        answer = self._http.post(charge_id, "expire")
        if answer.status_code not in (404, 412):
            _accepted(answer, 200, 202, 407)

    def refund(
        self, charge_id: str, refund_key: str, amount_idr: int, reason: str
    ) -> RefundOutcome:
        """Asks for money to go back. The same `refund_key` is the same refund, for 7 days.

        ACCEPTED is a promise; the money is back when the status lists the refund as final.
        UNCLEAR (a duplicate id, 414 with its two meanings, any new code): ask the status before
        anything else. NOT_REFUNDABLE is said only of settled money that this refund has not moved.
        """
        answer = self._http.post(
            charge_id,
            "refund",
            {"refund_key": refund_key, "amount": amount_idr, "reason": reason},
        )
        match answer.status_code:
            case 200:
                return RefundOutcome.ACCEPTED
            case 202:
                return RefundOutcome.DENIED
            case 412:
                return self._why_not_refundable(charge_id, refund_key)
            case 400 | 401 | 402 | 403 | 413:
                raise GatewayRefused(status_code=answer.status_code)
            case _:
                return RefundOutcome.UNCLEAR

    def _status(self, charge_id: str) -> Status | None:
        answer = self._http.get(charge_id, "status")
        if answer.status_code == 404:
            return None
        status = read_body(Status, _accepted(answer, 200, 201, 202, 407))
        if charge_id not in (status.order_id, status.transaction_id):
            raise Unavailable(party="midtrans", reason="answer_of_another_charge")
        return status

    def _recover(self, charge_id: str, amount_idr: int, method: Method) -> Instruction:
        """The instruction of a charge that was made by a call whose answer was lost."""
        status = self._status(charge_id)
        if status is None:
            raise Unavailable(party="midtrans", reason="duplicate_but_unknown")
        same = whole_rupiah(status.gross_amount) == amount_idr
        pending = state_of(status) is ChargeState.PENDING
        instruction = _instruction(status, method)
        if same and pending and instruction:
            return instruction
        raise ChargeExists(charge_id=charge_id, state=state_of(status).value)

    def _why_not_refundable(self, charge_id: str, refund_key: str) -> RefundOutcome:
        """412 is said of a method that cannot refund and of money that is no longer there."""
        charge = self.status(charge_id)
        if charge is None:
            return RefundOutcome.UNCLEAR
        if any(refund.refund_key == refund_key for refund in charge.refunds):
            return RefundOutcome.ACCEPTED
        settled = charge.state is ChargeState.SETTLED
        return RefundOutcome.NOT_REFUNDABLE if settled else RefundOutcome.UNCLEAR


def _method_fields(method: Method) -> dict[str, object]:
    match method:
        case Method.QRIS:
            return {"payment_type": "qris", "qris": {"acquirer": _QRIS_ACQUIRER}}
        case Method.VIRTUAL_ACCOUNT:
            return {"payment_type": "bank_transfer", "bank_transfer": {"bank": _VA_BANK}}


def _custom_expiry(asked_at: datetime, expires_at: datetime) -> dict[str, object]:
    """Counts whole seconds from a time we name, so the end does not depend on their clock."""
    start = asked_at.replace(microsecond=0)
    duration_s = max(1, int((expires_at - start).total_seconds()))
    return {
        "order_time": start.astimezone(JAKARTA).strftime("%Y-%m-%d %H:%M:%S %z"),
        "expiry_duration": duration_s,
        "unit": "second",
    }


def _accepted(answer: Answer, *expected: int) -> dict[str, object]:
    """The body, when the outcome is one of those expected. Raises GatewayRefused."""
    if answer.status_code not in expected:
        raise GatewayRefused(status_code=answer.status_code)
    return answer.body


def _instruction(charged: Charged, method: Method) -> Instruction | None:
    if method is Method.QRIS and charged.qr_string:
        pages = (action.url for action in charged.actions if action.name == "generate-qr-code")
        return Instruction(method, charged.qr_string, next(pages, None), None, None)
    if method is Method.VIRTUAL_ACCOUNT and charged.va_numbers:
        account = charged.va_numbers[0]
        return Instruction(method, None, None, account.bank, account.va_number)
    return None


def _charge_status(status: Status) -> ChargeStatus:
    settled_at = utc_from_jakarta(status.settlement_time) if status.settlement_time else None
    return ChargeStatus(
        charge_id=status.order_id,
        transaction_id=status.transaction_id,
        state=state_of(status),
        amount_idr=whole_rupiah(status.gross_amount),
        currency=status.currency,
        settled_at=settled_at,
        refunds=tuple(_refund_status(refund) for refund in status.refunds),
    )


def _refund_status(refund: Refund) -> RefundStatus:
    amount_idr = whole_rupiah(refund.refund_amount)
    if amount_idr is None:
        _unreadable("refund_amount")
    return RefundStatus(refund.refund_key, amount_idr, final=bool(refund.bank_confirmed_at))


def _unreadable(field: str) -> NoReturn:
    raise Unavailable(party="midtrans", reason="unreadable", fields=field)
