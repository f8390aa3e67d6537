"""The bodies of Midtrans's answers, as far as they are read; unknown fields are ignored.

Shapes: https://docs.midtrans.com/reference/qris, /reference/bank-transfer and
/docs/get-status-api-requests. Amounts are strings such as `"100000.00"`, times are
`YYYY-MM-DD HH:MM:SS` in GMT+7 without a zone, and samples differ in which fields they carry.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from meterai.domain.errors import Unavailable

PARTY = "midtrans"
PAYOUTS_PARTY = "midtrans_payouts"

JAKARTA = timezone(timedelta(hours=7))  # WIB has no daylight saving time: no tzdata needed

BodyT = TypeVar("BodyT", bound="Body")

_TIME_FORM = "%Y-%m-%d %H:%M:%S"
_RUPIAH = re.compile(r"(-?[0-9]{1,15})(?:\.([0-9]+))?")


class Body(BaseModel):
    """Some fields come as numbers in one answer and as strings in another."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class Action(Body):
    name: str
    url: str


class VaNumber(Body):
    bank: str
    va_number: str


class Refund(Body):
    """One refund; without `bank_confirmed_at` it was requested and is not final."""

    refund_key: str = ""
    refund_amount: str
    bank_confirmed_at: str | None = None


class Charged(Body):
    """Answer to POST /v2/charge (201), and, as far as it goes, of the status endpoint."""

    order_id: str
    transaction_id: str
    gross_amount: str
    transaction_status: str
    payment_type: str = ""
    actions: tuple[Action, ...] = ()
    qr_string: str | None = None
    va_numbers: tuple[VaNumber, ...] = ()
    metadata: Any = None
    extra_info: Any = None

    @property
    def original_amount(self) -> str | None:
        """The order's amount, where `gross_amount` is that and a fee which the buyer bears:
        "automatic fee imposition", https://docs.midtrans.com/docs/snap-advanced-feature. A status
        has it below `metadata`, a webhook has it at the top."""
        below = self.metadata.get("extra_info") if isinstance(self.metadata, dict) else None
        for extra in (below, self.extra_info):
            info = extra.get("gross_amount_info") if isinstance(extra, dict) else None
            if isinstance(info, dict) and "original_amount" in info:
                return str(info["original_amount"])
        return None


class Status(Charged):
    """Answer to GET /v2/{order_id}/status."""

    status_code: str
    currency: str = "IDR"  # older answers carry none; Midtrans charges in rupiah only
    fraud_status: str | None = None
    settlement_time: str | None = None
    refunds: tuple[Refund, ...] = ()


def read_body(model: type[BodyT], body: object, party: str = PARTY) -> BodyT:
    """The body as `model`. Raises Unavailable: an answer that cannot be read proves nothing."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        fields = ",".join(sorted({str(part["loc"][0]) for part in error.errors() if part["loc"]}))
        raise Unavailable(party=party, reason="unreadable", fields=fields) from None


def amount_and_fee(charged: Charged) -> tuple[int | None, int, bool]:
    """The order's amount in whole rupiah, None if it cannot be read; the fee on top of it; and
    whether there are sen beside the amount."""
    gross_idr, has_fraction = split_rupiah(charged.gross_amount)
    original_idr = whole_rupiah(charged.original_amount or "")
    if gross_idr is None or original_idr is None or not 0 < original_idr <= gross_idr:
        return gross_idr, 0, has_fraction
    return original_idr, gross_idr - original_idr, False


def whole_rupiah(amount: str) -> int | None:
    """`"100000.00"` as 100000; None when it is not a whole number of rupiah, or below 0."""
    rupiah, has_fraction = split_rupiah(amount)
    return None if has_fraction or rupiah is None or rupiah < 0 else rupiah


def split_rupiah(amount: str) -> tuple[int | None, bool]:
    """The whole rupiah of `"100000.50"`, None when it is no amount; and whether there are sen."""
    match = _RUPIAH.fullmatch(amount)
    return (int(match[1]), bool((match[2] or "").strip("0"))) if match else (None, False)


def utc_from_jakarta(text: str) -> datetime:
    """`"2021-06-23 11:27:50"` (GMT+7) as aware UTC. Raises Unavailable."""
    try:
        return datetime.strptime(text, _TIME_FORM).replace(tzinfo=JAKARTA).astimezone(UTC)
    except ValueError:
        raise Unavailable(party=PARTY, reason="unreadable", fields="time") from None
