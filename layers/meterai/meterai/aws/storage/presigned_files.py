"""Files by presigned addresses, for `inspect`, which has no right of its own in any bucket."""

import hashlib
import logging
from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal

import urllib3
from urllib3.exceptions import HTTPError

from meterai.domain.errors import (
    DocumentHashMismatch,
    DocumentMissing,
    DocumentTooLarge,
    Unavailable,
)
from meterai.domain.stamping.inspections import FileAddress
from meterai.http_client import pools

# It tells of each try with its whole address, which is a right to read.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)

PDF = "application/pdf"
CONNECT_WITHIN_S = 1.0
TRY_WITHIN_S = 5.0  # from the connection to the last byte
MAX_TRIES = 2


@dataclass(frozen=True, slots=True)
class _Reply:
    """`content`: nothing where the status is not 200, or the file is too large."""

    http_status: int
    size_bytes: int
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class PresignedFiles:
    """See `ports.FileTransfer`."""

    try_within_s: float = TRY_WITHIN_S
    pool: urllib3.PoolManager = field(default_factory=pools, repr=False)

    def fetch(self, file: FileAddress) -> bytes:
        reply = self._transfer("GET", file.url, max_bytes=file.max_bytes)
        if reply.http_status == 404:
            raise DocumentMissing(document=file.sha256)
        if reply.http_status != 200:
            raise Unavailable(party="s3", reason=f"http_{reply.http_status}")
        if reply.size_bytes > file.max_bytes:
            raise DocumentTooLarge(size_bytes=reply.size_bytes, limit_bytes=file.max_bytes)
        if hashlib.sha256(reply.content).hexdigest() != file.sha256:
            raise DocumentHashMismatch(document=file.sha256)
        return reply.content

    def put(self, url: str, content: bytes) -> None:
        reply = self._transfer("PUT", url, body=content)
        if reply.http_status != 200:
            raise Unavailable(party="s3", reason=f"http_{reply.http_status}")

    def _transfer(
        self,
        verb: Literal["GET", "PUT"],
        url: str,
        *,
        body: bytes | None = None,
        max_bytes: int = 0,
    ) -> _Reply:
        """Tried once more where storage failed. Either may be repeated: it is the same file."""
        reason = ""
        for _ in range(MAX_TRIES):
            try:
                reply = self._send(verb, url, body, max_bytes)
            except (HTTPError, OSError) as failure:
                # its text names the address, which is a right to read
                reason = type(failure).__name__
                continue
            if reply.http_status < 500:
                return reply
            reason = f"http_{reply.http_status}"
        raise Unavailable(party="s3", reason=reason)

    def _send(self, verb: str, url: str, body: bytes | None, max_bytes: int) -> _Reply:
        reply = self.pool.request(
            verb,
            url,
            body=body,
            headers=None if body is None else {"Content-Type": PDF},
            timeout=urllib3.Timeout(connect=CONNECT_WITHIN_S, total=self.try_within_s),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        with closing(reply):  # and with it its connection, unless it was read to its end
            size_bytes = int(reply.headers.get("Content-Length", 0))
            if reply.status != 200 or size_bytes > max_bytes:
                return _Reply(reply.status, size_bytes)
            content = reply.read(max_bytes + 1)
            return _Reply(reply.status, max(size_bytes, len(content)), content)
