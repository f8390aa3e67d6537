"""Midtrans's adapters, each imported when it is made.

Keys: `server_key` for charges, refunds and webhooks; `creator_key` and `approver_key` for payouts,
both of which may be empty. Midtrans lists payments in exported files alone.
"""

from collections.abc import Mapping

from meterai.domain.orders.payments import WebhookEvent
from meterai.gateways.package import GatewayConfig, ReadFile
from meterai.ports import Gateway, GatewayRecords, Payouts


def gateway(config: GatewayConfig) -> Gateway:
    from meterai.gateways.midtrans.charges import Midtrans

    return Midtrans(config.url, config.keys.key("server_key"))


def payouts(config: GatewayConfig) -> Payouts:
    from meterai.gateways.midtrans.payouts import MidtransPayouts

    keys = config.keys
    approver_key = keys.key("approver_key") if keys.values()["approver_key"] else None
    return MidtransPayouts(config.payouts_url, keys.key("creator_key"), approver_key)


def records(config: GatewayConfig, read_file: ReadFile) -> GatewayRecords:
    from meterai.gateways.midtrans.payouts import MidtransPayouts
    from meterai.gateways.midtrans.statements import MidtransStatements

    keys = config.keys
    has_payouts = bool(keys.values()["creator_key"])
    payouts = MidtransPayouts(config.payouts_url, keys.key("creator_key")) if has_payouts else None
    return MidtransStatements(read_file, payouts)


def verify_webhook(
    body: str,
    headers: Mapping[str, str],  # noqa: ARG001 (Midtrans signs in the body)
    keys: Mapping[str, str],
) -> WebhookEvent:
    return parse_webhook(body, keys)


def parse_webhook(body: str, keys: Mapping[str, str]) -> WebhookEvent:
    from meterai.gateways.midtrans import webhooks

    return webhooks.parse_webhook(body, keys["server_key"])
