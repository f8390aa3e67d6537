"""Midtrans as our payment gateway: the `Gateway` port over its Core API.

`https://docs.midtrans.com/reference`. The official client is not used: it has no time-out and has
not been kept since 2023.
"""

from datetime import datetime, time
from typing import NoReturn

from meterai.domain.errors import ChargeExists, GatewayRefused, OrderClosed, Unavailable
from meterai.domain.orders.payments import (
    ChargeState,
    ChargeStatus,
    Instruction,
    Method,
    RefundOutcome,
    RefundStatus,
)
from meterai.gateways.clock import Now, utc_now
from meterai.gateways.json_client import TOTAL_TIMEOUT_S, JsonClient, gateway_http
from meterai.gateways.midtrans.answers import (
    JAKARTA,
    Charged,
    Refund,
    Status,
    read_body,
    split_rupiah,
    utc_from_jakarta,
    whole_rupiah,
)
from meterai.gateways.midtrans.client import PARTY, Answer, MidtransHttp
from meterai.gateways.midtrans.status_map import state_of

MAX_CHARGE_ID = 50

_QRIS_ACQUIRER = "gopay"
_NIGHT_BEGINS, _NIGHT_ENDS = time(23, 55), time(6)
_SLEEPING = ("qris", "shopeepay")
_VA_BANK = "bca"


class Midtrans:
    """A charge is a Midtrans transaction; its `order_id` there is our charge id.

    Every method raises Unavailable when no usable answer came (time-out, reset, 5xx, HTML) and
    GatewayRefused when Midtrans refuses the request itself (wrong key, method not activated).
    """

    def __init__(
        self,
        base_url: str,
        server_key: str,
        *,
        now: Now = utc_now,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        """`base_url` is `https://api.midtrans.com` or the sandbox's; a status may ask twice."""
        self.name = PARTY
        self._now = now
        self._http = MidtransHttp(
            JsonClient(PARTY, base_url, server_key, gateway_http(total_timeout_s))
        )

    def charge(
        self, charge_id: str, amount_idr: int, method: Method, expires_at: datetime
    ) -> Instruction:
        """Asks for `amount_idr` until `expires_at`; answers how to pay.

        Idempotent by charge id: when Midtrans has the id already (406; our first answer was lost)
        a virtual account is read back from the status. A QRIS text is told once only, so that
        case raises ChargeExists: nobody has seen that code, the step expires it and makes a new
        attempt. Raises OrderClosed, with nothing sent, when `expires_at` has passed.
        """
        if len(charge_id) > MAX_CHARGE_ID:
            message = f"Midtrans takes {MAX_CHARGE_ID} characters: {charge_id!r}"
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
            raise Unavailable(party=PARTY, reason="answer_of_another_charge")
        return _instruction(charged, method) or _unreadable("instruction")

    def status(self, charge: str) -> ChargeStatus | None:
        """What Midtrans says now; None when it knows no such charge, which concludes nothing.

        Two payments of one charge: the id answers with the later one, each transaction id with
        its own.
        """
        status = self._status(charge)
        return None if status is None else _charge_status(status)

    def expire(self, charge_id: str) -> None:
        """Asks that it can no longer be paid. Idempotent.

        Says nothing of the outcome: money may have come first (412). Ask the status.
        """
        answer = self._http.post(charge_id, "expire")
        if answer.status_code not in (404, 412):
            _accepted(answer, 200, 202, 407)

    def refund(self, charge: str, refund_key: str, amount_idr: int, reason: str) -> RefundOutcome:
        """Asks for money to go back. The same `refund_key` is the same refund, for 7 days.

        ACCEPTED is a promise; the money is back when the status lists the refund as final.
        UNCLEAR (a duplicate id, 414 with its two meanings, any new code): ask the status before
        anything else. NOT_REFUNDABLE is said only of settled money that this refund has not moved.
        """
        answer = self._http.post(
            charge,
            "refund",
            {"refund_key": refund_key, "amount": amount_idr, "reason": reason},
        )
        match answer.status_code:
            case 200:
                return RefundOutcome.ACCEPTED
            case 202:
                return RefundOutcome.UNCLEAR if self._is_night() else RefundOutcome.DENIED
            case 412:
                return self._why_not_refundable(charge, refund_key)
            case 400 | 401 | 402 | 403 | 413:
                raise GatewayRefused(status_code=answer.status_code)
            case _:
                return RefundOutcome.UNCLEAR

    def _status(self, charge: str) -> Status | None:
        answer = self._http.get(charge, "status")
        if answer.status_code == 404:
            return None
        status = read_body(Status, _accepted(answer, 200, 201, 202, 407))
        if charge not in (status.order_id, status.transaction_id):
            raise Unavailable(party=PARTY, reason="answer_of_another_charge")
        return status

    def _recover(self, charge_id: str, amount_idr: int, method: Method) -> Instruction:
        """The instruction of a charge that was made by a call whose answer was lost."""
        status = self._status(charge_id)
        if status is None:
            raise Unavailable(party=PARTY, reason="duplicate_but_unknown")
        same = whole_rupiah(status.gross_amount) == amount_idr
        pending = state_of(status) is ChargeState.PENDING
        instruction = _instruction(status, method)
        if same and pending and instruction:
            return instruction
        raise ChargeExists(charge_id=charge_id, state=state_of(status).value)

    def _why_not_refundable(self, charge: str, refund_key: str) -> RefundOutcome:
        """412 is said of a method that cannot refund and of money that is no longer there."""
        status = self._status(charge)
        if status is None:
            return RefundOutcome.UNCLEAR
        if any(refund.refund_key == refund_key for refund in status.refunds):
            return RefundOutcome.ACCEPTED
        settled = state_of(status) is ChargeState.SETTLED
        sleeps = self._is_night() and status.payment_type in _SLEEPING
        return RefundOutcome.NOT_REFUNDABLE if settled and not sleeps else RefundOutcome.UNCLEAR

    def _is_night(self) -> bool:
        """ShopeePay, which may stand behind any QRIS code, turns every refund down in these hours:
        no word then is its last. https://docs.midtrans.com/reference/direct-refund-transaction"""
        clock = self._now().astimezone(JAKARTA).time()
        return clock >= _NIGHT_BEGINS or clock < _NIGHT_ENDS


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
    amount_idr, has_fraction = split_rupiah(status.gross_amount)
    return ChargeStatus(
        charge_id=status.order_id,
        transaction_id=status.transaction_id,
        state=state_of(status),
        amount_idr=amount_idr,
        has_fraction=has_fraction,
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
    raise Unavailable(party=PARTY, reason="unreadable", fields=field)
