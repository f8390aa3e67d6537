"""The request of POST /v2/charge, and its validation.

https://docs.midtrans.com/reference/charge-transactions-1: `transaction_details` with `order_id` (at
most 50 characters, /reference/json-object) and a whole `gross_amount`; `custom_expiry` with a zoned
`order_time`. How long a bank transfer may wait: /reference/bca-virtual-account. That the items must
add up to `gross_amount`: https://docs.midtrans.com/docs/error-code-and-response-code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_ORDER_ID = 50

_ORDER_ID = re.compile(r"[A-Za-z0-9._~-]+")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_DEFAULT_LIFE = {"qris": timedelta(minutes=15), "bank_transfer": timedelta(days=1)}
_BANK_TRANSFER_LASTS = (timedelta(seconds=20), timedelta(days=180))
_BANKS = ("bca",)
_ACQUIRERS = ("gopay", "airpay shopee")


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    order_id: str
    amount_idr: int
    payment_type: str
    expires_at: datetime


class Invalid(Exception):
    """Refused: `status_code` 400 with the messages, or 402 for a method that is not activated."""

    def __init__(self, status_code: int, *messages: str) -> None:
        super().__init__(messages)
        self.status_code = status_code
        self.messages = messages


def read_charge_request(body: Mapping[str, object], now: datetime) -> ChargeRequest:
    """Raises Invalid."""
    details = _mapping(body, "transaction_details")
    order_id = details.get("order_id")
    if not isinstance(order_id, str) or not order_id:
        raise Invalid(400, "transaction_details.order_id is required")
    if len(order_id) > MAX_ORDER_ID:
        raise Invalid(400, "transaction_details.order_id is too long")
    if _ORDER_ID.fullmatch(order_id) is None:
        raise Invalid(400, "transaction_details.order_id contains illegal characters")
    amount = details.get("gross_amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        raise Invalid(400, "transaction_details.gross_amount is not a whole number above 0")
    if "item_details" in body and _sum_of_items(body["item_details"]) != amount:
        message = "transaction_details.gross_amount is not equal to the sum of item_details"
        raise Invalid(400, message)
    payment_type = _payment_type(body)
    expires_at = _expiry(body, now + _DEFAULT_LIFE[payment_type], now)
    least, most = _BANK_TRANSFER_LASTS
    if payment_type == "bank_transfer" and not least <= expires_at - now <= most:
        raise Invalid(400, "custom_expiry is not between 20 seconds and 180 days")
    return ChargeRequest(order_id, amount, payment_type, expires_at)


def _sum_of_items(items: object) -> int:
    """Raises Invalid."""
    try:
        return sum(item["price"] * item["quantity"] for item in items)  # type: ignore[attr-defined]
    except (KeyError, TypeError):
        raise Invalid(400, "item_details is malformed") from None


def _payment_type(body: Mapping[str, object]) -> str:
    payment_type = body.get("payment_type")
    if not isinstance(payment_type, str):
        raise Invalid(400, "payment_type is required")
    if payment_type == "qris":
        chosen = _mapping(body, "qris", required=False).get("acquirer", "gopay") in _ACQUIRERS
    elif payment_type == "bank_transfer":
        chosen = _mapping(body, "bank_transfer").get("bank") in _BANKS
    else:
        chosen = False
    if not chosen:
        raise Invalid(402, "Payment channel is not activated.")
    return payment_type


def _expiry(body: Mapping[str, object], default: datetime, now: datetime) -> datetime:
    if "custom_expiry" not in body:
        return default
    custom = _mapping(body, "custom_expiry")
    duration, unit = custom.get("expiry_duration"), custom.get("unit", "minute")
    if not isinstance(duration, int) or duration < 1 or unit not in _SECONDS:
        raise Invalid(400, "custom_expiry.expiry_duration or custom_expiry.unit is invalid")
    start = now
    if "order_time" in custom:
        try:
            start = datetime.strptime(str(custom["order_time"]), "%Y-%m-%d %H:%M:%S %z")
        except ValueError:
            raise Invalid(400, "custom_expiry.order_time is not yyyy-MM-dd hh:mm:ss Z") from None
    expires_at = start + timedelta(seconds=duration * _SECONDS[str(unit)])
    if expires_at <= now:
        raise Invalid(400, "custom_expiry ends in the past")
    return expires_at


def _mapping(
    body: Mapping[str, object], name: str, *, required: bool = True
) -> Mapping[str, object]:
    value = body.get(name)
    if isinstance(value, dict):
        return value
    if required or name in body:
        raise Invalid(400, f"{name} is required")
    return {}
