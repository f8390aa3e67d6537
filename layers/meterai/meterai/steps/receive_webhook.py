"""A gateway's notice: that it is the gateway's own is checked and it is queued raw, or the gateway
is told to send it again. Nothing in it is believed; it only says which charge to ask about."""

from collections.abc import Mapping

from meterai.ports import Lanes, WebhookVerifier


def receive_webhook(
    gateway: str,
    body: str,
    headers: Mapping[str, str],
    *,
    verify_webhook: WebhookVerifier,
    lanes: Lanes,
) -> None:
    """Header names in lower case. Raises WebhookRefused (forged or malformed: 400), Unavailable
    (not queued: 503)."""
    verify_webhook(body, headers)
    lanes.webhook(gateway, body)
