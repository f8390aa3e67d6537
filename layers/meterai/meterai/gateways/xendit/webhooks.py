"""Xendit's webhook: it only names *which* payment to check.

It is not signed. A static token in the `x-callback-token` header identifies the sender. The token
is checked where the webhook arrives, and is never queued. `webhook-id` names the event and is the
same for each delivery. It need not be stored: a payment is recorded once, however often it is
reported. https://docs.xendit.co/apidocs/payment-webhook-notification

It imports no library: the function that receives webhooks starts fast.
"""

import hmac
import json
from collections.abc import Mapping

from meterai.domain.errors import WebhookRefused
from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import WebhookEvent

TOKEN_HEADER = "x-callback-token"  # noqa: S105 (its name, not the token)

_MAX_WEBHOOK_BYTES = 65_536


def check_sender(headers: Mapping[str, str], callback_token: str) -> None:
    """Raises WebhookRefused if the token is not ours, and always if none is configured. Header
    names are in lower case."""
    stated = headers.get(TOKEN_HEADER, "").encode()
    if not (hmac.compare_digest(stated, callback_token.encode()) and callback_token):
        raise WebhookRefused(reason="callback_token")


def parse_webhook(body: str) -> WebhookEvent:
    """The charge that it is about, by our reference. Raises WebhookRefused if it is malformed."""
    if len(body) > _MAX_WEBHOOK_BYTES:
        raise WebhookRefused(reason="too_large", size=len(body))
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise WebhookRefused(reason="not_json") from None
    data = fields.get("data") if isinstance(fields, dict) else None
    if not isinstance(data, dict):
        raise WebhookRefused(reason="not_an_object")
    charge_id = data.get("reference_id")
    if not isinstance(charge_id, str) or not charge_id or not charge_id.isascii():
        raise WebhookRefused(reason="field_missing", field="reference_id")
    request_id = data.get("payment_request_id")
    return WebhookEvent(ChargeId(charge_id), request_id if isinstance(request_id, str) else "")
