"""Midtrans's JSON: responses and webhooks, field for field.

After the samples in https://docs.midtrans.com/reference (qris, bank-transfer, refund-transaction)
and /docs/https-notification-webhooks. Every value is a string except `refund_chargeback_id`.
"""

import hashlib
import uuid
from datetime import datetime, timedelta, timezone

from tests.midtrans.ledger import RefundEntry, Transaction

Body = dict[str, object]

WIB = timezone(timedelta(hours=7))

_STATUS_CODES = {"pending": "201", "expire": "407", "deny": "202"}


def wib(moment: datetime) -> str:
    """`2021-06-23 11:27:50`: GMT+7, without a zone in the text."""
    return moment.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S")


def error(status_code: int, message: str, *validation_messages: str) -> Body:
    body: Body = {
        "status_code": str(status_code),
        "status_message": message,
        "id": str(uuid.uuid4()),
    }
    if validation_messages:
        body["validation_messages"] = list(validation_messages)
    return body


def charge_answer(transaction: Transaction, merchant_id: str, base_url: str) -> Body:
    body: Body = {
        "status_code": "201",
        "status_message": "QRIS transaction is created",
        **_common(transaction, merchant_id),
    }
    if transaction.qr_string is None:
        body["status_message"] = "Success, Bank Transfer transaction is created"
        body["va_numbers"] = _va_numbers(transaction)
    else:
        picture = f"{base_url}/v2/qris/{transaction.transaction_id}/qr-code"
        body["actions"] = [{"name": "generate-qr-code", "method": "GET", "url": picture}]
        body["qr_string"] = transaction.qr_string
        body["acquirer"] = "gopay"
    return body


def status_answer(transaction: Transaction, merchant_id: str, server_key: str) -> Body:
    """The body of GET status; for a pending QRIS it has neither `qr_string` nor `actions`."""
    status_code = _STATUS_CODES.get(transaction.state, "200")
    return {
        "status_code": status_code,
        "status_message": "Success, transaction is found",
        "signature_key": signature(transaction, status_code, server_key),
        **_common(transaction, merchant_id),
        **_particulars(transaction),
        **({"metadata": extra_info} if (extra_info := _extra_info(transaction)) else {}),
    }


def action_answer(transaction: Transaction, merchant_id: str, code: str, message: str) -> Body:
    """The body of cancel and expire."""
    return {
        "status_code": code,
        "status_message": message,
        **_common(transaction, merchant_id),
    }


def refund_answer(transaction: Transaction, refund: RefundEntry, merchant_id: str) -> Body:
    return {
        "status_code": "200",
        "status_message": "Success, refund request is approved",
        **_common(transaction, merchant_id),
        "settlement_time": wib(transaction.settled_at or transaction.created_at),
        "refund_chargeback_id": refund.number,
        "refund_chargeback_uuid": refund.uuid,
        "refund_amount": f"{refund.amount_idr}.00",
        "refund_key": refund.refund_key,
    }


def webhook(transaction: Transaction, merchant_id: str, server_key: str) -> Body:
    """The webhook's body; it says 202 where the status says 407."""
    status_code = _STATUS_CODES.get(transaction.state, "200").replace("407", "202")
    return {
        "status_code": status_code,
        "status_message": "midtrans payment notification",
        "signature_key": signature(transaction, status_code, server_key),
        **_common(transaction, merchant_id),
        **_particulars(transaction),
        **_extra_info(transaction),
    }


def signature(transaction: Transaction, status_code: str, server_key: str) -> str:
    text = transaction.order_id + status_code + transaction.gross_amount + server_key
    return hashlib.sha512(text.encode()).hexdigest()


def _common(transaction: Transaction, merchant_id: str) -> Body:
    return {
        "transaction_id": transaction.transaction_id,
        "order_id": transaction.order_id,
        "merchant_id": merchant_id,
        "gross_amount": transaction.gross_amount,
        "currency": "IDR",
        "payment_type": transaction.payment_type,
        "transaction_time": wib(transaction.created_at),
        "transaction_status": transaction.state,
        "fraud_status": "accept",
        "expiry_time": wib(transaction.expires_at),
    }


def _particulars(transaction: Transaction) -> Body:
    """The fields that depend on the method and on the transaction's history."""
    body: Body = {}
    if transaction.settled_at is not None:
        body["settlement_time"] = wib(transaction.settled_at)
    if transaction.qr_string is None:
        body["va_numbers"] = _va_numbers(transaction)
        body["payment_amounts"] = []
    else:
        body["acquirer"] = "gopay"
        if transaction.settled_at is not None:
            body["transaction_type"] = "on-us"
            body["issuer"] = "gopay"
    if transaction.refunds:
        body["refunds"] = [_refund(refund) for refund in transaction.refunds]
        body["refund_amount"] = f"{transaction.refunded_idr}.00"
    return body


def _extra_info(transaction: Transaction) -> Body:
    """Where a fee is imposed on the buyer (https://docs.midtrans.com/docs/snap-advanced-feature).
    The sample there has text and numbers mixed."""
    if not transaction.fee_idr:
        return {}
    info = {
        "original_amount": str(transaction.amount_idr),
        "gross_amount": transaction.gross_idr,
        "customer_imposed_payment_fee": str(transaction.fee_idr),
    }
    return {"extra_info": {"gross_amount_info": info}}


def _refund(refund: RefundEntry) -> Body:
    body: Body = {
        "refund_chargeback_id": refund.number,
        "refund_chargeback_uuid": refund.uuid,
        "refund_amount": f"{refund.amount_idr}.00",
        "created_at": wib(refund.created_at),
        "reason": refund.reason,
        "refund_key": refund.refund_key,
        "refund_method": "online",
    }
    if refund.bank_confirmed_at is not None:
        body["bank_confirmed_at"] = wib(refund.bank_confirmed_at)
    return body


def _va_numbers(transaction: Transaction) -> list[Body]:
    return [{"bank": "bca", "va_number": transaction.va_number}]
