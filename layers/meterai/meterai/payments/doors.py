"""Which gateway the office deals with, as the operator chose: its doors, made by its name.

The secret's keys are `server_key` for the chosen gateway and `former_server_key` for the one before
it, each given here as `server_key`; Midtrans's payouts have a `creator_key` and an
`approver_key` of their own, Xendit's notices a `callback_token`. Loads the chosen gateway only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from meterai.domain.errors import Unavailable
from meterai.domain.payments import GatewayName, Notice
from meterai.ports import Gateway, GatewayRecords, NoticeCheck, NoticeReader, Payouts

Keys = Mapping[str, str]
ReadFile = Callable[[str], Iterable[str] | None]
DoorT = TypeVar("DoorT")


class Doors(dict[str, DoorT]):
    """By the gateway's name, the chosen one first. Another one's money waits until an operator has
    named it as the former gateway."""

    def __missing__(self, gateway: str) -> DoorT:
        raise Unavailable(party=gateway, reason="not_configured")


@dataclass(frozen=True, slots=True)
class Known:
    """A gateway as the operator describes it."""

    name: GatewayName
    url: str
    keys: Keys = field(repr=False)


@dataclass(frozen=True, slots=True)
class PaymentDoors:
    """Every door of each gateway that is known: the chosen one first, then the former."""

    known: Sequence[Known]
    payouts_url: str

    def gateways(self) -> Doors[Gateway]:
        return self._each(lambda one: gateway_of(one.name, one.url, one.keys))

    def payouts(self) -> Doors[Payouts]:
        return self._each(lambda one: payouts_of(one.name, one.url, self.payouts_url, one.keys))

    def records(self, read_file: ReadFile) -> Doors[GatewayRecords]:
        return self._each(
            lambda one: records_of(one.name, one.url, self.payouts_url, one.keys, read_file)
        )

    def notice_checks(self) -> Doors[NoticeCheck]:
        return self._each(lambda one: notice_check_of(one.name, one.keys))

    def notice_readers(self) -> Doors[NoticeReader]:
        return self._each(lambda one: notice_reader_of(one.name, one.keys))

    def _each(self, make: Callable[[Known], DoorT]) -> Doors[DoorT]:
        return Doors({one.name: make(one) for one in self.known})


def gateway_of(name: GatewayName, url: str, keys: Keys) -> Gateway:
    match name:
        case "midtrans":
            from meterai.payments.midtrans import Midtrans

            return Midtrans(url, keys["server_key"])
        case "xendit":
            from meterai.payments.xendit import Xendit

            return Xendit(url, keys["server_key"])


def payouts_of(name: GatewayName, url: str, payouts_url: str, keys: Keys) -> Payouts:
    """Xendit has one address and one key for everything."""
    match name:
        case "midtrans":
            from meterai.payments.midtrans_payouts import MidtransPayouts

            return MidtransPayouts(payouts_url, keys["creator_key"], keys["approver_key"] or None)
        case "xendit":
            from meterai.payments.xendit_payouts import XenditPayouts

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
            from meterai.payments.midtrans_payouts import MidtransPayouts
            from meterai.payments.midtrans_records import MidtransRecords

            creator = keys["creator_key"]
            payouts = MidtransPayouts(payouts_url, creator) if creator else None
            return MidtransRecords(read_file, payouts)
        case "xendit":
            from meterai.payments.xendit_records import XenditRecords

            return XenditRecords(url, keys["server_key"])


def notice_check_of(name: GatewayName, keys: Keys) -> NoticeCheck:
    match name:
        case "midtrans":
            read = notice_reader_of(name, keys)
            return lambda body, headers: read(body)  # noqa: ARG005 (its signature is in the body)
        case "xendit":
            from meterai.payments.xendit_notice import check_sender, read_notice

            def check(body: str, headers: Mapping[str, str]) -> Notice:
                check_sender(headers, keys["callback_token"])
                return read_notice(body)

            return check


def notice_reader_of(name: GatewayName, keys: Keys) -> NoticeReader:
    match name:
        case "midtrans":
            from meterai.payments.midtrans_notice import read_notice as read_midtrans

            return lambda body: read_midtrans(body, keys["server_key"])
        case "xendit":
            from meterai.payments.xendit_notice import read_notice as read_xendit

            return read_xendit
