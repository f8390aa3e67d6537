"""What a call raises. No text here holds a token, a ticket or a presigned address."""

import json
import re
from collections.abc import Mapping
from typing import Any, Self

from meterai.http_client import Reply

TRANSIENT = (429, 500, 503, 504)
PROXY_FAILED = 502  # with a code it is a refusal of the payment gateway, and final
REQUEST_ID_HEADERS = ("meterai-request-id", "apigw-requestid", "x-amz-request-id")
MEMBERS = ("type", "code", "title", "status", "detail", "request_id")
_XML_CODE = re.compile(rb"<Code>(\w+)</Code>")  # storage answers in XML


class ClientError(Exception):
    """`idempotency_key`: of the request, if it had one. The same call with this key resumes it,
    also in another process."""

    idempotency_key: str | None = None


class Problem(ClientError):
    """The system refused (RFC 9457).

    `code` is stable: of `openapi.json`, of OAuth for tokens (`invalid_grant`), of storage
    (`AccessDenied`), or `http_<status>` where an answer names none. `detail` says what to do, in
    the language of the client. `values` are the problem's further members. `request_id` is what
    an operator can look up. `retry_after_s`: when to try again, where the answer says so.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        values: Mapping[str, Any] | None = None,
        request_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(status, code, detail)
        self.status, self.code, self.detail = status, code, detail
        self.values = dict(values or {})
        self.request_id, self.retry_after_s = request_id, retry_after_s

    @classmethod
    def of(cls, reply: Reply) -> Self:
        """Of an answer that is no success: the system's, or one that a proxy gave on the way."""
        body = _object(reply.data)
        in_xml = _XML_CODE.search(reply.data)
        named = body.get("code") or body.get("error") or (in_xml and in_xml[1].decode())
        detail = body.get("detail") or body.get("message") or body.get("error_description")
        answered = (reply.headers.get(name) for name in REQUEST_ID_HEADERS)
        return cls(
            reply.http_status,
            str(named or f"http_{reply.http_status}"),
            str(detail or "no reason was given"),
            values={name: value for name, value in body.items() if name not in MEMBERS},
            request_id=next(filter(None, answered), body.get("request_id")),
            retry_after_s=_seconds(reply.headers.get("retry-after", "")),
        )

    @property
    def may_pass(self) -> bool:
        """The same request may succeed later."""
        is_unnamed = self.code == f"http_{PROXY_FAILED}"
        return self.status in TRANSIENT or (self.status == PROXY_FAILED and is_unnamed)

    def __str__(self) -> str:
        by = f" [request {self.request_id}]" if self.request_id else ""
        return f"{self.code} ({self.status}): {self.detail}{by}"


class NoAnswer(ClientError):
    """No answer came in time, or none that can be read. Whether the request took effect is not
    known: the same call with `idempotency_key` finds out."""

    def __init__(self, party: str, reason: str) -> None:
        super().__init__(party, reason)
        self.party, self.reason = party, reason

    def __str__(self) -> str:
        return f"{self.party} did not answer: {self.reason}"


class NotReached(ClientError):
    """What was waited for did not happen. `answer` is the last one: where its `poll_after_ms` is
    null it never will, otherwise the time was up and the same call goes on waiting."""

    def __init__(self, wanted: str, answer: Any) -> None:
        super().__init__(wanted)
        self.wanted, self.answer = wanted, answer

    def __str__(self) -> str:
        state = getattr(self.answer, "state", "waiting")
        said = (getattr(self.answer, one, None) for one in ("message", "void_reason", "void_code"))
        why = ", ".join(str(one) for one in said if one)
        return f"it is {state}, not {self.wanted}" + (f": {why}" if why else "")


class WrongContent(ClientError):
    """A downloaded file is not the one on record."""


def _object(data: bytes) -> dict[str, Any]:
    """Empty where it is no JSON object."""
    try:
        read = json.loads(data)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _seconds(header: str) -> float | None:
    return float(header) if header.isascii() and header.isdigit() else None
