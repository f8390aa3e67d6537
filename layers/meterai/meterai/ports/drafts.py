"""Drafts of applicants."""

from collections.abc import Sequence
from typing import Protocol

from meterai.domain.drafts.drafts import Draft
from meterai.domain.id_derivation import DraftId


class Drafts(Protocol):
    """A draft is found by its account and its id: that of another account is not there."""

    def get(self, account: str, draft_id: DraftId) -> Draft | None: ...

    def put_new(self, draft: Draft) -> Draft:
        """Stores it, unless there is one with this id: then that one is answered."""
        ...

    def replace(self, before: Draft, after: Draft) -> bool:
        """False where the stored draft is no longer `before` (its version), or is gone."""
        ...

    def of_account(self, account: str, limit: int) -> Sequence[Draft]:
        """Those changed last come first."""
        ...
