"""The adapters of the configured gateways, by the gateway's name.

The chosen gateway comes first, then the previous one, whose payments are still refunded. Only their
packages are imported.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar, cast

from meterai.domain.errors import Unavailable
from meterai.domain.orders.payments import WebhookEvent
from meterai.gateways.package import GatewayConfig, GatewayPackage, ReadFile
from meterai.ports import Gateway, GatewayRecords, Payouts, WebhookParser, WebhookVerifier

AdapterT = TypeVar("AdapterT")


class PerGateway(dict[str, AdapterT]):
    """By the gateway's name, the chosen one first. The money of any other waits until an operator
    has named it as the previous gateway."""

    def __missing__(self, gateway: str) -> AdapterT:
        raise Unavailable(party=gateway, reason="not_configured")


@dataclass(frozen=True, slots=True)
class GatewayRegistry:
    """Every adapter of each configured gateway: the chosen one first, then the previous."""

    configs: Sequence[GatewayConfig]

    def gateways(self) -> PerGateway[Gateway]:
        return self._each(lambda package, config: package.gateway(config))

    def payouts(self) -> PerGateway[Payouts]:
        return self._each(lambda package, config: package.payouts(config))

    def records(self, read_file: ReadFile) -> PerGateway[GatewayRecords]:
        return self._each(lambda package, config: package.records(config, read_file))

    def webhook_verifiers(self) -> PerGateway[WebhookVerifier]:
        return self._each(_webhook_verifier)

    def webhook_parsers(self) -> PerGateway[WebhookParser]:
        return self._each(_webhook_parser)

    def _each(
        self, make: Callable[[GatewayPackage, GatewayConfig], AdapterT]
    ) -> PerGateway[AdapterT]:
        return PerGateway({one.name: make(package_of(one.name), one) for one in self.configs})


def package_of(name: str) -> GatewayPackage:
    return cast("GatewayPackage", import_module(f"meterai.gateways.{name}.adapters"))


def _webhook_verifier(package: GatewayPackage, config: GatewayConfig) -> WebhookVerifier:
    def verify(body: str, headers: Mapping[str, str]) -> WebhookEvent:
        return config.keys.authenticate(lambda keys: package.verify_webhook(body, headers, keys))

    return verify


def _webhook_parser(package: GatewayPackage, config: GatewayConfig) -> WebhookParser:
    return lambda body: config.keys.authenticate(lambda keys: package.parse_webhook(body, keys))
