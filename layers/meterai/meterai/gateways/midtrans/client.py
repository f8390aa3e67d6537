"""Midtrans's two APIs, and how each reports an outcome.

The Core API (charges, refunds) answers with HTTP 200 and the outcome in the body as `status_code`;
HTTP's own code matters only where there is no such body. The payouts API (Iris) answers with HTTP's
own codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from meterai.domain.errors import GatewayRefused, Unavailable
from meterai.gateways.json_client import JsonClient, check_usable, read_list, read_object
from meterai.gateways.midtrans.answers import PARTY, PAYOUTS_PARTY, Status, read_body
from meterai.http_client import Reply


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome, as an HTTP status code, and the fields of the body."""

    status_code: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MidtransClient:
    """The Core API. `name` is a charge id or one of Midtrans's own transaction ids.

    Raises Unavailable if no usable answer came, GatewayRefused for a wrong key.
    """

    http: JsonClient

    def get(self, name: str, action: str) -> Answer:
        """GET /v2/{name}/{action}."""
        return self.http.get(_path(name, action), read_answer)

    def post(self, name: str, action: str, body: Mapping[str, object] | None = None) -> Answer:
        """POST /v2/{name}/{action}."""
        return self.http.post(_path(name, action), read_answer, body)

    def charge(self, body: Mapping[str, object]) -> Answer:
        """POST /v2/charge."""
        return self.http.post("/v2/charge", read_answer, body)

    def status(self, charge: str) -> Status | None:
        """None: Midtrans has no such charge. Raises GatewayRefused too."""
        answer = self.get(charge, "status")
        if answer.status_code == 404:
            return None
        status = read_body(Status, accepted(answer, 200, 201, 202, 407))
        if charge not in (status.order_id, status.transaction_id):
            raise Unavailable(party=PARTY, reason="answer_of_another_charge")
        return status


@dataclass(frozen=True, slots=True)
class PayoutsClient:
    """The payouts API. Raises Unavailable if no usable answer came, GatewayRefused for a wrong
    key."""

    http: JsonClient

    def get(self, path: str) -> Answer:
        return self.http.get(f"/iris/api/v1/{path}", _read_payout_answer)

    def get_list(self, path: str) -> list[Any]:
        return self.http.get(f"/iris/api/v1/{path}", _read_payout_list)

    def post(self, path: str, body: Mapping[str, object], key: str | None = None) -> Answer:
        """`key` is the request's `X-Idempotency-Key`: the same key is the same request."""
        headers = {} if key is None else {"X-Idempotency-Key": key}
        return self.http.post(f"/iris/api/v1/{path}", _read_payout_answer, body, headers)


def accepted(answer: Answer, *expected: int) -> dict[str, Any]:
    """The body, if the outcome is one of those expected. Raises GatewayRefused."""
    if answer.status_code not in expected:
        raise GatewayRefused(status_code=answer.status_code)
    return answer.body


def read_answer(reply: Reply) -> Answer:
    """The outcome in the body; HTTP's own where an error body has none."""
    http_status, body = reply.http_status, read_object(PARTY, reply)
    stated = str(body.get("status_code", http_status if http_status >= 400 else ""))
    if not (stated.isascii() and stated.isdigit()):
        raise Unavailable(party=PARTY, reason="no_status_code", http_status=http_status)
    for status_code in (http_status, int(stated)):
        check_usable(PARTY, status_code)
    if int(stated) == 401:
        raise GatewayRefused(status_code=401)
    return Answer(int(stated), body)


def _read_payout_answer(reply: Reply) -> Answer:
    _check_payout_reply(reply)
    return Answer(reply.http_status, read_object(PAYOUTS_PARTY, reply))


def _read_payout_list(reply: Reply) -> list[Any]:
    _check_payout_reply(reply)
    return read_list(PAYOUTS_PARTY, reply)


def _check_payout_reply(reply: Reply) -> None:
    check_usable(PAYOUTS_PARTY, reply.http_status)
    if reply.http_status in (401, 403):
        raise GatewayRefused(status_code=reply.http_status)


def _path(name: str, action: str) -> str:
    return f"/v2/{quote(name, safe='')}/{action}"
