"""The audit trail of operators."""

from typing import Protocol

from meterai.domain.operators import AuditRecord


class AuditTrail(Protocol):
    def record(self, one: AuditRecord) -> None:
        """For good. Once for each call: an action that is tried twice is recorded twice."""
