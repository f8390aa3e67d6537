"""An augmenter whose timestamps and proofs are readable lines."""

from dataclasses import dataclass
from datetime import datetime

from meterai.domain.errors import Unavailable
from meterai.domain.stamping.augmentation import SignatureLevel
from tests.fakes.in_memory_state import InMemoryState, port_call
from tests.fakes.stamper import TIMESTAMP

PROOF = b"\n%proved "


@dataclass(frozen=True)
class MemoryAugmenter:
    """No two of its files are equal: each contains the time when it was made."""

    state: InMemoryState

    @port_call
    def augment(self, stamped: bytes, level: SignatureLevel, at: datetime) -> bytes:
        if not self.state.timestamp_servers_answer:
            raise Unavailable(party="timestamp_servers")
        lacks = b"" if TIMESTAMP in stamped else TIMESTAMP
        proof = PROOF + at.isoformat().encode() if level is SignatureLevel.B_LT else b""
        return stamped + lacks + proof
