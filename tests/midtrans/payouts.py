"""Midtrans's payouts (Iris): created by a creator, released by an approver.

https://docs.midtrans.com/reference/payout-api-overview: HTTP status codes; requests are identified
by `X-Idempotency-Key` for 24 hours. A payout's state depends on the time alone: once released it is
processed, then the bank accepts it, and where a fault says so the bank returns it.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import RLock
from urllib.parse import parse_qs

from tests.midtrans.bodies import Body
from tests.midtrans.faults import FaultKind, FaultScript
from tests.midtrans.wire import Call, Reply, reply_json, through_the_wire

KEY_LIFE = timedelta(hours=24)
MAX_STATEMENT_DAYS = 31
BANKS = {"bca": "Bank Central Asia ( BCA )", "bni": "Bank Negara Indonesia", "mandiri": "Mandiri"}

ENDPOINT = "payouts"

_PATH = "/iris/api/v1/"


@dataclass(slots=True)
class Payout:
    reference_no: str
    key: str
    request_hash: str
    name: str
    account: str
    bank: str
    amount: str
    notes: str
    created_at: datetime
    bank_takes: timedelta
    approved_at: datetime | None = None
    bounces_after: timedelta | None = None
    is_rejected: bool = False

    def state(self, now: datetime) -> str:
        if self.is_rejected:
            return "rejected"
        if self.approved_at is None:
            return "queued"
        arrives_at = self.approved_at + self.bank_takes
        if now < arrives_at:
            return "processed"
        if self.bounces_after is not None and now >= arrives_at + self.bounces_after:
            return "failed"
        return "completed"


@dataclass(frozen=True, slots=True)
class PayoutReply:
    http_status: int
    body: Body | list[Body]


class Payouts:
    """`accounts`: the existing bank accounts, by bank and number, with their holders' names."""

    def __init__(
        self,
        now: Callable[[], datetime],
        faults: FaultScript,
        *,
        creator_key: str,
        approver_key: str,
        bank_takes: timedelta,
    ) -> None:
        self.accounts = {("bca", "1234567890"): "SRI WAHYUNI"}
        self.made: list[Payout] = []
        self._now = now
        self._faults = faults
        self._keys = {"creator": creator_key, "approver": approver_key}
        self._bank_takes = bank_takes
        self._lock = RLock()

    def may(self, role: str, given: str) -> bool:
        """Either key may read; creating and approving each need their own."""
        return given in self._keys.values() if role == "any" else given == self._keys[role]

    def is_call(self, path: str) -> bool:
        return path.startswith(_PATH)

    def answer(self, call: Call) -> Reply | None:
        """None: the connection is closed without an answer."""
        key = call.headers.get("x-idempotency-key", "")
        broken = reply_json({"error_message": "Internal server error"}, 500)

        def execute() -> Reply:
            with self._lock:
                answer = self._execute(call, key)
            return Reply(answer.http_status, "application/json", json.dumps(answer.body).encode())

        return through_the_wire(self._faults, key, ENDPOINT, broken, execute)

    def latest(self, key: str) -> Payout:
        return [payout for payout in self.made if payout.key == key][-1]

    def _execute(self, call: Call, key: str) -> PayoutReply:
        match call.command, call.path.removeprefix(_PATH).split("/"):
            case "POST", ["payouts"]:
                return self._guarded("creator", call.user) or self._create(key, call.raw)
            case "POST", ["payouts", "approve"]:
                return self._guarded("approver", call.user) or self._approve(call.raw)
            case "GET", ["statements"]:
                return self._guarded("any", call.user) or self._statement(call.query)
            case "GET", ["payouts", reference]:
                return self._guarded("any", call.user) or self._show(reference)
            case "GET", ["account_validation"]:
                return self._guarded("any", call.user) or self._validate(call.query)
            case _:
                return PayoutReply(404, {"error_message": "not found"})

    def _guarded(self, role: str, given: str) -> PayoutReply | None:
        refused = PayoutReply(401, {"error_message": "Access denied", "errors": "API key"})
        return None if self.may(role, given) else refused

    def _create(self, key: str, raw: bytes) -> PayoutReply:
        request_hash = hashlib.sha256(raw).hexdigest()
        for known in self.made if key else ():
            if known.key == key and self._now() < known.created_at + KEY_LIFE:
                if known.request_hash != request_hash:
                    refused = "idempotency-key is not unique"
                    return PayoutReply(400, {"error_message": refused, "errors": refused})
                return PayoutReply(201, _created(known))
        request = json.loads(raw)["payouts"][0]
        if wrong := self._wrong_with(request):
            message = "An error occurred when creating payouts"
            return PayoutReply(400, {"error_message": message, "errors": {"0": wrong}})
        reference = hashlib.sha256(f"{key}{len(self.made)}".encode()).hexdigest()[:18]
        bounce = self._faults.take(FaultKind.PAYOUT_BOUNCED, key)
        payout = Payout(
            reference_no=reference,
            key=key,
            request_hash=request_hash,
            name=request["beneficiary_name"],
            account=request["beneficiary_account"],
            bank=request["beneficiary_bank"],
            amount=request["amount"],
            notes=request.get("notes", ""),
            created_at=self._now(),
            bank_takes=self._bank_takes,
            bounces_after=timedelta(seconds=bounce.seconds) if bounce else None,
            is_rejected=self._faults.take(FaultKind.PAYOUT_REJECTED, key) is not None,
        )
        self.made.append(payout)
        return PayoutReply(201, _created(payout))

    def _wrong_with(self, request: Mapping[str, str]) -> list[str]:
        wrong = []
        if request["beneficiary_bank"] not in BANKS:
            wrong.append("Beneficiary bank is not included in the list")
        if (request["beneficiary_bank"], request["beneficiary_account"]) not in self.accounts:
            wrong.append("Beneficiary account is invalid")
        return wrong

    def _approve(self, raw: bytes) -> PayoutReply:
        references = json.loads(raw)["reference_nos"]
        waiting = [one for one in self.made if one.reference_no in references]
        if any(one.state(self._now()) != "queued" for one in waiting) or not waiting:
            refused = "Payouts are not in queued state"
            return PayoutReply(400, {"error_message": "An error occurred", "errors": [refused]})
        for payout in waiting:
            payout.approved_at = self._now()
        return PayoutReply(202, {"status": "ok"})

    def _show(self, reference: str) -> PayoutReply:
        for payout in self.made:
            if payout.reference_no == reference:
                return PayoutReply(200, _details(payout, self._now()))
        return PayoutReply(404, {"error_message": "Payout not found"})

    def _statement(self, query: str) -> PayoutReply:
        """The changes of the balance: a payout takes its money when it is released, and returns
        it when it fails."""
        request = {name: values[0] for name, values in parse_qs(query).items()}
        begins, ends = (date.fromisoformat(request[name]) for name in ("from_date", "to_date"))
        if (ends - begins).days > MAX_STATEMENT_DAYS:
            return PayoutReply(400, {"error_message": "Only one month of data", "errors": "date"})
        rows = [row for one in self.made for row in _movements(one, self._now())]
        return PayoutReply(200, [row for at, row in rows if begins <= at.date() <= ends])

    def _validate(self, query: str) -> PayoutReply:
        request = {name: values[0] for name, values in parse_qs(query).items()}
        bank, number = request.get("bank", ""), request.get("account", "")
        name = self.accounts.get((bank, number))
        if name is None:
            message = "An error occurred when doing account validation"
            errors = {"account": ["Account does not exist"]}
            return PayoutReply(400, {"error_message": message, "errors": errors})
        return PayoutReply(200, {"account_name": name, "account_no": number, "bank_name": bank})


