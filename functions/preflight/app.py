"""POST /v1/preflights: what stands in the way of stamping a document, and what portals dislike."""

from meterai.api import PreflightAnswer, PreflightRequest
from meterai.entry.http import Account, HttpApi
from meterai.services import office
from meterai.steps.preflight import preflight

app = HttpApi()


@app.post("/v1/preflights", summary="Examine a document", tags=["documents"])
def handle(body: PreflightRequest, account: Account) -> PreflightAnswer:
    report = preflight(
        account,
        body.document,
        tuple(placement.wish() for placement in body.placements),
        allow_overlap=body.allow_overlap,
        documents=office.documents,
        examine=office.examine,
    )
    return PreflightAnswer.of(body.document, report)


handler = app.handler
