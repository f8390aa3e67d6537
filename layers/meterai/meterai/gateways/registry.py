"""Which gateway the office deals with, as the operator chose: its doors, made by its name.

The secret's keys are `server_key` for the chosen gateway and `previous_server_key` for the one
before it, each given here as `server_key`; Midtrans's payouts have a `creator_key` and an
`approver_key` of their own, Xendit's notices a `callback_token`. Loads the chosen gateway only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from meterai.domain.errors import Unavailable
from meterai.domain.orders.payments import GatewayName, WebhookEvent
from meterai.ports import Gateway, GatewayRecords, Payouts, WebhookParser, WebhookVerifier

Keys = Mapping[str, str]
ReadFile = Callable[[str], Iterable[str] | None]
AdapterT = TypeVar("AdapterT")


class PerGateway(dict[str, AdapterT]):
    """By the gateway's name, the chosen one first. Another one's money waits until an operator has
    named it as the former gateway."""

    def __missing__(self, gateway: str) -> AdapterT:
        raise Unavailable(party=gateway, reason="not_configured")


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """A gateway as the operator describes it."""

    name: GatewayName
    url: str
    keys: Keys = field(repr=False)


@dataclass(frozen=True, slots=True)
class GatewayRegistry:
    """Every door of each gateway that is known: the chosen one first, then the former."""

    known: Sequence[GatewayConfig]
    payouts_url: str

    def gateways(self) -> PerGateway[Gateway]:
        return self._each(lambda one: gateway_of(one.name, one.url, one.keys))

    def payouts(self) -> PerGateway[Payouts]:
        return self._each(lambda one: payouts_of(one.name, one.url, self.payouts_url, one.keys))

    def records(self, read_file: ReadFile) -> PerGateway[GatewayRecords]:
        return self._each(
            lambda one: records_of(one.name, one.url, self.payouts_url, one.keys, read_file)
        )

    def webhook_verifiers(self) -> PerGateway[WebhookVerifier]:
        return self._each(lambda one: webhook_verifier_of(one.name, one.keys))

    def webhook_parsers(self) -> PerGateway[WebhookParser]:
        return self._each(lambda one: webhook_parser_of(one.name, one.keys))

    def _each(self, make: Callable[[GatewayConfig], AdapterT]) -> PerGateway[AdapterT]:
        return PerGateway({one.name: make(one) for one in self.known})


def gateway_of(name: GatewayName, url: str, keys: Keys) -> Gateway:
    match name:
        case "midtrans":
            from meterai.gateways.midtrans.charges import Midtrans

            return Midtrans(url, keys["server_key"])
        case "xendit":
            from meterai.gateways.xendit.charges import Xendit

            return Xendit(url, keys["server_key"])


def payouts_of(name: GatewayName, url: str, payouts_url: str, keys: Keys) -> Payouts:
    """Xendit has one address and one key for everything."""
    match name:
        case "midtrans":
            from meterai.gateways.midtrans.payouts import MidtransPayouts

            return MidtransPayouts(payouts_url, keys["creator_key"], keys["approver_key"] or None)
        case "xendit":
            from meterai.gateways.xendit.payouts import XenditPayouts

            return XenditPayouts(url, keys["server_key"])


def records_of(
    name: GatewayName,
    url: str,
    payouts_url: str,
    keys: Keys,
    read_file: ReadFile,
) -> GatewayRecords:
    """Midtrans tells of payments in a file alone; of payouts only who has a key for them."""
    match name:
        case "midtrans":
            from meterai.gateways.midtrans.payouts import MidtransPayouts
            from meterai.gateways.midtrans.statements import MidtransStatements

            creator = keys["creator_key"]
            payouts = MidtransPayouts(payouts_url, creator) if creator else None
            return MidtransStatements(read_file, payouts)
        case "xendit":
            from meterai.gateways.xendit.statements import XenditStatements

            return XenditStatements(url, keys["server_key"])


def webhook_verifier_of(name: GatewayName, keys: Keys) -> WebhookVerifier:
    match name:
        case "midtrans":
            read = webhook_parser_of(name, keys)
            return lambda body, headers: read(body)  # noqa: ARG005 (its signature is in the body)
        case "xendit":
            from meterai.gateways.xendit.webhooks import check_sender, parse_webhook

            def check(body: str, headers: Mapping[str, str]) -> WebhookEvent:
                check_sender(headers, keys["callback_token"])
                return parse_webhook(body)

            return check


def webhook_parser_of(name: GatewayName, keys: Keys) -> WebhookParser:
    match name:
        case "midtrans":
            from meterai.gateways.midtrans.webhooks import parse_webhook as read_midtrans

            return lambda body: read_midtrans(body, keys["server_key"])
        case "xendit":
            from meterai.gateways.xendit.webhooks import parse_webhook as read_xendit

            return read_xendit
