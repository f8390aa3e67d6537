"""POST /v1/portals/{portal}/deadline: by when a portal wants its stamped files. An operator sets it
in its place at POST /v1/operator/portals/{portal}/deadline, and says why. Neither needs an
Idempotency-Key: the latest one counts, and repeating it changes nothing."""

from meterai.api import DeadlineAnswer, DeadlineRequest, OperatorDeadlineRequest
from meterai.container import container
from meterai.entrypoints.http import HttpApi, OperatorSignedIn
from meterai.entrypoints.responses import BODY, problems
from meterai.steps.set_portal_deadline import ByOperator
from meterai.steps.set_portal_deadline import set_portal_deadline as set_deadline

app = HttpApi()
PROBLEMS = problems(*BODY, "unavailable", "not_found", "deadline_out_of_range")


@app.post(
    "/v1/portals/<portal>/deadline",
    summary="Set a portal's deadline",
    tags=["portals"],
    responses=PROBLEMS,
)
def set_portal_deadline(portal: str, body: DeadlineRequest) -> DeadlineAnswer:
    """By when a portal wants its stamped files. It needs no Idempotency-Key: the latest one counts,
    and repeating it changes nothing."""
    return _set(portal, body, None)


@app.post(
    "/v1/operator/portals/<portal>/deadline",
    summary="Set a deadline in a portal's place",
    tags=["operators"],
    responses=PROBLEMS,
)
def set_deadline_for_portal(
    operator: OperatorSignedIn, portal: str, body: OperatorDeadlineRequest
) -> DeadlineAnswer:
    """The same in a portal's place. Who set it, and why, is recorded first."""
    return _set(portal, body, ByOperator(operator, body.reason))


def _set(portal: str, body: DeadlineRequest, by: ByOperator | None) -> DeadlineAnswer:
    deadline = set_deadline(
        portal,
        body.deadline_at,
        container,
        container.now,
        honours_receipts=body.honours_receipts,
        by=by,
    )
    return DeadlineAnswer.of(deadline)


handler = app.handler
