"""One request to Midtrans and its answer: connection, credentials, time-outs.

Midtrans answers HTTP 200 and puts the outcome in the body as `status_code`, so HTTP's own code
only matters where there is no such body. A POST is sent once: whether it was executed when its
answer was lost is a question for the status endpoint, not for a second POST.
"""

import base64
import json
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

import urllib3
from urllib3.exceptions import HTTPError

from meterai.domain.errors import Unavailable

_PARTY = "midtrans"


@dataclass(frozen=True, slots=True)
class Answer:
    """A body that says its own outcome: `status_code` as an int, and the body's fields."""

    status_code: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MidtransHttp:
    """Speaks HTTP to one Midtrans base address, such as `https://api.midtrans.com`.

    The server key never shows in a repr, an error or a log.
    """

    base_url: str
    server_key: str = field(repr=False)
    connect_timeout_s: float = 2.0
    read_timeout_s: float = 10.0
    pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager, repr=False)

    def get(self, charge_id: str, action: str) -> Answer:
        """GET /v2/{charge_id}/{action}; asked a second time when no usable answer came."""
        path = _path(charge_id, action)
        try:
            return self._exchange("GET", path, None)
        except Unavailable:
            return self._exchange("GET", path, None)

    def post(self, charge_id: str, action: str, body: dict[str, object] | None = None) -> Answer:
        """POST /v2/{charge_id}/{action}, once."""
        return self._exchange("POST", _path(charge_id, action), body)

    def charge(self, body: dict[str, object]) -> Answer:
        """POST /v2/charge, once."""
        return self._exchange("POST", "/v2/charge", body)

    def _exchange(
        self, verb: Literal["GET", "POST"], path: str, body: dict[str, object] | None
    ) -> Answer:
        """Raises Unavailable on a time-out, a reset, a 5xx, a redirect or anything but JSON."""
        try:
            response = self.pool.request(
                verb,
                self.base_url.rstrip("/") + path,
                body=None if body is None else json.dumps(body).encode(),
                headers=self._headers(),
                timeout=urllib3.Timeout(connect=self.connect_timeout_s, read=self.read_timeout_s),
                retries=False,
                redirect=False,
            )
        except HTTPError as error:
            # the cause is cut off: urllib3's texts name hosts and addresses
            raise Unavailable(party=_PARTY, reason=type(error).__name__) from None
        return read_answer(response.status, response.data)

    def _headers(self) -> dict[str, str]:
        token = base64.b64encode(f"{self.server_key}:".encode()).decode("ascii")
        return {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": f"Basic {token}",
        }


def _path(charge_id: str, action: str) -> str:
    return f"/v2/{quote(charge_id, safe='')}/{action}"


def read_answer(http_status: int, data: bytes) -> Answer:
    """The body's own verdict; HTTP's where an error body has none. Raises Unavailable."""
    try:
        body = json.loads(data)
    except ValueError:
        raise Unavailable(party=_PARTY, reason="not_json", http_status=http_status) from None
    if not isinstance(body, dict):
        raise Unavailable(party=_PARTY, reason="not_an_object", http_status=http_status)
    stated = str(body.get("status_code", http_status if http_status >= 400 else ""))
    if not (stated.isascii() and stated.isdigit()):
        raise Unavailable(party=_PARTY, reason="no_status_code", http_status=http_status)
    status_code = int(stated)
    if http_status >= 500 or status_code >= 500 or 429 in (http_status, status_code):
        raise Unavailable(party=_PARTY, reason="gateway_error", status_code=status_code)
    return Answer(status_code, body)
