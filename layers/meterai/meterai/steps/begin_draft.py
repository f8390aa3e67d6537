"""Begin a draft: what an applicant prepares on the pages."""

from datetime import datetime
from typing import Protocol

from meterai.domain.drafts.drafts import Draft
from meterai.domain.id_derivation import IdDeriver, RequestIdentity
from meterai.ports.drafts import Drafts

ROUTE = "drafts"


class BeginDraftPorts(Protocol):
    @property
    def drafts(self) -> Drafts: ...
    @property
    def id_deriver(self) -> IdDeriver: ...


def begin_draft(account: str, key: str, ports: BeginDraftPorts, now: datetime) -> Draft:
    """`key` comes with the form: a double click begins one draft, and finds it as it is by then."""
    draft_id = ports.id_deriver.draft_id(RequestIdentity(ROUTE, account, key))
    return ports.drafts.put_new(Draft(draft_id, account, created_at=now, changed_at=now))
