"""Xendit's adapters, each imported when it is made.

Keys: `server_key` for everything that is asked of Xendit, `callback_token` for its webhooks. Xendit
has one address for everything.
"""

from collections.abc import Mapping

from meterai.domain.orders.payments import WebhookEvent
from meterai.gateways.package import GatewayConfig, ReadFile
from meterai.ports import Gateway, GatewayRecords, Payouts


def gateway(config: GatewayConfig) -> Gateway:
    from meterai.gateways.xendit.charges import Xendit

    return Xendit(config.url, config.keys.key("server_key"))


def payouts(config: GatewayConfig) -> Payouts:
    from meterai.gateways.xendit.payouts import XenditPayouts

    return XenditPayouts(config.url, config.keys.key("server_key"))


def records(
    config: GatewayConfig,
    read_file: ReadFile,  # noqa: ARG001 (Xendit lists its transactions)
) -> GatewayRecords:
    from meterai.gateways.xendit.statements import XenditStatements

    return XenditStatements(config.url, config.keys.key("server_key"))


def verify_webhook(body: str, headers: Mapping[str, str], keys: Mapping[str, str]) -> WebhookEvent:
    from meterai.gateways.xendit import webhooks

    webhooks.check_sender(headers, keys["callback_token"])
    return webhooks.parse_webhook(body)


def parse_webhook(
    body: str,
    keys: Mapping[str, str],  # noqa: ARG001 (the sender was checked on arrival)
) -> WebhookEvent:
    from meterai.gateways.xendit import webhooks

    return webhooks.parse_webhook(body)
