"""A merchant's call on its way through the wire: who may call, what the faults do to it.

The order matters. What strikes before execution leaves the book untouched; what strikes after
leaves the caller in the dark about something that did happen.
"""

import base64
import hmac
import json
import time
from dataclasses import dataclass

from tests.midtrans import bodies
from tests.midtrans.api import Api
from tests.midtrans.bodies import Body
from tests.midtrans.faults import FaultKind, FaultScript
from tests.midtrans.ledger import Ledger

ENDPOINTS = ("charge", "status", "cancel", "expire", "refund")

_PROXY_PAGE = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. A `location` makes it a redirect."""

    http_status: int
    content_type: str
    body: bytes
    location: str | None = None


class MerchantCalls:
    def __init__(self, ledger: Ledger, faults: FaultScript, api: Api, server_key: str) -> None:
        self._ledger = ledger
        self._faults = faults
        self._api = api
        self._credentials = base64.b64encode(f"{server_key}:".encode())

    def call(self, endpoint: str, name: str, authorization: str, raw: bytes) -> Reply | None:
        """The answer to a call; None: the connection is closed without one.

        `name` is the order or transaction id of the path, empty for a charge.
        """
        if not self._may_call(authorization):
            # the one error with an HTTP code of its own: official client's README, "401"
            return _json(_unauthorized(), http_status=401)
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return _json(bodies.error(413, "The request body is malformed"))
        if not isinstance(body, dict):
            return _json(bodies.error(413, "The request body is malformed"))
        order_id = self._order_id(name, body)
        if self._faults.take(FaultKind.LOST_BEFORE, order_id, endpoint):
            return None
        if html := self._faults.take(FaultKind.HTML, order_id, endpoint):
            return Reply(html.status_code or 502, "text/html", _PROXY_PAGE)
        if self._faults.take(FaultKind.BROKEN, order_id, endpoint):
            return _json(
                bodies.error(500, "Sorry. Our system is recovering from unexpected issues.")
            )
        answer = self._execute(endpoint, name, body)
        if endpoint == "status" and self._faults.take(FaultKind.UPPER_CASE, order_id):
            answer["transaction_status"] = str(answer.get("transaction_status")).upper()
        if self._faults.take(FaultKind.LOST_AFTER, order_id, endpoint):
            return None
        if slow := self._faults.take(FaultKind.SLOW, order_id, endpoint):
            time.sleep(slow.seconds)
        return _json(answer)

    def _may_call(self, authorization: str) -> bool:
        scheme, _, credentials = authorization.partition(" ")
        right = hmac.compare_digest(credentials.strip().encode(), self._credentials)
        return scheme.lower() == "basic" and right

    def _order_id(self, name: str, body: Body) -> str:
        if not name:
            details = body.get("transaction_details")
            return str(details.get("order_id", "")) if isinstance(details, dict) else ""
        with self._ledger.lock:
            transaction = self._ledger.find(name)
        return transaction.order_id if transaction else name

    def _execute(self, endpoint: str, name: str, body: Body) -> Body:
        with self._ledger.lock:
            if endpoint == "charge":
                return self._api.charge(body)
            transaction = self._ledger.find(name)
            if transaction is None:
                return bodies.error(404, "Transaction doesn't exist.")
            if endpoint == "refund":
                return self._api.refund(transaction, body)
            plain = {
                "status": self._api.status,
                "cancel": self._api.cancel,
                "expire": self._api.expire,
            }
            return plain[endpoint](transaction)


def _json(body: Body, http_status: int = 200) -> Reply:
    return Reply(http_status, "application/json", json.dumps(body).encode())


def _unauthorized() -> Body:
    return bodies.error(401, "Transaction cannot be authorized with the current client/server key.")