def _created(payout: Payout) -> Body:
    return {"payouts": [{"status": "queued", "reference_no": payout.reference_no}]}


def _movements(payout: Payout, now: datetime) -> Iterator[tuple[datetime, Body]]:
    if payout.approved_at is None:
        return
    row: Body = {
        "reference_no": payout.reference_no,
        "beneficiary_name": payout.name,
        "beneficiary_account": payout.account,
        "account": BANKS[payout.bank],
        "type": "Payout",
        "amount": payout.amount,
        "status": "debit",
        "created_at": payout.approved_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    yield payout.approved_at, row
    if payout.state(now) == "failed":
        bounced_at = payout.approved_at + payout.bank_takes + (payout.bounces_after or timedelta())
        returned = {"type": "Refund", "status": "credit"}
        yield bounced_at, {**row, **returned, "created_at": f"{bounced_at:%Y-%m-%dT%H:%M:%SZ}"}


def _details(payout: Payout, now: datetime) -> Body:
    return {
        "amount": payout.amount,
        "beneficiary_name": payout.name,
        "beneficiary_account": payout.account,
        "bank": BANKS[payout.bank],
        "reference_no": payout.reference_no,
        "notes": payout.notes,
        "status": payout.state(now),
        "created_by": "creator",
        "created_at": payout.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "updated_at": (payout.approved_at or payout.created_at).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
