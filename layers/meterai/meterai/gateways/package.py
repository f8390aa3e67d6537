"""What the package of one gateway consists of: the functions of its module `adapters`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from meterai.domain.orders.payments import WebhookEvent
from meterai.gateways.keys import GatewayKeys
from meterai.ports import Gateway, GatewayRecords, Payouts

ReadFile = Callable[[str], Iterable[str] | None]


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """A gateway as the operator describes it. The key of its API is `server_key`; a gateway may
    have further keys, and an address of its own for payouts."""

    name: str
    url: str
    payouts_url: str
    keys: GatewayKeys


class GatewayPackage(Protocol):
    """Each function imports what it makes, and nothing else is imported before."""

    def gateway(self, config: GatewayConfig) -> Gateway: ...

    def payouts(self, config: GatewayConfig) -> Payouts: ...

    def records(self, config: GatewayConfig, read_file: ReadFile) -> GatewayRecords: ...

    def verify_webhook(
        self, body: str, headers: Mapping[str, str], keys: Mapping[str, str]
    ) -> WebhookEvent: ...

    def parse_webhook(self, body: str, keys: Mapping[str, str]) -> WebhookEvent: ...
