"""A merchant's call to the Core API: authentication, the endpoint, and the faults on it."""

import hmac
import json
import re

from tests.midtrans import bodies
from tests.midtrans.api import Api
from tests.midtrans.bodies import Body
from tests.midtrans.fault_plan import FaultPlan
from tests.midtrans.faults import Fault, FaultKind, FaultScript
from tests.midtrans.ledger import Ledger
from tests.midtrans.wire import Call, Reply, reply_json, through_the_wire

_CHARGE = re.compile(r"/v2/charge")
_DIRECT = "/online/direct"
_NAMED = re.compile(
    rf"/v2/(?P<name>[^/]+)/(?P<endpoint>status|cancel|expire|refund)(?P<direct>{_DIRECT})?"
)


class MerchantCalls:
    def __init__(self, ledger: Ledger, faults: FaultScript, api: Api, server_key: str) -> None:
        self._ledger = ledger
        self._faults = faults
        self._api = api
        self._server_key = server_key

    def is_call(self, path: str) -> bool:
        found = _NAMED.fullmatch(path)
        if found is None:
            return _CHARGE.fullmatch(path) is not None
        return found["direct"] is None or found["endpoint"] == "refund"

    def answer(self, call: Call) -> Reply | None:
        """None: the connection is closed without an answer."""
        found = _NAMED.fullmatch(call.path)
        endpoint, name = (found["endpoint"], found["name"]) if found else ("charge", "")
        direct = found is not None and found["direct"] is not None
        if (call.command == "GET") != (endpoint == "status"):
            return Reply(405, "text/plain; charset=utf-8", b"HTTP method is not allowed")
        if not hmac.compare_digest(call.user.encode(), self._server_key.encode()):
            # the one error with an HTTP status of its own: official client's README, "401"
            return reply_json(_unauthorized(), http_status=401)
        if "application/json" not in call.headers.get("accept", ""):
            return reply_json(bodies.error(403, "The Accept header does not allow JSON"))
        try:
            body = json.loads(call.raw) if call.raw else {}
        except ValueError:
            return reply_json(bodies.error(413, "The request body is malformed"))
        if not isinstance(body, dict):
            return reply_json(bodies.error(413, "The request body is malformed"))
        order_id = self._order_id(name, body)
        if endpoint == "charge":
            self._faults.add_once(order_id, _faults_of_amount(order_id, body))
        broken = bodies.error(500, "Sorry. Our system is recovering from unexpected issues.")

        def execute() -> Reply:
            answer = self._execute(endpoint, name, body, direct=direct)
            if endpoint == "status" and self._faults.take(FaultKind.UPPER_CASE, order_id):
                answer["transaction_status"] = str(answer.get("transaction_status")).upper()
            if self._faults.take(FaultKind.UNKNOWN_FIELDS, order_id, endpoint):
                answer |= {
                    "a_new_field": {"not": ["documented", "by", "Midtrans"]},
                    "another": None,
                }
            return reply_json(answer)

        return through_the_wire(self._faults, order_id, endpoint, reply_json(broken), execute)

    def _order_id(self, name: str, body: Body) -> str:
        if not name:
            details = body.get("transaction_details")
            return str(details.get("order_id", "")) if isinstance(details, dict) else ""
        with self._ledger.lock:
            transaction = self._ledger.find(name)
        return transaction.order_id if transaction else name

    def _execute(self, endpoint: str, name: str, body: Body, *, direct: bool) -> Body:
        with self._ledger.lock:
            if endpoint == "charge":
                return self._api.charge(body)
            transaction = self._ledger.find(name)
            if transaction is None:
                return bodies.error(404, "Transaction doesn't exist.")
            if endpoint == "refund":
                refund = self._api.refund_directly if direct else self._api.refund
                return refund(transaction, body)
            plain = {
                "status": self._api.status,
                "cancel": self._api.cancel,
                "expire": self._api.expire,
            }
            return plain[endpoint](transaction)


def _faults_of_amount(order_id: str, body: Body) -> tuple[Fault, ...]:
    """The fault that a magic amount requests."""
    details = body.get("transaction_details")
    amount = details.get("gross_amount") if isinstance(details, dict) else None
    return FaultPlan.from_amount(amount).faults(order_id) if isinstance(amount, int) else ()


def _unauthorized() -> Body:
    return bodies.error(401, "Transaction cannot be authorized with the current client/server key.")
