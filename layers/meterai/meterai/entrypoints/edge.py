"""Whether a request came through the edge (CloudFront), which adds a secret key to each.

The firewall stands there. An HTTP API has neither one nor a resource policy, so its own address
would lead past it; the first thing that can tell is the function. The environment has SHA-256 of
the keys, not the keys: nobody who reads it can pass for the edge. Two are valid while a key is
changed. Without any, there is no edge.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping

from meterai.domain.errors import Refusal

EDGE_KEY = "meterai-edge"  # as API Gateway writes a header's name


class NotThroughEdge(Refusal):
    """The request came to the API's own address, or with a key that is no longer valid."""

    code = "wrong_address"


def require_edge(headers: Mapping[str, str]) -> None:
    """Compares in constant time, with every key. Raises NotThroughEdge."""
    accepted = os.environ.get("EDGE_KEY_HASHES", "")
    if not accepted:
        return
    brought = hashlib.sha256(headers.get(EDGE_KEY, "").encode()).hexdigest()
    if not any([hmac.compare_digest(brought, one) for one in accepted.split(",")]):  # noqa: C419
        raise NotThroughEdge(host=os.environ["PUBLIC_HOST"])
