"""Files by presigned addresses, for `inspect`, which has no right of its own in any bucket."""

import hashlib
import logging
from dataclasses import dataclass, field

import urllib3
from urllib3.exceptions import HTTPError

from meterai.domain.errors import (
    DocumentHashMismatch,
    DocumentMissing,
    DocumentTooLarge,
    Unavailable,
)
from meterai.domain.stamping.inspections import FileAddress

# It tells of each try with its whole address, which is a right to read.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)

PDF = "application/pdf"
_TIMEOUT = urllib3.Timeout(connect=1, read=5)
_TRIES = urllib3.Retry(
    2, redirect=0, status_forcelist=(500, 502, 503, 504), raise_on_status=False, backoff_factor=0.1
)


@dataclass(frozen=True, slots=True)
class PresignedFiles:
    """See `ports.FileTransfer`."""

    pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager, repr=False)

    def fetch(self, file: FileAddress) -> bytes:
        try:
            reply = self.pool.request(
                "GET", file.url, timeout=_TIMEOUT, retries=_TRIES, preload_content=False
            )
            try:
                return _content(reply, file)
            finally:
                reply.release_conn()
        except (HTTPError, OSError) as failure:
            # the cause is cut off: its text names the address, which is a right to read
            raise Unavailable(party="s3", reason=type(failure).__name__) from None

    def put(self, url: str, content: bytes) -> None:
        try:
            reply = self.pool.request(
                "PUT",
                url,
                body=content,
                headers={"Content-Type": PDF},
                timeout=_TIMEOUT,
                retries=_TRIES,
            )
        except (HTTPError, OSError) as failure:
            raise Unavailable(party="s3", reason=type(failure).__name__) from None
        if reply.status != 200:
            raise Unavailable(party="s3", reason=f"http_{reply.status}")


def _content(reply: urllib3.BaseHTTPResponse, file: FileAddress) -> bytes:
    if reply.status == 404:
        raise DocumentMissing(document=file.sha256)
    if reply.status != 200:
        raise Unavailable(party="s3", reason=f"http_{reply.status}")
    size_bytes = int(reply.headers["Content-Length"])
    if size_bytes > file.max_bytes:
        reply.close()
        raise DocumentTooLarge(size_bytes=size_bytes, limit_bytes=file.max_bytes)
    content = reply.read()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DocumentHashMismatch(document=file.sha256)
    return content
