"""Webhooks of the in-memory gateway: the body is the charge's id and, after a space, if it names
one, the transaction's."""

from collections.abc import Mapping

from meterai.domain.errors import WebhookRefused
from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import WebhookEvent


def verify_webhook(body: str, headers: Mapping[str, str]) -> WebhookEvent:
    del headers
    return parse_webhook(body)


def parse_webhook(body: str) -> WebhookEvent:
    if not body.startswith("ord_"):
        raise WebhookRefused(reason="signature")
    charge_id, _, transaction_id = body.partition(" ")
    return WebhookEvent(ChargeId(charge_id), transaction_id)
