"""Xendit's payouts as our door to bank accounts: the `Payouts` port.

https://docs.xendit.co/apidocs/create-payout. A payout that succeeded may still be reversed. Payout
webhooks are not taken: the refund's clock asks for the state.
"""

from datetime import datetime
from typing import Literal
from urllib.parse import quote

from pydantic import AwareDatetime

from meterai.domain.errors import PayoutRefused, Unavailable
from meterai.domain.orders.payments import CURRENCY
from meterai.domain.refunds.payouts import BankAccount, PayoutState
from meterai.gateways.json_client import TOTAL_TIMEOUT_S, JsonClient, gateway_http
from meterai.gateways.xendit.answers import Amount, Body, Word, read_body, rupiah
from meterai.gateways.xendit.client import PARTY, XenditHttp

_STATES = {
    "ACCEPTED": PayoutState.QUEUED,
    "PENDING_COMPLIANCE_ASSESSMENT": PayoutState.QUEUED,
    "REQUESTED": PayoutState.PROCESSED,
    "LOCKED": PayoutState.PROCESSED,
    "SUCCEEDED": PayoutState.COMPLETED,
    "FAILED": PayoutState.FAILED,
    "CANCELLED": PayoutState.FAILED,
    "COMPLIANCE_REJECTED": PayoutState.FAILED,
    "EXPIRED": PayoutState.FAILED,
    "REVERSED": PayoutState.FAILED,
}


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
    """Every method raises Unavailable when no usable answer came, GatewayRefused when Xendit does
    not take the request at all (a wrong key)."""

    def __init__(
        self,
        base_url: str,
        secret_key: str,
        *,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        self._http = XenditHttp(
            JsonClient(PARTY, base_url, secret_key, gateway_http(total_timeout_s))
        )

    def pay_out(self, key: str, account: BankAccount, amount_idr: int, note: str) -> str:
        """Asks for the payout. The holder's name must be the bank's own, letter for letter."""
        answer = self._http.post(
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
        if answer.error_code:
            raise PayoutRefused(error_code=answer.error_code)
        return read_body(_Payout, answer.body).id

    def find(
        self,
        key: str,
        amount_idr: int,
        asked_at: datetime,  # noqa: ARG002 (the reference tells them apart, whenever it was)
    ) -> str | None:
        """By our own reference; a list that is empty says that there is none.
        https://docs.xendit.co/apidocs/get-all-payouts"""
        found = [
            read_body(_Listed, one) for one in self._http.get_list("/v2/payouts", reference_id=key)
        ]
        made = [one for one in found if one.reference_id == key]
        if any(rupiah(one.amount) != (amount_idr, False) for one in made):
            raise Unavailable(party=PARTY, reason="answer_of_another_payout")
        return min(made, key=lambda one: one.created).id if made else None

    def payout_state(self, reference: str) -> PayoutState | None:
        answer = self._http.get(f"/v2/payouts/{quote(reference, safe='')}")
        if answer.http_status == 404:
            return None
        payout = read_body(_Payout, answer.body)
        try:
            return _STATES[payout.status]
        except KeyError:
            raise Unavailable(party=PARTY, reason="unknown_state", state=payout.status) from None

    def holder_of(self, bank: str, number: str) -> str | None:
        """Xendit's Name Validator asks the bank. An account that it does not know yet is PENDING:
        then ask again, as its notice is not taken. Each question costs Rp250, whatever the answer
        (https://xendit.github.io/xendit-kb/name-validator/). Today's public reference names it no
        more: by what clients of its successor, Iluma, do, that has an address and a key of its own
        and, since its version 2, compares a name and tells none."""
        answer = self._http.post(
            "/bank_account_data_requests",
            {"bank_account_number": number, "bank_code": bank.upper()},
        )
        if answer.error_code:
            return None
        holder = read_body(_Holder, answer.body)
        if holder.status == "PENDING":
            raise Unavailable(party=PARTY, reason="holder_not_known_yet")
        return holder.bank_account_holder_name
