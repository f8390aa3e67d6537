"""What Xendit refuses of a request before it looks at any money.

Payment requests: the channels' pages (https://docs.xendit.co/docs/qris and
/docs/bca-virtual-account: amounts, whether an expiry may be set), the enumerations of the official
clients, and the error codes of https://docs.xendit.co/docs/error-scenarios. That a QRIS code takes
no expiry, in the gateway's own words: https://github.com/xendit/xendit-php/issues/238.
Refunds: https://docs.xendit.co/apidocs/refund-payment-request and /apidocs/create-a-refund.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

QRIS_LIFE = timedelta(hours=48)  # "Payment Request Expiry (hours): 48"; it cannot be set
VA_LIFE = timedelta(days=1)
MAX_REFERENCE = 255  # characters
MAX_METADATA_KEYS, MAX_METADATA_KEY, MAX_METADATA_VALUE = 50, 40, 500

_AMOUNTS_IDR = {"QRIS": (1, 10_000_000), "BCA": (10_000, 50_000_000)}
_QR_CHANNELS = ("QRIS", "DANA", "RCBC", "LINKAJA", "PROMPTPAY", "XENDIT", "QRPH")
_TYPES = (
    "CARD",
    "DIRECT_DEBIT",
    "EWALLET",
    "OVER_THE_COUNTER",
    "QR_CODE",
    "VIRTUAL_ACCOUNT",
    "DIRECT_BANK_TRANSFER",
)
_REUSABILITIES = ("ONE_TIME_USE", "MULTIPLE_USE")
_REASONS = ("FRAUDULENT", "DUPLICATE", "REQUESTED_BY_CUSTOMER", "CANCELLATION", "OTHERS")


class Invalid(Exception):
    """Refused, with the HTTP status, the `error_code` and the message."""

    def __init__(
        self, message: str, error_code: str = "API_VALIDATION_ERROR", http_status: int = 400
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_code = error_code
        self.http_status = http_status


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    reference_id: str
    amount_idr: int
    is_qr: bool
    expires_at: datetime


def read_payment_request(request: Mapping[str, Any], now: datetime) -> PaymentRequest:
    """Raises Invalid."""
    reference = _reference(request, "reference_id")
    if request.get("currency") != "IDR":
        raise Invalid("currency is not supported by this channel", "UNSUPPORTED_CURRENCY")
    if request.get("country", "ID") != "ID":
        raise Invalid("country must be ID for currency IDR")
    _check_metadata(request)
    method = _mapping(request, "payment_method")
    if method.get("reusability") not in _REUSABILITIES:
        raise Invalid("payment_method.reusability is not one of its values")
    if method.get("type") not in _TYPES:
        raise Invalid("payment_method.type is not one of its values")
    if method["type"] == "QR_CODE":
        return _qr_request(request, _mapping(method, "qr_code"), reference, now)
    if method["type"] == "VIRTUAL_ACCOUNT":
        return _va_request(request, _mapping(method, "virtual_account"), reference, now)
    raise _not_activated()


def _qr_request(
    request: Mapping[str, Any], qr_code: Mapping[str, Any], reference: str, now: datetime
) -> PaymentRequest:
    channel = qr_code.get("channel_code")
    if channel not in _QR_CHANNELS:
        raise Invalid("qr_code.channel_code is not one of its values")
    if channel != "QRIS":
        raise _not_activated()
    if "expires_at" in (qr_code.get("channel_properties") or {}):
        raise Invalid("expires_at is not supported by channel 'QRIS'")
    amount_idr = _amount(request, "QRIS")
    return PaymentRequest(reference, amount_idr, is_qr=True, expires_at=now + QRIS_LIFE)


def _va_request(
    request: Mapping[str, Any], account: Mapping[str, Any], reference: str, now: datetime
) -> PaymentRequest:
    if account.get("channel_code") != "BCA":
        raise _not_activated()
    properties = _mapping(account, "channel_properties")
    if not isinstance(properties.get("customer_name"), str) or not properties["customer_name"]:
        raise Invalid("channel_properties.customer_name is required")
    amount_idr = _amount(request, "BCA")
    if account.get("amount", amount_idr) != amount_idr:
        raise Invalid("virtual_account.amount must be the payment request's amount")
    expires_at = now + VA_LIFE
    if "expires_at" in properties:
        try:
            expires_at = datetime.fromisoformat(properties["expires_at"])
        except (TypeError, ValueError):
            raise Invalid("channel_properties.expires_at is no time of ISO 8601") from None
        if expires_at.tzinfo is None or expires_at <= now:
            raise Invalid("channel_properties.expires_at must be in the future")
    return PaymentRequest(reference, amount_idr, is_qr=False, expires_at=expires_at)


def check_refund_request(request: Mapping[str, Any]) -> None:
    """Raises Invalid."""
    if request.get("reason") not in _REASONS:
        raise Invalid("reason is not one of its values")
    if "reference_id" in request:
        _reference(request, "reference_id")
    if request.get("currency", "IDR") != "IDR":
        raise Invalid("currency is not the payment's")
    amount = request.get("amount")
    is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
    if "amount" in request and not (is_number and amount > 0):  # type: ignore[operator]
        raise Invalid("amount must be above 0")
    _check_metadata(request)


def _amount(request: Mapping[str, Any], channel: str) -> int:
    """In rupiah without a fraction."""
    amount = request.get("amount")
    if not isinstance(amount, int | float) or isinstance(amount, bool) or amount != int(amount):
        raise Invalid("amount must be a whole number")
    least, most = _AMOUNTS_IDR[channel]
    if not least <= amount <= most:
        raise Invalid(f"amount must be {least} to {most}", "INVALID_VALUE_ERROR")
    return int(amount)


def _reference(request: Mapping[str, Any], name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_REFERENCE:
        raise Invalid(f"{name} must have 1 to {MAX_REFERENCE} characters")
    return value


def _check_metadata(request: Mapping[str, Any]) -> None:
    metadata = request.get("metadata") or {}
    if (
        not isinstance(metadata, dict)
        or len(metadata) > MAX_METADATA_KEYS
        or any(len(key) > MAX_METADATA_KEY for key in metadata)
        or any(len(str(value)) > MAX_METADATA_VALUE for value in metadata.values())
    ):
        raise Invalid("metadata is larger than allowed")


def _mapping(request: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = request.get(name)
    if not isinstance(value, dict):
        raise Invalid(f"{name} is required")
    return value


def _not_activated() -> Invalid:
    message = "The payment channel has not been activated"
    return Invalid(message, "CHANNEL_NOT_ACTIVATED", 403)
