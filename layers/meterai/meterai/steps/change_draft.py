"""Change a draft, of which another tab or another phone may change something at the same time."""

from typing import Protocol

from meterai.domain.drafts.drafts import Change, Draft
from meterai.domain.errors import NotFound, Unavailable
from meterai.domain.id_derivation import DraftId
from meterai.ports.drafts import Drafts

MAX_TRIES = 4


class ChangeDraftPorts(Protocol):
    @property
    def drafts(self) -> Drafts: ...


def change_draft(account: str, draft_id: DraftId, change: Change, ports: ChangeDraftPorts) -> Draft:
    """The draft as it is then. `change` is pure, and changes nothing where it has been made: it is
    applied again to what somebody else was faster to store.

    Raises NotFound, Unavailable, and what `change` raises.
    """
    for _ in range(MAX_TRIES):
        # 1. The draft as it is.
        before = ports.drafts.get(account, draft_id)
        if before is None:
            raise NotFound
        # 2. As it is to be; stored only if it is still as it was read.
        after = change(before)
        if after == before or ports.drafts.replace(before, after):
            return after
    raise Unavailable(draft_id=draft_id)
