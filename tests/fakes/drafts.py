"""Drafts in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.drafts.drafts import Draft, newest_first
from meterai.domain.id_derivation import DraftId
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryDrafts:
    state: InMemoryState

    @port_call
    def get(self, account: str, draft_id: DraftId) -> Draft | None:
        return self.state.drafts.get((account, draft_id))

    @port_call
    def put_new(self, draft: Draft) -> Draft:
        return self.state.drafts.setdefault((draft.account, draft.draft_id), draft)

    @port_call
    def replace(self, before: Draft, after: Draft) -> bool:
        key = before.account, before.draft_id
        stored = self.state.drafts.get(key)
        if stored is None or stored.version != before.version:
            return False
        self.state.drafts[key] = after
        return True

    @port_call
    def of_account(self, account: str, limit: int) -> Sequence[Draft]:
        own = (draft for (owner, _), draft in self.state.drafts.items() if owner == account)
        return newest_first(own, limit)
