"""POST /v1/portals/{portal}/deadline: by when a portal wants its stamped files. It needs no
Idempotency-Key: what was told last counts, and told again it is the same."""

from meterai.api import DeadlineAnswer, DeadlineRequest
from meterai.entry.http import HttpApi
from meterai.services import office
from meterai.steps.tell_deadline import tell_deadline

app = HttpApi()


@app.post("/v1/portals/<portal>/deadline", summary="Tell a deadline", tags=["portals"])
def handle(portal: str, body: DeadlineRequest) -> DeadlineAnswer:
    deadline = tell_deadline(
        portal,
        body.deadline_at,
        honours_receipts=body.honours_receipts,
        portals=office.settings.portals,
        deadlines=office.portal_deadlines,
        now=office.now,
    )
    return DeadlineAnswer.of(deadline)


handler = app.handler
