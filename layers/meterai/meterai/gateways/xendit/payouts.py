"""Xendit's payouts to bank accounts: the `Payouts` port.

https://docs.xendit.co/apidocs/create-payout. A payout that succeeded may still be reversed. Payout
webhooks are not used: the refund's timer asks for the state.
"""

from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote

from pydantic import AwareDatetime

from meterai.domain.errors import PayoutRefused, Unavailable
from meterai.domain.orders.payments import CURRENCY, KeyLifetime
from meterai.domain.refunds.payouts import BankAccount, PayoutState
from meterai.gateways.json_client import TOTAL_TIMEOUT_S, JsonClient, gateway_http
from meterai.gateways.keys import RotatingKey
from meterai.gateways.xendit.answers import PARTY, Amount, Body, Word, read_body, rupiah
from meterai.gateways.xendit.client import XenditClient, accepted
from meterai.gateways.xendit.status_map import payout_state_of

PAYOUT_KEY_LIFETIME = KeyLifetime(  # taken as 24 hours, as Midtrans's
    resend_within=timedelta(hours=23),
    forgotten_after=timedelta(days=3),  # by then a bank has had a working day to execute it
)


class _Payout(Body):
    id: str
    status: Word


class _Listed(_Payout):
    reference_id: str
    amount: Amount
    created: AwareDatetime


class _Holder(Body):
    status: Literal["SUCCESS", "PENDING", "FAILURE"]
    bank_account_holder_name: str | None = None


class XenditPayouts:
    """Every method raises Unavailable if no usable answer came, GatewayRefused if Xendit does not
    take the request at all (a wrong key)."""

    def __init__(
        self,
        base_url: str,
        secret_key: str | RotatingKey,
        *,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        self.payout_key_lifetime = PAYOUT_KEY_LIFETIME
        self._client = XenditClient(
            JsonClient(PARTY, base_url, secret_key, gateway_http(total_timeout_s))
        )

    def pay_out(self, key: str, account: BankAccount, amount_idr: int, note: str) -> str:
        """Requests the payout. The holder's name must be the bank's own, letter for letter.

        400 says that this payout will never be made as requested. Any other refusal is not about
        the account.
        """
        answer = self._client.post(
            "/v2/payouts",
            {
                "reference_id": key,
                "channel_code": f"ID_{account.bank.upper()}",
                "channel_properties": {
                    "account_number": account.number,
                    "account_holder_name": account.holder,
                },
                "amount": amount_idr,
                "currency": CURRENCY,
                "description": note,
            },
            key,
        )
        if answer.status_code == 400:
            raise PayoutRefused(error_code=answer.error_code)
        if answer.status_code == 409:
            raise Unavailable(party=PARTY, reason="key_in_use")
        return read_body(_Payout, accepted(answer)).id

    def find(
        self,
        key: str,
        amount_idr: int,
        asked_at: datetime,  # noqa: ARG002 (a reference is looked up whatever its date)
    ) -> str | None:
        """By our own reference; an empty list says that there is none.
        https://docs.xendit.co/apidocs/get-all-payouts"""
        found = [
            read_body(_Listed, one)
            for one in self._client.get_list("/v2/payouts", reference_id=key)
        ]
        made = [one for one in found if one.reference_id == key]
        if any(rupiah(one.amount) != (amount_idr, False) for one in made):
            raise Unavailable(party=PARTY, reason="answer_of_another_payout")
        return min(made, key=lambda one: one.created).id if made else None

    def payout_state(self, reference: str) -> PayoutState | None:
        answer = self._client.get(f"/v2/payouts/{quote(reference, safe='')}")
        if answer.status_code == 404:
            return None
        return payout_state_of(read_body(_Payout, accepted(answer)).status)

    def holder_of(self, bank: str, number: str) -> str | None:
        """By Xendit's Name Validator, which asks the bank. An account that it does not know yet is
        PENDING: ask again, since its webhook is not used. Each request costs Rp250, whatever the
        answer (https://xendit.github.io/xendit-kb/name-validator/). Today's public reference does
        not list it. By the code of its clients, its successor Iluma has an address and a key of
        its own and, since version 2, compares a name and answers none."""
        answer = self._client.post(
            "/bank_account_data_requests",
            {"bank_account_number": number, "bank_code": bank.upper()},
        )
        if answer.status_code in (400, 404):
            return None
        holder = read_body(_Holder, accepted(answer))
        if holder.status == "PENDING":
            raise Unavailable(party=PARTY, reason="holder_not_known_yet")
        return holder.bank_account_holder_name
