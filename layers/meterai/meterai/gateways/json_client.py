"""JSON over HTTP to one gateway, with Basic authentication."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from meterai.domain.errors import Unavailable
from meterai.http_client import HttpClient, Reply, Verb

MAX_ANSWER_BYTES = 1_000_000
CONNECT_TIMEOUT_S = 2.0
TOTAL_TIMEOUT_S = 12.0


def gateway_http(total_timeout_s: float = TOTAL_TIMEOUT_S) -> HttpClient:
    return HttpClient(CONNECT_TIMEOUT_S, total_timeout_s, MAX_ANSWER_BYTES)


@dataclass(frozen=True, slots=True)
class JsonClient:
    """Requests to one base address, such as `https://api.midtrans.com`.

    The key is the user name of Basic authentication; it shows in no repr, error or log.
    """

    party: str
    base_url: str
    key: str = field(repr=False)
    http: HttpClient = field(default_factory=gateway_http)

    def exchange(
        self,
        verb: Verb,
        path: str,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request. Raises Unavailable if no whole answer came in time."""
        return self.http.send(
            verb,
            self.base_url.rstrip("/") + path,
            party=self.party,
            body=None if body is None else json.dumps(body).encode(),
            headers={**self._headers(), **(headers or {})},
        )

    def _headers(self) -> dict[str, str]:
        token = base64.b64encode(f"{self.key}:".encode()).decode("ascii")
        return {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": f"Basic {token}",
        }


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
