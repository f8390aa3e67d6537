"""Midtrans's webhook: it only names *which* charge to check.

Its signature covers the charge id, the status code and the amount, but not the state
(`https://docs.midtrans.com/reference/handle-notifications`). So a valid signature may come with an
altered state, or with the same characters split differently (`1111` + `200` as `11112` + `00`).
Therefore only the names are used; the gateway's status decides.

It imports no library: the function that receives webhooks starts fast.
"""

import hashlib
import hmac
import json

from meterai.domain.errors import WebhookRefused
from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import WebhookEvent

_MAX_WEBHOOK_BYTES = 65_536  # bytes or characters; a real one has about a thousand
_SIGNED = ("order_id", "status_code", "gross_amount")


def parse_webhook(body: bytes | str, server_key: str) -> WebhookEvent:
    """The charge that a webhook is about; its `transaction_id` is not signed.

    Raises WebhookRefused for a malformed or forged one.
    """
    if len(body) > _MAX_WEBHOOK_BYTES:
        raise WebhookRefused(reason="too_large", size=len(body))
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):  # the latter from a body of nothing but brackets
        raise WebhookRefused(reason="not_json") from None
    if not isinstance(fields, dict):
        raise WebhookRefused(reason="not_an_object")
    charge_id, status_code, gross_amount = (_text(fields, name) for name in _SIGNED)
    stated = _text(fields, "signature_key").lower().encode()
    right = signature_of(charge_id, status_code, gross_amount, server_key).encode()
    # Anybody can sign with an empty key: until there is one, no webhook is authentic.
    if not (hmac.compare_digest(stated, right) and server_key):
        raise WebhookRefused(reason="signature")
    transaction_id = fields.get("transaction_id")
    return WebhookEvent(
        ChargeId(charge_id), transaction_id if isinstance(transaction_id, str) else ""
    )


def signature_of(order_id: str, status_code: str, gross_amount: str, server_key: str) -> str:
    """The `signature_key` of a webhook: hex SHA-512 over the four, joined without a separator."""
    return hashlib.sha512(f"{order_id}{status_code}{gross_amount}{server_key}".encode()).hexdigest()


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise WebhookRefused(reason="field_missing", field=name)
    if not value.isascii():  # also keeps out lone surrogates, which cannot be hashed
        raise WebhookRefused(reason="field_malformed", field=name)
    return value
