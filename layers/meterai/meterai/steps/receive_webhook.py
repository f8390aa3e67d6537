"""Receive a gateway's webhook: its authenticity is checked and it is queued raw; otherwise the
gateway is asked to send it again. Its contents are not believed: they only name the charge to ask
the gateway about."""

from collections.abc import Mapping
from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.ports import Lanes, WebhookVerifier


class ReceiveWebhookPorts(Protocol):
    @property
    def webhook_verifiers(self) -> Mapping[str, WebhookVerifier]: ...
    @property
    def lanes(self) -> Lanes: ...


def receive_webhook(
    gateway: str, body: str, headers: Mapping[str, str], ports: ReceiveWebhookPorts
) -> None:
    """Header names in lower case. Raises NotFound (a gateway that is not configured),
    WebhookRefused (forged or malformed: 400), Unavailable (not queued: 503)."""
    verify = ports.webhook_verifiers.get(gateway)
    if verify is None:
        raise NotFound
    verify(body, headers)
    ports.lanes.webhook(gateway, body)
