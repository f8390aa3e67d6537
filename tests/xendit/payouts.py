"""Xendit's payouts, made at once without an approver; and looking up the name of an account.

What is refused of a request: https://docs.xendit.co/apidocs/create-payout and
https://docs.xendit.co/id/api-payouts-beta/payouts-errors/.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from tests.midtrans.faults import FaultKind, FaultScript
from tests.midtrans.wire import Call
from tests.xendit import bodies
from tests.xendit.answers import Answer
from tests.xendit.bodies import Body, iso

KEY_LIFE = timedelta(hours=24)
MAX_KEY, MAX_REFERENCE, MAX_HOLDER = 100, 255, 100  # characters
MIN_AMOUNT_IDR = 10_000


@dataclass(slots=True)
class Payout:
    payout_id: str
    key: str
    request: Mapping[str, Any]
    created_at: datetime
    bank_takes: timedelta
    bounces_after: timedelta | None = None
    is_rejected: bool = False

    def state(self, now: datetime) -> str:
        if self.is_rejected:
            return "FAILED"
        arrives_at = self.created_at + self.bank_takes
        if now < arrives_at:
            return "ACCEPTED" if now == self.created_at else "REQUESTED"
        if self.bounces_after is not None and now >= arrives_at + self.bounces_after:
            return "REVERSED"
        return "SUCCEEDED"


class Payouts:
    """`accounts`: the existing bank accounts, by bank and number, with their holders' names."""

    def __init__(
        self, now: Callable[[], datetime], faults: FaultScript, bank_takes: timedelta
    ) -> None:
        self.accounts = {("bca", "1234567890"): "SRI WAHYUNI"}
        self.made: list[Payout] = []
        self._names_known: set[tuple[str, str]] = set()
        self._now = now
        self._faults = faults
        self._bank_takes = bank_takes

    def answer(self, call: Call, request: Mapping[str, Any], key: str) -> Answer:
        match call.command, call.path.strip("/").split("/"):
            case "POST", ["v2", "payouts"]:
                return self._create(request, key)
            case "GET", ["v2", "payouts"]:
                reference = parse_qs(call.query)["reference_id"][0]
                made = [one for one in self.made if one.request["reference_id"] == reference]
                page: Body = {"data": [self._body(one) for one in made], "has_more": False}
                return Answer(200, {**page, "links": []})
            case "GET", ["v2", "payouts", payout_id]:
                found = [one for one in self.made if one.payout_id == payout_id]
                missing = Answer(404, bodies.error("DATA_NOT_FOUND", "Payout not found"))
                return Answer(200, self._body(found[0])) if found else missing
            case "POST", ["bank_account_data_requests"]:
                return self._name(request)
            case _:
                return Answer(404, bodies.error("DATA_NOT_FOUND", "No such resource"))

    def _create(self, request: Mapping[str, Any], key: str) -> Answer:
        for known in self.made:
            if known.key == key and self._now() < known.created_at + KEY_LIFE:
                if known.request != request:
                    refused = bodies.error("DUPLICATE_ERROR", "The key was used otherwise")
                    return Answer(409, refused)
                return Answer(200, self._body(known))
        if wrong := _wrong_with(request, key):
            return Answer(400, bodies.error(*wrong))
        if self._holder(request) is None:
            refused = bodies.error("INVALID_DESTINATION", "The destination does not exist")
            return Answer(400, refused)
        bounce = self._faults.take(FaultKind.PAYOUT_BOUNCED, key)
        payout = Payout(
            payout_id=f"disb-{uuid.uuid4()}",
            key=key,
            request=request,
            created_at=self._now(),
            bank_takes=self._bank_takes,
            bounces_after=timedelta(seconds=bounce.seconds) if bounce else None,
            is_rejected=self._faults.take(FaultKind.PAYOUT_REJECTED, key) is not None,
        )
        self.made.append(payout)
        return Answer(200, self._body(payout))

    def _holder(self, request: Mapping[str, Any]) -> str | None:
        bank = str(request["channel_code"]).removeprefix("ID_").lower()
        return self.accounts.get((bank, request["channel_properties"]["account_number"]))

    def _name(self, request: Mapping[str, Any]) -> Answer:
        bank, number = str(request["bank_code"]).lower(), str(request["bank_account_number"])
        name = self.accounts.get((bank, number))
        state = "FAILURE" if name is None else "SUCCESS"
        if (
            bank,
            number,
        ) not in self._names_known:  # the first request asks the bank; the next one has its answer
            self._names_known.add((bank, number))
            name, state = None, "PENDING"
        body: Body = {
            "id": str(uuid.uuid4()),
            "status": state,
            "bank_code": request["bank_code"],
            "bank_account_number": number,
            "bank_account_holder_name": name,
            "updated": iso(self._now()),
        }
        return Answer(200, body)

    def _body(self, payout: Payout) -> Body:
        state = payout.state(self._now())
        body: Body = {
            **payout.request,
            "id": payout.payout_id,
            "status": state,
            "business_id": bodies.BUSINESS_ID,
            "created": iso(payout.created_at),
            "updated": iso(self._now()),
            "estimated_arrival_time": iso(payout.created_at + payout.bank_takes),
        }
        if state == "FAILED":
            body["failure_code"] = "REJECTED_BY_CHANNEL"
        return body


def _wrong_with(request: Mapping[str, Any], key: str) -> tuple[str, str] | None:
    """The error code and the message; None where the request is right."""
    properties = request.get("channel_properties") or {}
    amount = request.get("amount")
    lengths = (
        ("Idempotency-key", key, MAX_KEY),
        ("reference_id", request.get("reference_id"), MAX_REFERENCE),
        ("account_holder_name", properties.get("account_holder_name"), MAX_HOLDER),
        ("account_number", properties.get("account_number"), MAX_REFERENCE),
    )
    for name, value, most in lengths:
        if not isinstance(value, str) or not 1 <= len(value) <= most:
            return "API_VALIDATION_ERROR", f"{name} must have 1 to {most} characters"
    if not str(request.get("channel_code")).startswith("ID_") or request.get("currency") != "IDR":
        return "CHANNEL_CODE_NOT_SUPPORTED_ERROR", "The channel is not supported for this currency"
    if not isinstance(amount, int | float) or amount != int(amount):
        return "API_VALIDATION_ERROR", "amount must be a whole number"
    if amount < MIN_AMOUNT_IDR:
        return "RECIPIENT_AMOUNT_ERROR", "amount is below the channel's minimum"
    return None
