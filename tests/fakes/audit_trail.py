"""The audit trail in memory."""

from dataclasses import dataclass

from meterai.domain.operators import AuditRecord
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryAuditTrail:
    state: InMemoryState

    @port_call
    def record(self, one: AuditRecord) -> None:
        self.state.audit_records.append(one)
