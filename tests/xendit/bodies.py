"""Xendit's JSON: payment requests, payments, refunds and webhooks, field for field.

After https://docs.xendit.co/apidocs and the models of the official clients, which parse it.
"""

from datetime import UTC, datetime

from tests.midtrans.ledger import RefundEntry, Transaction

Body = dict[str, object]

BUSINESS_ID = "6094fa76c2fd53701b8e0018"

_STATUS = {  # the ledger's states in Xendit's words
    "pending": "PENDING",
    "settlement": "SUCCEEDED",
    "partial_refund": "SUCCEEDED",
    "refund": "SUCCEEDED",
    "expire": "EXPIRED",
    "cancel": "CANCELED",
    "deny": "FAILED",
    "chargeback": "VOIDED",
    "partial_chargeback": "VOIDED",
}


def iso(moment: datetime) -> str:
    """`2021-12-02T14:52:21.566Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def error(error_code: str, message: str) -> Body:
    return {"error_code": error_code, "message": message}


def request_id(transaction: Transaction) -> str:
    return f"pr-{transaction.transaction_id}"


def method_id(transaction: Transaction) -> str:
    return f"pm-{transaction.transaction_id}"


def payment_request(transaction: Transaction) -> Body:
    changed_at = transaction.settled_at or transaction.created_at
    return {
        "id": request_id(transaction),
        "created": iso(transaction.created_at),
        "updated": iso(changed_at),
        "reference_id": transaction.order_id,
        "business_id": BUSINESS_ID,
        "customer_id": None,
        "amount": transaction.amount_idr,
        "country": "ID",
        "currency": "IDR",
        "payment_method": payment_method(transaction),
        "description": None,
        "metadata": None,
        "capture_method": "AUTOMATIC",
        "initiator": None,
        "card_verification_results": None,
        "status": status(transaction),
        "actions": [],
        "failure_code": None,
        "channel_properties": None,
        "shipping_information": None,
        "items": None,
    }


def payment_method(transaction: Transaction) -> Body:
    is_open = transaction.state == "pending"
    body: Body = {
        "id": method_id(transaction),
        "type": "QR_CODE" if transaction.qr_string else "VIRTUAL_ACCOUNT",
        "reference_id": transaction.order_id,
        "created": iso(transaction.created_at),
        "updated": iso(transaction.created_at),
        "description": None,
        "status": "ACTIVE" if is_open else "EXPIRED",
        "reusability": "ONE_TIME_USE",
        "metadata": None,
        **dict.fromkeys(("card", "direct_debit", "ewallet", "over_the_counter")),
        "qr_code": None,
        "virtual_account": None,
    }
    if transaction.qr_string:
        properties = {"qr_string": transaction.qr_string, "expires_at": iso(transaction.expires_at)}
        body["qr_code"] = {"channel_code": "QRIS", "channel_properties": properties}
    else:
        body["virtual_account"] = {
            "amount": transaction.amount_idr,
            "currency": "IDR",
            "channel_code": "BCA",
            "channel_properties": {
                "customer_name": "E-Meterai",
                "virtual_account_number": transaction.va_number,
                "expires_at": iso(transaction.expires_at),
            },
        }
    return body


def status(transaction: Transaction) -> str:
    """A bank's reversal of a settled payment is a void here; before settlement, a failure."""
    if transaction.state == "deny" and transaction.settled_at is not None:
        return "VOIDED"
    return _STATUS[transaction.state]


def payments(transaction: Transaction) -> Body:
    """The payments of a payment method."""
    data = [payment(transaction)] if transaction.settled_at else []
    return {"data": data, "has_more": False}


def payment(transaction: Transaction) -> Body:
    came_at = transaction.settled_at or transaction.created_at
    return {
        "id": f"py-{transaction.transaction_id}",
        "payment_request_id": request_id(transaction),
        "reference_id": transaction.order_id,
        "customer_id": None,
        "currency": "IDR",
        "amount": _number(transaction.gross_amount),
        "country": "ID",
        "status": "SUCCEEDED" if transaction.settled_at else status(transaction),
        "payment_method": payment_method(transaction),
        "channel_properties": None,
        "payment_detail": None,
        "failure_code": None,
        "created": iso(came_at),
        "updated": iso(came_at),
        "metadata": None,
    }


def webhook(event: str, data: Body, now: datetime) -> Body:
    return {"event": event, "business_id": BUSINESS_ID, "created": iso(now), "data": data}


def refund(transaction: Transaction, entry: RefundEntry) -> Body:
    return {
        "id": f"rfd-{entry.uuid}",
        "payment_request_id": request_id(transaction),
        "payment_id": f"py-{transaction.transaction_id}",
        "invoice_id": None,
        "amount": entry.amount_idr,
        "payment_method_type": "QR_CODE" if transaction.qr_string else "VIRTUAL_ACCOUNT",
        "channel_code": "QRIS" if transaction.qr_string else "BCA",
        "currency": "IDR",
        "country": "ID",
        "status": refund_status(entry),
        "reason": entry.reason,
        "reference_id": entry.refund_key,
        "failure_code": None if entry.is_pending else entry.failure_code,
        "refund_fee_amount": None,
        "created": iso(entry.created_at),
        "updated": iso(entry.bank_confirmed_at or entry.created_at),
        "metadata": None,
    }


def refund_v3(transaction: Transaction, entry: RefundEntry) -> Body:
    """As in https://docs.xendit.co/apidocs/get-a-refund."""
    body: Body = {
        "refund_id": f"rfd-{entry.uuid}",
        "reference_id": entry.refund_key,
        "business_id": BUSINESS_ID,
        "payment_id": f"py-{transaction.transaction_id}",
        "status": refund_status(entry),
        "amount": entry.amount_idr,
        "currency": "IDR",
        "channel_code": "QRIS" if transaction.qr_string else "BCA",
        "reason": entry.reason,
        "created": iso(entry.created_at),
        "updated": iso(entry.bank_confirmed_at or entry.created_at),
    }
    if not entry.is_pending and entry.failure_code:
        body["failure_code"] = entry.failure_code
    return body


def refund_status(entry: RefundEntry) -> str:
    if entry.is_pending:
        return "PENDING"
    return "FAILED" if entry.failure_code else "SUCCEEDED"


def _number(amount: str) -> float | int:
    value = float(amount)
    return int(value) if value.is_integer() else value
