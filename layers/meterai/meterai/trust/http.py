"""One request to a trust service and its answer: time-outs, limits, no redirects.

The addresses are the operator's (timestamp servers) or stand in certificates that its own
authorities issued (OCSP, CRL). Answers are signed, so plain HTTP, which most of these services
speak, gives nothing away.
"""

from dataclasses import dataclass, field

import urllib3
from urllib3.exceptions import HTTPError

from meterai.domain.errors import Unavailable

MAX_ANSWER_BYTES = 5_000_000  # a CRL of some 100,000 entries; all else is a few kilobytes


@dataclass(frozen=True, slots=True)
class TrustHttp:
    """Asks once: there is a next server, or a later try."""

    connect_timeout_s: float = 1.0
    read_timeout_s: float = 3.0
    pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager, repr=False)

    def __call__(self, url: str, body: bytes | None = None, content_type: str = "") -> bytes:
        """The body of a 200; a POST where there is something to send, else a GET. Raises
        Unavailable on anything else."""
        try:
            response = self.pool.request(
                "GET" if body is None else "POST",
                url,
                body=body,
                headers={"Content-Type": content_type} if content_type else {},
                timeout=urllib3.Timeout(connect=self.connect_timeout_s, read=self.read_timeout_s),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            answer: bytes = response.read(MAX_ANSWER_BYTES + 1)
            if len(answer) > MAX_ANSWER_BYTES:
                response.close()
            response.release_conn()
        except (HTTPError, OSError) as error:
            raise Unavailable(party=url, reason=type(error).__name__) from None
        if response.status != 200 or len(answer) > MAX_ANSWER_BYTES:
            raise Unavailable(party=url, reason="refused", http_status=response.status)
        return answer
