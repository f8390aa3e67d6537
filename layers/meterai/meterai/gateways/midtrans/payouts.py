"""Midtrans's payouts (Iris) as our door to bank accounts: the `Payouts` port.

https://docs.midtrans.com/reference/payout-api-overview. Unlike the Core API it answers with HTTP's
own codes. Two keys: a *creator* asks for payouts, an *approver* releases them; without the
approver's key a person does so on the dashboard. Payout notices are not taken: they say no more
than the state does, and the refund's clock asks for that.
"""

from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from meterai.domain.errors import GatewayRefused, PayoutRefused, Unavailable
from meterai.domain.refunds.payouts import BankAccount, PayoutState
from meterai.gateways.clock import Now, utc_now
from meterai.gateways.json_client import (
    TOTAL_TIMEOUT_S,
    JsonClient,
    gateway_http,
    read_list,
    read_object,
)
from meterai.gateways.midtrans.answers import whole_rupiah
from meterai.http_client import Reply, Verb

PARTY = "midtrans_payouts"

_PAYOUTS = "/iris/api/v1/payouts"
_MAX_KEY = 100
_MAX_STATEMENT = timedelta(days=30)
_STATES = {
    "queued": PayoutState.QUEUED,
    "approved": PayoutState.QUEUED,
    "processed": PayoutState.PROCESSED,
    "completed": PayoutState.COMPLETED,
    "failed": PayoutState.FAILED,
    "rejected": PayoutState.FAILED,
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


BodyT = TypeVar("BodyT", bound=_Body)


class _Queued(_Body):
    reference_no: str
    status: str


class Details(_Queued):
    amount: str
    notes: str = ""


class StatementRow(_Body):
    """One movement of the payouts' balance. What it was for says the payout itself."""

    type: str
    amount: str
    created_at: AwareDatetime
    reference_no: str = ""  # of a payout's alone


class _Account(_Body):
    account_name: str


class MidtransPayouts:
    """Every method raises Unavailable when no usable answer came, GatewayRefused when Midtrans
    does not take the request at all (a wrong key, a key that is not this merchant's)."""

    def __init__(
        self,
        base_url: str,
        creator_key: str,
        approver_key: str | None = None,
        *,
        now: Now = utc_now,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        """`base_url` is `https://app.midtrans.com` or the sandbox's."""

        def door(key: str) -> JsonClient:
            return JsonClient(PARTY, base_url, key, gateway_http(total_timeout_s))

        self._now = now
        self._creator = door(creator_key)
        self._approver = door(approver_key) if approver_key else None

    def pay_out(self, key: str, account: BankAccount, amount_idr: int, note: str) -> str:
        """Asks for the payout, and releases it where we hold the approver's key.

        The key is told apart for 24 hours only: after that the same key pays again, so whoever
        has the reference asks for its state instead.
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
        http_status, body = _exchange(
            self._creator, "POST", _PAYOUTS, {"payouts": [payout]}, {"X-Idempotency-Key": key}
        )
        if http_status == 400:
            raise PayoutRefused(fields=_named(body))
        made = body.get("payouts") if http_status == 201 else None
        if not isinstance(made, list) or len(made) != 1:
            raise Unavailable(party=PARTY, reason="unreadable", http_status=http_status)
        queued = _read(_Queued, made[0])
        if queued.status == "queued" and self._approver is not None:
            self._approve(self._approver, queued.reference_no)
        return queued.reference_no

    def find(self, key: str, amount_idr: int, asked_at: datetime) -> str | None:
        """By the statement of the payouts' balance, and the note that each payout bears. A payout
        that waits for its release is in no statement: without the approver's key one may still be
        released by a person, so that nothing can be concluded from a statement without it."""
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
        reply = _sent(self._creator, "GET", f"/iris/api/v1/statements?{query}")
        return [_read(StatementRow, row) for row in read_list(PARTY, reply)]

    def payout_state(self, reference: str) -> PayoutState | None:
        """Completed may still become failed, for days: a bank may send money back."""
        payout = self.details(reference)
        return None if payout is None else state_of(payout)

    def details(self, reference: str) -> Details | None:
        http_status, body = _exchange(
            self._creator, "GET", f"{_PAYOUTS}/{quote(reference, safe='')}"
        )
        if http_status == 404:
            return None
        payout = _read(Details, body)
        if payout.reference_no != reference:
            raise Unavailable(party=PARTY, reason="answer_of_another_payout")
        return payout

    def holder_of(self, bank: str, number: str) -> str | None:
        """As the bank writes the name, which may be in capitals and cut short."""
        query = urlencode({"bank": bank, "account": number})
        http_status, body = _exchange(
            self._creator, "GET", f"/iris/api/v1/account_validation?{query}"
        )
        return None if http_status in (400, 404) else _read(_Account, body).account_name

    def _approve(self, approver: JsonClient, reference: str) -> None:
        """Releases it. Refused where it is released, or rejected, already: the state tells."""
        _exchange(approver, "POST", f"{_PAYOUTS}/approve", {"reference_nos": [reference]})


def state_of(payout: Details) -> PayoutState:
    """Raises Unavailable for a state nobody told us of."""
    try:
        return _STATES[payout.status.lower()]
    except KeyError:
        raise Unavailable(party=PARTY, reason="unknown_state", state=payout.status) from None


def _exchange(
    door: JsonClient,
    verb: Verb,
    path: str,
    body: dict[str, object] | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    reply = _sent(door, verb, path, body, headers)
    return reply.http_status, read_object(PARTY, reply)


def _sent(
    door: JsonClient,
    verb: Verb,
    path: str,
    body: dict[str, object] | None = None,
    headers: dict[str, str] | None = None,
) -> Reply:
    reply = door.exchange(verb, path, body, headers)
    if reply.http_status in (401, 403):
        raise GatewayRefused(status_code=reply.http_status)
    if reply.http_status >= 500 or reply.http_status in (302, 409, 429):
        raise Unavailable(party=PARTY, reason="gateway_error", http_status=reply.http_status)
    return reply


def _named(body: dict[str, Any]) -> str:
    """Which fields were refused: never their values, which are a person's."""
    errors = body.get("errors")
    first = errors.get("0") if isinstance(errors, dict) else None
    said = [str(each).partition(" ")[0] for each in first] if isinstance(first, list) else []
    return ",".join(said)


def _read(model: type[BodyT], body: object) -> BodyT:
    try:
        return model.model_validate(body)
    except ValidationError:
        raise Unavailable(party=PARTY, reason="unreadable") from None
