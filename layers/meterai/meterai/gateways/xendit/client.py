"""Xendit's API, and how it reports an outcome: HTTP's own codes, and in an error body an
`error_code`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from meterai.domain.errors import GatewayRefused, Unavailable
from meterai.gateways.json_client import JsonClient, check_usable, read_json, read_object
from meterai.gateways.xendit.answers import PARTY, PaymentRequest, PaymentRequests, read_body
from meterai.http_client import Reply

TRANSACTION_PREFIX = "pr-"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome, as an HTTP status code, and the fields of the body; `error_code` is empty if the
    request succeeded."""

    status_code: int
    error_code: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class XenditClient:
    """Raises Unavailable if no usable answer came, GatewayRefused for a wrong key."""

    http: JsonClient

    def get(self, path: str, **query: str | Sequence[str]) -> Answer:
        """A value of `query` that is a list is sent once for each of its items."""
        return self.http.get(_address(path, query), _read_answer)

    def get_list(self, path: str, **query: str) -> list[Any]:
        """Raises GatewayRefused too."""
        return self.http.get(_address(path, query), _read_list)

    def post(self, path: str, body: Mapping[str, object], key: str | None = None) -> Answer:
        """`key` is the request's `Idempotency-key`: the same key is the same request."""
        headers = {} if key is None else {"Idempotency-key": key}
        return self.http.post(path, _read_answer, body, headers)

    def payment_request(self, charge: str) -> PaymentRequest | None:
        """By its own id, or the latest with this reference. None: Xendit has none. Raises
        GatewayRefused too."""
        if charge.startswith(TRANSACTION_PREFIX):
            answer = self.get(f"/payment_requests/{quote(charge, safe='')}")
            if answer.status_code == 404:
                return None
            return read_body(PaymentRequest, accepted(answer))
        answer = self.get("/payment_requests", reference_id=charge)
        found = read_body(PaymentRequests, accepted(answer)).data
        if any(request.reference_id != charge for request in found):
            raise Unavailable(party=PARTY, reason="answer_of_another_charge")
        return max(found, key=lambda request: request.created, default=None)


def accepted(answer: Answer, *expected: int) -> dict[str, Any]:
    """The body, if the request succeeded, or failed as `expected`. Raises GatewayRefused."""
    if answer.error_code and answer.status_code not in expected:
        raise GatewayRefused(status_code=answer.status_code, error_code=answer.error_code)
    return answer.body


def _address(path: str, query: Mapping[str, str | Sequence[str]]) -> str:
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def _read_answer(reply: Reply) -> Answer:
    status = reply.http_status
    check_usable(PARTY, status)
    body = read_object(PARTY, reply)
    error_code = str(body.get("error_code", "UNKNOWN")) if status >= 400 else ""
    if status == 401 or (status == 403 and error_code != "INELIGIBLE_TRANSACTION"):
        raise GatewayRefused(status_code=status, error_code=error_code)
    return Answer(status, error_code, body)


def _read_list(reply: Reply) -> list[Any]:
    """A bare list, as the reference has it, or a page with one, as the official client reads it."""
    if reply.http_status >= 300:
        accepted(_read_answer(reply))
    body = read_json(PARTY, reply)
    found = body.get("data") if isinstance(body, dict) else body
    if not isinstance(found, list):
        raise Unavailable(party=PARTY, reason="not_a_list", http_status=reply.http_status)
    return found
