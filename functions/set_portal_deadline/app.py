"""POST /v1/portals/{portal}/deadline: by when a portal wants its stamped files. It needs no
Idempotency-Key: the latest one counts, and repeating it changes nothing."""

from meterai.api import DeadlineAnswer, DeadlineRequest
from meterai.container import container
from meterai.entrypoints.http import HttpApi
from meterai.entrypoints.responses import BODY, problems
from meterai.steps.set_portal_deadline import set_portal_deadline

app = HttpApi()


@app.post(
    "/v1/portals/<portal>/deadline",
    summary="Set a portal's deadline",
    tags=["portals"],
    responses=problems(*BODY, "unavailable", "not_found", "deadline_out_of_range"),
)
def handle(portal: str, body: DeadlineRequest) -> DeadlineAnswer:
    deadline = set_portal_deadline(
        portal,
        body.deadline_at,
        container,
        container.now,
        honours_receipts=body.honours_receipts,
    )
    return DeadlineAnswer.of(deadline)


handler = app.handler
