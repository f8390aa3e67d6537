"""Midtrans's manner of answering: HTTP 200, and the outcome in the body as `status_code`.

So HTTP's own code only matters where there is no such body.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from meterai.domain.errors import Unavailable
from meterai.gateways.json_client import JsonClient, read_object
from meterai.http_client import Reply, Verb

PARTY = "midtrans"


@dataclass(frozen=True, slots=True)
class Answer:
    """A body that says its own outcome: `status_code` as an int, and the body's fields."""

    status_code: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MidtransHttp:
    """The Core API's paths. `name` is a charge id or one of Midtrans's own transaction ids."""

    http: JsonClient

    def get(self, name: str, action: str) -> Answer:
        """GET /v2/{name}/{action}; asked a second time when no usable answer came."""
        path = _path(name, action)
        try:
            return self._exchange("GET", path)
        except Unavailable:
            return self._exchange("GET", path)

    def post(self, name: str, action: str, body: dict[str, object] | None = None) -> Answer:
        """POST /v2/{name}/{action}, once."""
        return self._exchange("POST", _path(name, action), body)

    def charge(self, body: dict[str, object]) -> Answer:
        """POST /v2/charge, once."""
        return self._exchange("POST", "/v2/charge", body)

    def _exchange(self, verb: Verb, path: str, body: dict[str, object] | None = None) -> Answer:
        """Raises Unavailable on a time-out, a reset, a 5xx, a redirect or anything but JSON."""
        return read_answer(self.http.exchange(verb, path, body))


def _path(name: str, action: str) -> str:
    return f"/v2/{quote(name, safe='')}/{action}"


def read_answer(reply: Reply) -> Answer:
    """The body's own verdict; HTTP's where an error body has none. Raises Unavailable."""
    http_status, body = reply.http_status, read_object(PARTY, reply)
    stated = str(body.get("status_code", http_status if http_status >= 400 else ""))
    if not (stated.isascii() and stated.isdigit()):
        raise Unavailable(party=PARTY, reason="no_status_code", http_status=http_status)
    status_code = int(stated)
    if http_status >= 500 or status_code >= 500 or 429 in (http_status, status_code):
        raise Unavailable(party=PARTY, reason="gateway_error", status_code=status_code)
    return Answer(status_code, body)
