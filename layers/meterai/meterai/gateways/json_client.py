"""JSON over HTTP to one gateway, with Basic authentication."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, TypeVar

from meterai.domain.errors import GatewayRefused, Unavailable
from meterai.gateways.keys import RotatingKey
from meterai.http_client import HttpClient, Reply, Verb

MAX_ANSWER_BYTES = 1_000_000
CONNECT_TIMEOUT_S = 2.0
TOTAL_TIMEOUT_S = 12.0
TOO_MANY_REQUESTS = "too_many_requests"

AnswerT = TypeVar("AnswerT")


def gateway_http(total_timeout_s: float = TOTAL_TIMEOUT_S) -> HttpClient:
    return HttpClient(CONNECT_TIMEOUT_S, total_timeout_s, MAX_ANSWER_BYTES)


@dataclass(frozen=True, slots=True)
class JsonClient:
    """Requests to one base address, such as `https://api.midtrans.com`.

    The key is the user name of Basic authentication; it shows in no repr, error or log. `read`
    makes an answer of a reply. It raises Unavailable if the reply is not usable, and GatewayRefused
    with status 401 if the key is not accepted: then a key that was rotated meanwhile is tried.
    """

    party: str
    base_url: str
    key: str | RotatingKey = field(repr=False)
    http: HttpClient = field(default_factory=gateway_http)

    def get(self, path: str, read: Callable[[Reply], AnswerT]) -> AnswerT:
        """Sent a second time if no usable answer came, within the same total time; not after 429.
        Raises Unavailable."""
        ends_at = monotonic() + self.http.total_timeout_s
        try:
            return self._send(self.http, "GET", path, read)
        except Unavailable as failure:
            left_s = ends_at - monotonic()
            if left_s <= 0 or failure.values.get("reason") == TOO_MANY_REQUESTS:
                raise
        http = replace(self.http, total_timeout_s=left_s)
        return self._send(http, "GET", path, read)

    def post(
        self,
        path: str,
        read: Callable[[Reply], AnswerT],
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AnswerT:
        """Sent once: whether it was executed when its answer is lost, the gateway's records say.
        Raises Unavailable."""
        return self._send(self.http, "POST", path, read, body, headers)

    def _send(
        self,
        http: HttpClient,
        verb: Verb,
        path: str,
        read: Callable[[Reply], AnswerT],
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AnswerT:
        def send(key: str) -> AnswerT:
            reply = http.send(
                verb,
                self.base_url.rstrip("/") + path,
                party=self.party,
                body=None if body is None else json.dumps(body).encode(),
                headers={**_headers(key), **(headers or {})},
            )
            return read(reply)

        if isinstance(self.key, str):
            return send(self.key)
        used = self.key.value()
        if not used:
            raise Unavailable(party=self.party, reason="no_key", key=self.key.name)
        try:
            return send(used)
        except GatewayRefused as refused:
            if refused.values.get("status_code") != 401 or not self.key.has_changed_since(used):
                raise
        return send(self.key.value())  # 401: the first request was not executed


def _headers(key: str) -> dict[str, str]:
    token = base64.b64encode(f"{key}:".encode()).decode("ascii")
    return {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Authorization": f"Basic {token}",
    }


def check_usable(party: str, status_code: int) -> None:
    """Raises Unavailable for a status after which nothing is known: a redirect, 429, 5xx."""
    if status_code == 429:
        raise Unavailable(party=party, reason=TOO_MANY_REQUESTS)
    if status_code >= 500 or 300 <= status_code < 400:
        raise Unavailable(party=party, reason="gateway_error", status_code=status_code)


def read_object(party: str, reply: Reply) -> dict[str, Any]:
    """The JSON object in the answer. Raises Unavailable: any other body proves nothing."""
    body = read_json(party, reply)
    if not isinstance(body, dict):
        raise Unavailable(party=party, reason="not_an_object", http_status=reply.http_status)
    return body


def read_list(party: str, reply: Reply) -> list[Any]:
    """The JSON list in the answer. Raises Unavailable."""
    body = read_json(party, reply)
    if not isinstance(body, list):
        raise Unavailable(party=party, reason="not_a_list", http_status=reply.http_status)
    return body


def read_json(party: str, reply: Reply) -> Any:
    """The answer's JSON. Raises Unavailable."""
    try:
        return json.loads(reply.data)
    except (ValueError, RecursionError):
        raise Unavailable(party=party, reason="not_json", http_status=reply.http_status) from None
