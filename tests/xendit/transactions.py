"""Xendit's list of transactions: payments, refunds and payouts in one, the newest first.

https://docs.xendit.co/apidocs/list-transactions, field for field. Which id
`product_id` is for a payment of a payment request is not documented; here it is the payment
request's.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.midtrans.ledger import Ledger, Transaction
from tests.xendit import bodies
from tests.xendit.bodies import Body, iso
from tests.xendit.payouts import Payout, Payouts

MAX_PAGE = 50

_ALL = ("PAYMENT", "REFUND", "DISBURSEMENT")
_REFUND_STATUS = {"SUCCEEDED": "SUCCESS", "PENDING": "PENDING", "FAILED": "FAILED"}
_PAYOUT_STATUS = {
    "ACCEPTED": "PENDING",
    "REQUESTED": "PENDING",
    "SUCCEEDED": "SUCCESS",
    "FAILED": "FAILED",
    "REVERSED": "REVERSED",
}


def list_transactions(
    ledger: Ledger, payouts: Payouts, query: Mapping[str, Sequence[str]], now: datetime
) -> Body:
    begins, ends = (
        datetime.fromisoformat(query.get(f"created[{side}]", [always])[0])
        for side, always in (("gte", "1970-01-01T00:00:00Z"), ("lte", "9999-12-31T00:00:00Z"))
    )
    limit = int(float(query.get("limit", ["10"])[0]))  # the official client writes `10.0`
    if not 1 <= limit <= MAX_PAGE:
        return bodies.error("API_VALIDATION_ERROR", "limit must be less than or equal to 50")
    rows = sorted(
        (
            (at, row)
            for at, row in (*_money_in(ledger), *_money_out(payouts, now))
            if row["type"] in query.get("types", _ALL) and begins <= at <= ends
        ),
        key=lambda one: (one[0], str(one[1]["id"])),
        reverse=True,
    )
    after = query.get("after_id", [""])[0]
    ids = [row["id"] for _, row in rows]
    first = ids.index(after) + 1 if after in ids else 0
    page = [row for _, row in rows[first : first + limit]]
    return {"has_more": first + limit < len(rows), "data": page, "links": []}


def _money_in(ledger: Ledger) -> Iterator[tuple[datetime, Body]]:
    for one in ledger.all():
        if one.settled_at is not None:
            taken_back = one.state in ("deny", "chargeback", "partial_chargeback")
            amount = bodies.payment(one)["amount"]
            yield (
                one.settled_at,
                _row(
                    "PAYMENT",
                    bodies.request_id(one),
                    one.order_id,
                    amount,
                    "REVERSED" if taken_back else "SUCCESS",
                    one.settled_at,
                    _channel(one),
                ),
            )
        for entry in one.refunds:
            yield (
                entry.created_at,
                _row(
                    "REFUND",
                    f"rfd-{entry.uuid}",
                    entry.refund_key,
                    entry.amount_idr,
                    _REFUND_STATUS[bodies.refund_status(entry)],
                    entry.created_at,
                    _channel(one),
                ),
            )


def _money_out(payouts: Payouts, now: datetime) -> Iterator[tuple[datetime, Body]]:
    for one in payouts.made:
        yield one.created_at, _payout(one, now)


def _payout(one: Payout, now: datetime) -> Body:
    request: Mapping[str, Any] = one.request
    return _row(
        "DISBURSEMENT",
        one.payout_id,
        request["reference_id"],
        request["amount"],
        _PAYOUT_STATUS[one.state(now)],
        one.created_at,
        ("BANK", str(request["channel_code"]).removeprefix("ID_")),
    )


def _channel(one: Transaction) -> tuple[str, str]:
    return ("QR_CODE", "QRIS") if one.qr_string else ("VIRTUAL_ACCOUNT", "BCA")


def _row(
    kind: str,
    product_id: str,
    reference_id: str,
    amount: object,
    status: str,
    at: datetime,
    channel: tuple[str, str],
) -> Body:
    is_in = kind == "PAYMENT"
    return {
        "id": f"txn_{uuid.uuid5(uuid.NAMESPACE_OID, product_id + reference_id)}",
        "product_id": product_id,
        "type": kind,
        "status": status,
        "channel_category": channel[0],
        "channel_code": channel[1],
        "account_identifier": None,
        "reference_id": reference_id,
        "currency": "IDR",
        "amount": amount,
        "net_amount": amount,
        "cashflow": "MONEY_IN" if is_in else "MONEY_OUT",
        "settlement_status": "PENDING" if is_in else None,
        "estimated_settlement_time": iso(at + timedelta(days=2)) if is_in else None,
        "business_id": bodies.BUSINESS_ID,
        "created": iso(at),
        "updated": iso(at),
        "fee": {
            "xendit_fee": 0,
            "value_added_tax": 0,
            "xendit_withholding_tax": 0,
            "third_party_withholding_tax": 0,
            "status": "COMPLETED",
        },
    }
