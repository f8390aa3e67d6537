"""Xendit's manner of answering: HTTP's own codes, and in an error body an `error_code`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from meterai.domain.errors import GatewayRefused, Unavailable
from meterai.gateways.json_client import JsonClient, read_json, read_object
from meterai.http_client import Reply, Verb

PARTY = "xendit"


@dataclass(frozen=True, slots=True)
class Answer:
    """`error_code` is empty where the request was met."""

    http_status: int
    error_code: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class XenditHttp:
    http: JsonClient

    def get(self, path: str, **query: str | Sequence[str]) -> Answer:
        """Once: the queue asks again. A value that is a list is said once for each."""
        said = f"?{urlencode(query, doseq=True)}" if query else ""
        return self._exchange("GET", path + said)

    def get_list(self, path: str, **query: str) -> list[Any]:
        """Once. A bare list, as the reference has it, or a page of one, as the official client."""
        reply = self.http.exchange("GET", f"{path}?{urlencode(query)}")
        if reply.http_status != 200:
            answer = _read_answer(reply)
            raise GatewayRefused(status_code=answer.http_status, error_code=answer.error_code)
        body = read_json(PARTY, reply)
        listed = body.get("data") if isinstance(body, dict) else body
        if not isinstance(listed, list):
            raise Unavailable(party=PARTY, reason="not_a_list", http_status=reply.http_status)
        return listed

    def post(self, path: str, body: Mapping[str, object], key: str | None = None) -> Answer:
        """Once. `key` is the request's `Idempotency-key`: the same is the same request."""
        return self._exchange("POST", path, body, {} if key is None else {"Idempotency-key": key})

    def _exchange(
        self,
        verb: Verb,
        path: str,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Raises Unavailable on anything but JSON, a 5xx, 429; GatewayRefused for a wrong key."""
        return _read_answer(self.http.exchange(verb, path, body, headers))


def _read_answer(reply: Reply) -> Answer:
    status = reply.http_status
    if status >= 500 or status == 429 or 300 <= status < 400:
        raise Unavailable(party=PARTY, reason="gateway_error", http_status=status)
    answer = read_object(PARTY, reply)
    error_code = str(answer.get("error_code", "UNKNOWN")) if status >= 400 else ""
    if status == 401 or (status == 403 and error_code != "INELIGIBLE_TRANSACTION"):
        raise GatewayRefused(status_code=status, error_code=error_code)
    return Answer(status, error_code, answer)
