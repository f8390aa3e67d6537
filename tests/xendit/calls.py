"""A merchant's call: authentication, the endpoint, and the faults on it."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from tests.midtrans.fault_plan import FaultPlan
from tests.midtrans.faults import FaultKind, FaultScript
from tests.midtrans.ledger import Ledger, Transaction
from tests.midtrans.wire import Call, Reply, reply_json, through_the_wire
from tests.xendit import bodies
from tests.xendit.answers import Answer
from tests.xendit.api import Api
from tests.xendit.payouts import Payouts
from tests.xendit.refunds import Refunds
from tests.xendit.transactions import list_transactions

_ENDPOINT = re.compile(
    r"/(?:payment_requests|refunds|v3/refunds|transactions|v2/payouts|v2/payment_methods"
    r"|bank_account_data_requests)(?:/.*)?"
)
_NOT_FOUND = Answer(404, bodies.error("DATA_NOT_FOUND", "No such resource"))


class Calls:
    """`endpoint` of a fault is one of charge, status, expire, refund, payouts (as for Midtrans),
    or transactions."""

    def __init__(
        self,
        ledger: Ledger,
        faults: FaultScript,
        api: Api,
        refunds: Refunds,
        payouts: Payouts,
        secret_key: str,
    ) -> None:
        self._ledger = ledger
        self._faults = faults
        self._api = api
        self._refunds = refunds
        self._payouts = payouts
        self._secret_key = secret_key

    def is_call(self, path: str) -> bool:
        return _ENDPOINT.fullmatch(path) is not None

    def answer(self, call: Call) -> Reply | None:
        """None: the connection is closed without an answer."""
        if call.user != self._secret_key:
            refused = bodies.error("INVALID_API_KEY", "API key is not authorized for this API")
            return reply_json(refused, 401)
        try:
            request = json.loads(call.raw) if call.raw else {}
        except ValueError:
            request = None
        if not isinstance(request, dict):
            refused = bodies.error("API_VALIDATION_ERROR", "The body is no JSON object")
            return reply_json(refused, 400)
        query = {name: values[0] for name, values in parse_qs(call.query).items()}
        endpoint, name, execute = self._endpoint(call, request, query)
        if endpoint == "charge":
            amount = request.get("amount")
            plan = FaultPlan.from_amount(amount if isinstance(amount, int) else 0)
            self._faults.add_once(name, plan.faults(name))
        broken = reply_json(bodies.error("SERVER_ERROR", "Something went wrong"), 500)

        def execute_it() -> Reply:
            with self._ledger.lock:
                answer = execute()
            body = dict(answer.body)
            if self._faults.take(FaultKind.UNKNOWN_FIELDS, name, endpoint):
                body |= {"a_new_field": {"not": ["documented", "by", "Xendit"]}, "another": None}
            return reply_json(body, answer.http_status)

        return through_the_wire(self._faults, name, endpoint, broken, execute_it)

    def _endpoint(
        self, call: Call, request: dict[str, Any], query: dict[str, str]
    ) -> tuple[str, str, Callable[[], Answer]]:
        """The endpoint, the charge it is about, and the function that executes the call."""
        key = call.headers.get("idempotency-key", "")
        match call.command, call.path.strip("/").split("/"):
            case "POST", ["payment_requests"]:
                reference = str(request.get("reference_id"))
                return "charge", reference, lambda: self._api.create(request, key, call.raw)
            case "GET", ["payment_requests"]:
                reference = query.get("reference_id", "")
                return "status", reference, lambda: self._api.list_requests(reference)
            case "GET", ["payment_requests", name]:
                found = self._find(name)
                return "status", _order(found), lambda: self._api.show(found)
            case "POST", ["payment_requests", name, "payments", "simulate"]:
                return self._of(name, "", self._api.simulate)
            case "GET", ["v2", "payment_methods", name, "payments"]:
                return self._of(name, "payments", self._api.list_payments)
            case "POST", ["v2", "payment_methods", name, "expire"]:
                return self._of(name, "expire", self._api.expire)
            case "GET", ["refunds"]:
                return self._of(query.get("payment_request_id", ""), "", self._refunds.list_of)
            case "GET", ["transactions"]:
                filters = parse_qs(call.query)
                return "transactions", "", lambda: self._transactions(filters)
            case "POST", ["refunds"]:
                return self._of(
                    str(request.get("payment_request_id")),
                    "refund",
                    lambda transaction: self._refunds.create(transaction, request, key),
                )
            case "POST", ["v3", "refunds"]:
                version = call.headers.get("api-version", "")
                return self._of(
                    str(request.get("payment_id")),
                    "refund",
                    lambda transaction: self._refunds.create_v3(transaction, request, version),
                )
            case "GET", ["v3", "refunds", refund_id]:
                version = call.headers.get("api-version", "")
                return "", "", lambda: self._refunds.show_v3(refund_id, version)
            case _:
                return "payouts", key, lambda: self._payouts.answer(call, request, key)

    def _transactions(self, filters: dict[str, list[str]]) -> Answer:
        now = self._ledger.now()
        body = list_transactions(self._ledger, self._payouts, filters, now)
        return Answer(400 if "error_code" in body else 200, body)

    def _of(
        self, name: str, endpoint: str, act: Callable[[Transaction], Answer]
    ) -> tuple[str, str, Callable[[], Answer]]:
        found = self._find(name)
        return endpoint, _order(found), lambda: act(found) if found else _NOT_FOUND

    def _find(self, name: str) -> Transaction | None:
        """By the id of a payment request, a payment method or a payment: each contains the
        transaction's id."""
        with self._ledger.lock:
            return self._ledger.find(name.partition("-")[2])


def _order(found: Transaction | None) -> str:
    return found.order_id if found else ""
