"""POST /v1/portals/{portal}/deadline: by when a portal wants its stamped files. It needs no
Idempotency-Key: what was told last counts, and told again it is the same."""

from meterai.api import DeadlineAnswer, DeadlineRequest
from meterai.container import container
from meterai.entrypoints.http import HttpApi
from meterai.steps.set_portal_deadline import set_portal_deadline

app = HttpApi()


@app.post("/v1/portals/<portal>/deadline", summary="Tell a deadline", tags=["portals"])
def handle(portal: str, body: DeadlineRequest) -> DeadlineAnswer:
    deadline = set_portal_deadline(
        portal,
        body.deadline_at,
        honours_receipts=body.honours_receipts,
        portals=container.settings.portals,
        deadlines=container.portal_deadlines,
        now=container.now,
    )
    return DeadlineAnswer.of(deadline)


handler = app.handler
