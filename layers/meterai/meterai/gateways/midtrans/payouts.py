"""Midtrans's payouts (Iris) to bank accounts: the `Payouts` port.

https://docs.midtrans.com/reference/payout-api-overview. Two keys: a *creator* requests payouts, an
*approver* releases them; without the approver's key a person releases them on the dashboard. Payout
webhooks are not used: the refund's timer asks for the state.
"""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import AwareDatetime

from meterai.domain.errors import GatewayRefused, PayoutRefused, Unavailable
from meterai.domain.orders.payments import KeyLifetime
from meterai.domain.refunds.payouts import BankAccount, PayoutState
from meterai.gateways.clock import Now, utc_now
from meterai.gateways.json_client import TOTAL_TIMEOUT_S, JsonClient, gateway_http
from meterai.gateways.keys import RotatingKey
from meterai.gateways.midtrans.answers import PAYOUTS_PARTY as PARTY
from meterai.gateways.midtrans.answers import Body, BodyT, read_body, whole_rupiah
from meterai.gateways.midtrans.client import PayoutsClient
from meterai.gateways.midtrans.status_map import payout_state_of

PAYOUT_KEY_LIFETIME = KeyLifetime(  # Midtrans purges an `X-Idempotency-Key` after 24 hours
    resend_within=timedelta(hours=23),
    forgotten_after=timedelta(days=3),  # by then a bank has had a working day to execute it
)

_MAX_KEY = 100
_MAX_STATEMENT = timedelta(days=30)


class _Queued(Body):
    reference_no: str
    status: str


class Details(_Queued):
    amount: str
    notes: str = ""


class StatementRow(Body):
    """One movement of the payouts' balance; what it was for is in the payout's own details."""

    type: str
    amount: str
    created_at: AwareDatetime
    reference_no: str = ""  # only if it is a payout


class _Account(Body):
    account_name: str


class MidtransPayouts:
    """Every method raises Unavailable if no usable answer came, GatewayRefused if Midtrans does not
    take the request at all (a wrong key, a key of another merchant)."""

    def __init__(
        self,
        base_url: str,
        creator_key: str | RotatingKey,
        approver_key: str | RotatingKey | None = None,
        *,
        now: Now = utc_now,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        """`base_url` is `https://app.midtrans.com` or the sandbox's."""

        def client(key: str | RotatingKey) -> PayoutsClient:
            return PayoutsClient(JsonClient(PARTY, base_url, key, gateway_http(total_timeout_s)))

        self.payout_key_lifetime = PAYOUT_KEY_LIFETIME
        self._now = now
        self._creator = client(creator_key)
        self._approver = client(approver_key) if approver_key else None

    def pay_out(self, key: str, account: BankAccount, amount_idr: int, note: str) -> str:
        """Requests the payout, and releases it if the approver's key is at hand.

        400 says that this payout will never be made as requested. Any other refusal is not about
        the account.
        """
        if len(key) > _MAX_KEY:
            raise ValueError(f"Midtrans takes {_MAX_KEY} characters: {key!r}")
        payout = {
            "beneficiary_name": account.holder,
            "beneficiary_account": account.number,
            "beneficiary_bank": account.bank,
            "amount": f"{amount_idr}.00",
            "notes": note,
        }
        answer = self._creator.post("payouts", {"payouts": [payout]}, key)
        if answer.status_code == 400:
            raise PayoutRefused(fields=_refused_fields(answer.body))
        if answer.status_code == 409:
            raise Unavailable(party=PARTY, reason="key_in_use")
        if answer.status_code != 201:
            raise GatewayRefused(status_code=answer.status_code)
        made = answer.body.get("payouts")
        if not isinstance(made, list) or len(made) != 1:
            raise Unavailable(party=PARTY, reason="unreadable")
        queued = _read(_Queued, made[0])
        if queued.status == "queued" and self._approver is not None:
            _approve(self._approver, queued.reference_no)
        return queued.reference_no

    def find(self, key: str, amount_idr: int, asked_at: datetime) -> str | None:
        """By the statement of the payouts' balance, and the note of each payout. A payout that
        waits for its release is in no statement: without the approver's key a person may still
        release it, so that its absence proves nothing."""
        begins = asked_at - timedelta(days=1)
        ends = min(self._now(), begins + _MAX_STATEMENT)
        for row in self.statement(begins.date(), ends.date()):
            if row.reference_no and whole_rupiah(row.amount) == amount_idr:
                made = self.details(row.reference_no)
                if made is not None and key in made.notes.split():
                    return row.reference_no
        if self._approver is None:
            raise Unavailable(party=PARTY, reason="may_wait_for_its_release")
        return None

    def statement(self, begins: date, ends: date) -> list[StatementRow]:
        """Both days included, as Midtrans counts them; a month at most, and none that is older than
        half a year. https://docs.midtrans.com/reference/get-transaction-history"""
        query = urlencode({"from_date": begins.isoformat(), "to_date": ends.isoformat()})
        rows = self._creator.get_list(f"statements?{query}")
        return [_read(StatementRow, row) for row in rows]

    def payout_state(self, reference: str) -> PayoutState | None:
        """Completed may still become failed, for days: a bank may send money back."""
        payout = self.details(reference)
        return None if payout is None else payout_state_of(payout.status)

    def details(self, reference: str) -> Details | None:
        answer = self._creator.get(f"payouts/{quote(reference, safe='')}")
        if answer.status_code == 404:
            return None
        payout = _read(Details, answer.body)
        if payout.reference_no != reference:
            raise Unavailable(party=PARTY, reason="answer_of_another_payout")
        return payout

    def holder_of(self, bank: str, number: str) -> str | None:
        """As the bank writes the name, which may be in capitals and cut short."""
        query = urlencode({"bank": bank, "account": number})
        answer = self._creator.get(f"account_validation?{query}")
        is_unknown = answer.status_code in (400, 404)
        return None if is_unknown else _read(_Account, answer.body).account_name


def _approve(approver: PayoutsClient, reference: str) -> None:
    """Releases it. 400 if it is released, or rejected, already: the payout's state says which."""
    approver.post("payouts/approve", {"reference_nos": [reference]})


def _refused_fields(body: dict[str, Any]) -> str:
    """Which fields were refused, without their values, which are personal data."""
    errors = body.get("errors")
    first = errors.get("0") if isinstance(errors, dict) else None
    words = [str(each).partition(" ")[0] for each in first] if isinstance(first, list) else []
    return ",".join(words)


def _read(model: type[BodyT], body: object) -> BodyT:
    return read_body(model, body, PARTY)
