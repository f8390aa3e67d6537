"""The keys of a gateway, which an operator may rotate while instances live."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from meterai.domain.errors import WebhookRefused
from meterai.domain.orders.payments import WebhookEvent

NOT_AUTHENTIC = frozenset({"signature", "callback_token"})
"""Reasons of a WebhookRefused that a key of another date may explain."""

KEY_NAMES = ("server_key", "callback_token", "creator_key", "approver_key", "previous_server_key")
"""The fields of the secret. Each may be left out; `server_key` is needed to sell."""


def _not_renewed() -> None:
    """Keys that do not change."""


@dataclass(frozen=True, slots=True)
class GatewayKeys:
    """`values` answers them as last read; `renew` reads them again, at most so often as its maker
    allows: forged webhooks must not become a flood of readings."""

    values: Callable[[], Mapping[str, str]] = field(repr=False)
    renew: Callable[[], None] = field(default=_not_renewed, repr=False)

    def of_previous(self) -> "GatewayKeys":
        """Those of the previous gateway: its `server_key` is kept as `previous_server_key`."""

        def values() -> Mapping[str, str]:
            keys = self.values()
            return {**keys, "server_key": keys["previous_server_key"]}

        return GatewayKeys(values, self.renew)

    def key(self, name: str) -> "RotatingKey":
        return RotatingKey(self, name)

    def have_changed_since(self, used: Mapping[str, str]) -> bool:
        """Whether there are others now than those that were used, reading again if need be."""
        if self.values() == used:
            self.renew()
        return self.values() != used

    def authenticate(self, check: Callable[[Mapping[str, str]], WebhookEvent]) -> WebhookEvent:
        """`check` with these keys, and with renewed ones if it found a webhook not authentic."""
        used = self.values()
        try:
            return check(used)
        except WebhookRefused as refused:
            is_forged = refused.values["reason"] in NOT_AUTHENTIC
            if not is_forged or not self.have_changed_since(used):
                raise
        return check(self.values())


@dataclass(frozen=True, slots=True)
class RotatingKey:
    """One of a gateway's keys."""

    keys: GatewayKeys
    name: str

    def value(self) -> str:
        """Empty if an operator has not set it."""
        if not self.keys.values()[self.name]:
            self.keys.renew()
        return self.keys.values()[self.name]

    def has_changed_since(self, used: str) -> bool:
        """Whether there is another value now than the one that was used."""
        if self.value() == used:
            self.keys.renew()
        return self.value() != used
