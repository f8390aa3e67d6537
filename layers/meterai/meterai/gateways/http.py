"""One request to a gateway and its answer, within a time that has an end.

A request is sent once. Whether it was executed when its answer was lost is a question for the
gateway's own records, not for a second request.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Timer
from time import monotonic
from typing import Any, Literal

import urllib3
from urllib3.exceptions import HTTPError

from meterai.domain.errors import Unavailable

MAX_ANSWER_BYTES = 1_000_000

Verb = Literal["GET", "POST"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came over the wire."""

    http_status: int
    data: bytes


@dataclass(frozen=True, slots=True)
class GatewayHttp:
    """Speaks JSON to one base address, such as `https://api.midtrans.com`.

    The key is Basic auth's user name, as all these gateways want it; it never shows in a repr, an
    error or a log. `total_timeout_s` ends an answer that trickles in: urllib3's read time-out
    begins anew with every byte.
    """

    party: str
    base_url: str
    key: str = field(repr=False)
    connect_timeout_s: float = 2.0
    read_timeout_s: float = 10.0
    total_timeout_s: float = 12.0
    pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager, repr=False)

    def exchange(
        self,
        verb: Verb,
        path: str,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Raises Unavailable on a time-out, a reset, or an answer too slow or too large."""
        ends_at = monotonic() + self.total_timeout_s
        try:
            response = self.pool.request(
                verb,
                self.base_url.rstrip("/") + path,
                body=None if body is None else json.dumps(body).encode(),
                headers={**self._headers(), **(headers or {})},
                timeout=urllib3.Timeout(connect=self.connect_timeout_s, read=self.read_timeout_s),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            return Reply(response.status, self._read(response, ends_at - monotonic()))
        except (HTTPError, OSError) as error:
            # the cause is cut off: urllib3's texts name hosts and addresses
            raise Unavailable(party=self.party, reason=type(error).__name__) from None

    def _read(self, response: urllib3.BaseHTTPResponse, left_s: float) -> bytes:
        """The body, if it is whole by then."""
        late = []

        def end() -> None:
            late.append(True)
            response.shutdown()

        timer = Timer(max(left_s, 0.0), end)
        timer.daemon = True
        timer.start()
        try:
            data = response.read(MAX_ANSWER_BYTES + 1)
        finally:
            timer.cancel()
            if late or response.tell() > MAX_ANSWER_BYTES:
                response.close()
            response.release_conn()
        if late:
            raise Unavailable(party=self.party, reason="too_slow")
        if len(data) > MAX_ANSWER_BYTES:
            raise Unavailable(party=self.party, reason="too_large")
        return data

    def _headers(self) -> dict[str, str]:
        token = base64.b64encode(f"{self.key}:".encode()).decode("ascii")
        return {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": f"Basic {token}",
        }


def read_object(party: str, reply: Reply) -> dict[str, Any]:
    """The JSON object in it. Raises Unavailable: whatever else came concludes nothing."""
    body = read_json(party, reply)
    if not isinstance(body, dict):
        raise Unavailable(party=party, reason="not_an_object", http_status=reply.http_status)
    return body


def read_list(party: str, reply: Reply) -> list[Any]:
    """The JSON list in it. Raises Unavailable."""
    body = read_json(party, reply)
    if not isinstance(body, list):
        raise Unavailable(party=party, reason="not_a_list", http_status=reply.http_status)
    return body


def read_json(party: str, reply: Reply) -> Any:
    """Whatever JSON is in it. Raises Unavailable."""
    try:
        return json.loads(reply.data)
    except (ValueError, RecursionError):
        raise Unavailable(party=party, reason="not_json", http_status=reply.http_status) from None
