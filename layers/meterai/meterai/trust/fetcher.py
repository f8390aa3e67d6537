"""One request to a trust service: a timestamp server, an OCSP responder, a list of revocations.

The addresses are the operator's (timestamp servers) or stand in certificates that the operator's
own authorities issued (OCSP, CRL). Answers are signed, so plain HTTP, which most of these services
speak, gives nothing away.
"""

from dataclasses import dataclass, field

from meterai.domain.errors import Unavailable
from meterai.http_client import HttpClient, Verb

MAX_ANSWER_BYTES = 5_000_000  # a CRL of some 100,000 entries; all else is a few kilobytes
CONNECT_TIMEOUT_S = 1.0
TOTAL_TIMEOUT_S = 4.0  # a stamp waits for its timestamp


def _http() -> HttpClient:
    return HttpClient(CONNECT_TIMEOUT_S, TOTAL_TIMEOUT_S, MAX_ANSWER_BYTES)


@dataclass(frozen=True, slots=True)
class TrustFetcher:
    """Sends a request once: the caller has another server to ask, or tries again later."""

    http: HttpClient = field(default_factory=_http)

    def __call__(self, url: str, body: bytes | None = None, content_type: str = "") -> bytes:
        """The body of a 200 answer to a POST, or to a GET if there is no `body`. Raises Unavailable
        on anything else."""
        verb: Verb = "GET" if body is None else "POST"
        headers = {"Content-Type": content_type} if content_type else {}
        reply = self.http.send(verb, url, party=url, body=body, headers=headers)
        if reply.http_status != 200:
            raise Unavailable(party=url, reason="refused", http_status=reply.http_status)
        return reply.data
