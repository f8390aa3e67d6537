"""A record of an e-meterai as the system publishes it (see `meterai_cli.published_records`)."""

import base64
import hashlib
from typing import Any

from meterai.domain.stamping.serials import Serial


def published_record(serial: Serial, issued: bytes, original: bytes) -> dict[str, Any]:
    """`issued` was made by stamping `original`."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(issued).digest()).decode().rstrip("=")
    return {
        "serial": serial,
        "outputs": [f"{digest}.{len(issued)}"],
        "document": hashlib.sha256(original).hexdigest(),
    }
