"""RFC 3161 timestamps from a list of servers, with the standard library alone.

A token is accepted if it has the digest and the nonce of the request. Its signature is checked
later, where the certificates are available: when the file is augmented
(`pdf/augmentation/augment.py`) or verified.
"""

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from meterai.domain.errors import Unavailable
from meterai.pdf.signing.der import (
    BOOLEAN,
    INTEGER,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    elements,
    encode,
    only,
)

Exchange = Callable[[str, bytes, str], bytes]
"""POST: takes URL, body and content type, returns the response body or raises Unavailable."""


class Timestamps(Protocol):
    """`largest_bytes` is the size of the largest token, to reserve space for it."""

    @property
    def largest_bytes(self) -> int: ...

    def __call__(self, digest: bytes) -> bytes | None:
        """A token (DER) over a SHA-256 digest; None where no server gives one."""
        ...


SERVER_BACKOFF_S = 30.0
"""A server that failed is skipped for this long, so that it does not delay every stamp."""

_QUERY = "application/timestamp-query"
_SHA256 = encode(SEQUENCE, bytes.fromhex("0609608648016503040201"), encode(NULL))
_GRANTED = (0, 1)  # granted, grantedWithMods (RFC 3161, 2.4.2)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TimestampServers:
    """Tried in order. A token larger than `largest_bytes` counts as a failure."""

    urls: Sequence[str]
    exchange: Exchange
    largest_bytes: int
    clock: Callable[[], float] = time.monotonic
    _skipped_until: dict[str, float] = field(default_factory=dict)

    def __call__(self, digest: bytes) -> bytes | None:
        """A token (DER) over a SHA-256 digest from the first server that gives one, else None."""
        for url in self.urls:
            if self.clock() < self._skipped_until.get(url, 0.0):
                continue
            try:
                return self._token(url, digest)
            except (Unavailable, ValueError, IndexError, StopIteration) as failure:
                self._skipped_until[url] = self.clock() + SERVER_BACKOFF_S
                logger.warning("no timestamp", extra={"server": url, "cause": repr(failure)})
        return None

    def _token(self, url: str, digest: bytes) -> bytes:
        nonce = encode(INTEGER, b"\x01" + secrets.token_bytes(8))
        imprint = encode(SEQUENCE, _SHA256, encode(OCTET_STRING, digest))
        answer = self.exchange(url, request(imprint, nonce), _QUERY)
        token = granted_token(answer)
        if len(token) > self.largest_bytes:
            raise Unavailable(party=url, reason="token_too_large", size_bytes=len(token))
        if not answers_request(token, digest, nonce):
            raise Unavailable(party=url, reason="token_for_another_request")
        return token


def request(imprint: bytes, nonce: bytes) -> bytes:
    """TimeStampReq (RFC 3161, 2.4.1), asking for the server's certificate in the token."""
    return encode(SEQUENCE, encode(INTEGER, b"\x01"), imprint, nonce, encode(BOOLEAN, b"\xff"))


def granted_token(answer: bytes) -> bytes:
    """The token of a TimeStampResp. Raises Unavailable where the server refuses."""
    status_info, *rest = elements(only(answer).content)
    status = int.from_bytes(next(elements(status_info.content)).content, "big")
    if status not in _GRANTED or not rest:
        raise Unavailable(party="timestamp_server", reason="not_granted", pki_status=status)
    return rest[0].encoded


def answers_request(token: bytes, digest: bytes, nonce: bytes) -> bool:
    """Whether its TSTInfo has this digest and this nonce."""
    _, signed_data = elements(only(token).content)
    encapsulated = list(elements(only(signed_data.content).content))[2]
    _, content = elements(encapsulated.content)
    fields = list(elements(only(only(content.content).content).content))
    algorithm, imprint = elements(fields[2].content)
    same_digest = (next(elements(algorithm.content)).encoded, imprint.content) == (
        next(elements(only(_SHA256).content)).encoded,
        digest,
    )
    return same_digest and any(field.encoded == nonce for field in fields[5:])
