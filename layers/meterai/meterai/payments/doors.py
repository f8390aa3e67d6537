"""Which gateway the office deals with, as the operator chose: its doors, made by its name.

The secret's keys are `server_key` for any gateway; Midtrans's payouts have a `creator_key` and an
`approver_key` of their own, Xendit's notices a `callback_token`. Loads the chosen gateway only.
"""

from collections.abc import Mapping

from meterai.domain.payments import GatewayName, Notice
from meterai.ports import Gateway, NoticeCheck, NoticeReader, Payouts

Keys = Mapping[str, str]


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
