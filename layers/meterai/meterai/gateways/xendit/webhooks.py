"""The webhook that Xendit sends: it names *which* money to ask about, and nothing else.

It is not signed. A static token in the `x-callback-token` header says where it comes from; it is
checked where the webhook arrives, and never goes into the queue. `webhook-id` names the event, the
same for each delivery: nothing needs to remember it, since one money is one fact however often we
hear of it. https://docs.xendit.co/apidocs/payment-webhook-notification

Loads no library for it: the function that receives webhooks starts fast.
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
    """Raises WebhookRefused where the token is not ours, and always where we have none. Header
    names in lower case."""
    stated = headers.get(TOKEN_HEADER, "").encode()
    if not (hmac.compare_digest(stated, callback_token.encode()) and callback_token):
        raise WebhookRefused(reason="callback_token")


def parse_webhook(body: str) -> WebhookEvent:
    """The charge it is about, by our reference. Raises WebhookRefused where it is malformed."""
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
