"""An applicant's actions over HTTP: buy, pay, upload, stamp, download, verify, get refunds."""

import hashlib
import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import urllib3
from urllib3.util import Retry

Json = dict[str, Any]


class ProblemError(Exception):
    """The system answered with a problem (RFC 9457)."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status, body.get("code"), body.get("detail"))
        self.status = status
        self.body = body

    @property
    def code(self) -> str:
        return str(self.body.get("code"))


class StillWaitingError(Exception):
    """The expected state was not reached in time."""


@dataclass(frozen=True, slots=True)
class Page:
    """A whole HTTP response. Names of `headers` are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    def json(self) -> Json:
        answer: Json = json.loads(self.content)
        return answer

    def button(self, word: str) -> str:
        """The address that a form's button posts to, found by a word in that address."""
        text = self.content.decode()
        actions = re.findall(r'<form[^>]*\baction="([^"]+)"', text)
        return str(urljoin(self.url, next(action for action in actions if word in action)))


class Applicant:
    """A client of one account, or of the public without a token. Writes take a key or make one."""

    def __init__(self, api_url: str, token: str | None) -> None:
        self._api_url = api_url
        self._token = token
        self._http = urllib3.PoolManager(maxsize=8, retries=False, timeout=30)

    def buy(self, quantity: int, *, method: str = "qris", key: str | None = None) -> Json:
        return self.post("/v1/orders", {"quantity": quantity, "method": method}, key=key)

    def order(self, order_id: str) -> Json:
        return self.get(f"/v1/orders/{order_id}")

    def cancel(self, order_id: str) -> Json:
        return self.post(f"/v1/orders/{order_id}/cancel", {})

    def upload(self, content: bytes) -> str:
        """Announces and uploads a file; returns its SHA-256, which names the document."""
        document = hashlib.sha256(content).hexdigest()
        stored = self.put(self.offer(document, len(content)), content)
        if stored.status not in (200, 201, 204):
            raise ProblemError(stored.status, {"code": "upload", "detail": stored.content[:500]})
        return document

    def offer(self, document: str, size_bytes: int) -> Json:
        """Requests an address for an upload."""
        return self.post("/v1/documents", {"sha256": document, "size_bytes": size_bytes})

    def put(self, offer: Json, content: bytes) -> Page:
        """Posts a file to that address; the response is storage's."""
        response = self._http.request(
            "POST",
            offer["url"],
            fields={**offer["fields"], "file": ("document.pdf", content, "application/pdf")},
        )
        return _page(offer["url"], response)

    def preview(self, body: Json) -> Page:
        """A PNG of a page as it will look; its facts are in the header `meterai-preview`."""
        answer = self.ask("POST", "/v1/previews", body)
        if answer.status >= 300:
            raise ProblemError(answer.status, answer.json())
        return answer

    def request_stamping(self, body: Json, *, key: str | None = None) -> Json:
        return self.post("/v1/stampings", body, key=key)

    def stamping(self, stamping_id: str) -> Json:
        return self.get(f"/v1/stampings/{stamping_id}")

    def verify(self, document: str) -> Json:
        return self.post("/v1/verifications", {"document": document})

    def refund(self, order_id: str, quantity: int, *, key: str | None = None) -> Json:
        return self.post(f"/v1/orders/{order_id}/refunds", {"quantity": quantity}, key=key)

    def refund_status(self, refund_id: str) -> Json:
        return self.get(f"/v1/refunds/{refund_id}")

    def claim_link(self, refund_id: str) -> Json:
        return self.post(f"/v1/refunds/{refund_id}/claim-links", {})

    def claim(self, refund_id: str, body: Json, *, key: str | None = None) -> Json:
        return self.post(f"/v1/refunds/{refund_id}/claims", body, key=key)

    def ledger(self) -> Json:
        return self.get("/v1/ledger")

    def open(self, url: str, *, accept: str = "text/html", method: str = "GET") -> Page:
        """Opens an address as a browser does: without a token, following redirects."""
        response = self._http.request(
            method, url, headers={"accept": accept}, retries=Retry(connect=0, read=0, redirect=3)
        )
        return _page(url, response)

    def get(self, path: str) -> Json:
        return _json_of(self.ask("GET", path))

    def post(
        self,
        path: str,
        body: Json,
        *,
        key: str | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Json:
        return _json_of(self.ask("POST", path, body, key=key, headers=headers))

    def ask(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Page:
        """One request, whatever its status. Headers given here replace the usual ones; None
        removes one."""
        usual: dict[str, str | None] = {"authorization": self._token and f"Bearer {self._token}"}
        if body is not None:
            usual |= {
                "content-type": "application/json",
                "idempotency-key": key or uuid.uuid4().hex,
            }
        response = self._http.request(
            method,
            self._api_url + path,
            body=body if isinstance(body, bytes | None) else json.dumps(body).encode(),
            headers={name: text for name, text in (usual | dict(headers or {})).items() if text},
        )
        return _page(self._api_url + path, response)


def _page(url: str, response: urllib3.BaseHTTPResponse) -> Page:
    headers = {name.lower(): text for name, text in response.headers.items()}
    return Page(str(urljoin(url, response.url or "")), response.status, headers, response.data)


def _json_of(answer: Page) -> Json:
    if answer.status >= 300:
        raise ProblemError(answer.status, answer.json())
    return answer.json()


def wait_until(read: Callable[[], Json], state: str, timeout_s: float = 30) -> Json:
    """Polls about as often as the answers say, until this state is reached."""
    until = time.monotonic() + timeout_s
    while True:
        answer = read()
        if answer["state"] == state:
            return answer
        if time.monotonic() > until or answer["poll_after_ms"] is None:
            raise StillWaitingError(f"it is {answer['state']}, not {state}")
        # sooner than the answer says, but not so often that it is refused
        time.sleep(min(answer["poll_after_ms"], max(500, answer["poll_after_ms"] / 4)) / 1000)
