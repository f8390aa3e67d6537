"""Requests and responses on the wire, and the faults on it.

The order matters. A fault before execution leaves the ledger untouched. A fault after it hides from
the caller that something happened.
"""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tests.midtrans.faults import FaultKind, FaultScript

_PROXY_PAGE = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP request; header names in lower case."""

    command: str
    path: str
    query: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def user(self) -> str:
        """The user name of Basic auth; nothing where there is none."""
        scheme, _, credentials = self.headers.get("authorization", "").partition(" ")
        try:
            decoded = base64.b64decode(credentials).decode()
        except ValueError:
            return ""
        name, _, password = decoded.partition(":")
        return name if scheme.lower() == "basic" and not password else ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP response. A `location` makes it a redirect."""

    http_status: int
    content_type: str
    body: bytes
    location: str | None = None
    byte_every_s: float = 0.0


def reply_json(body: Mapping[str, object], http_status: int = 200) -> Reply:
    return Reply(http_status, "application/json", json.dumps(body).encode())


def through_the_wire(
    faults: FaultScript, name: str, endpoint: str, broken: Reply, execute: Callable[[], Reply]
) -> Reply | None:
    """The response as it arrives; None: the connection is closed without one."""
    if faults.take(FaultKind.LOST_BEFORE, name, endpoint):
        return None
    if html := faults.take(FaultKind.HTML, name, endpoint):
        return Reply(html.status_code or 502, "text/html", _PROXY_PAGE)
    if faults.take(FaultKind.BROKEN, name, endpoint):
        return broken
    reply = execute()
    if faults.take(FaultKind.LOST_AFTER, name, endpoint):
        return None
    if slow := faults.take(FaultKind.SLOW, name, endpoint):
        time.sleep(slow.seconds)
    if trickle := faults.take(FaultKind.TRICKLE, name, endpoint):
        return replace(reply, byte_every_s=trickle.seconds)
    if faults.take(FaultKind.NOTHING, name, endpoint):
        return replace(reply, body=b"")
    return reply
