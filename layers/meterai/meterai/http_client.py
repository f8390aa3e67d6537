"""HTTP to outside parties: one request, one answer, within a total time.

urllib3's read time-out starts anew with every byte, so a server that sends a byte now and then
holds a caller for ever. Here one deadline covers all of it: connection, headers and body. A request
is sent once: whether it was executed when its answer was lost is a question for the caller.
"""

import io
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPResponse
from time import monotonic
from typing import Any, Literal

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from meterai.domain.errors import Unavailable

Verb = Literal["GET", "POST"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer: its status code and its whole body. Names of headers are in lower case."""

    http_status: int
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


class _DeadlineStream(io.RawIOBase):
    """The bytes of a socket; each read may take what is left until `ends_at`, and no more."""

    def __init__(self, connection: socket.socket, ends_at: float) -> None:
        self._connection = connection
        self._ends_at = ends_at
        self._stream = connection.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left_s = self._ends_at - monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._connection.settimeout(left_s)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _DeadlineResponse(HTTPResponse):
    """Reads status line, headers and body by one deadline: the time-out that urllib3 has set on
    the socket, which is what is left of the request's total time."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        ends_at = monotonic() + (sock.gettimeout() or 0.0)
        self.fp = io.BufferedReader(_DeadlineStream(sock, ends_at))


class _Connection(HTTPConnection):
    response_class = _DeadlineResponse


class _SecureConnection(HTTPSConnection):
    response_class = _DeadlineResponse


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def pools() -> urllib3.PoolManager:
    manager = urllib3.PoolManager()
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    return manager


@dataclass(frozen=True, slots=True)
class HttpClient:
    """Follows no redirect, repeats nothing, decompresses nothing; connections are kept."""

    connect_timeout_s: float
    total_timeout_s: float
    max_answer_bytes: int
    pool: urllib3.PoolManager = field(default_factory=pools, repr=False)

    def send(
        self,
        verb: Verb,
        url: str,
        *,
        party: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The answer, whatever its status. Raises Unavailable (of `party`) on a time-out, a reset,
        or an answer that is too slow or too large."""
        try:
            response = self.pool.request(
                verb,
                url,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(connect=self.connect_timeout_s, total=self.total_timeout_s),
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            data = b""
            while piece := response.read(self.max_answer_bytes + 1 - len(data)):
                data += piece  # the last, empty read is the one that detects a body cut short
            if len(data) > self.max_answer_bytes:
                response.close()
            response.release_conn()
        except (HTTPError, OSError) as error:
            # the cause is cut off: urllib3's texts name hosts and addresses
            raise Unavailable(party=party, reason=type(error).__name__) from None
        if len(data) > self.max_answer_bytes:
            raise Unavailable(party=party, reason="too_large")
        answered = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status, data, answered)
