"""POST /v1/preflights: what prevents stamping a document, and what portals may refuse."""

from meterai.api import PreflightAnswer, PreflightRequest
from meterai.container import container
from meterai.entrypoints.http import Account, AnswerLanguage, HttpApi
from meterai.entrypoints.responses import BODY, UPLOADED, problems
from meterai.steps.preflight import preflight

app = HttpApi()


@app.post(
    "/v1/preflights",
    summary="Preflight a document",
    tags=["documents"],
    responses=problems(*BODY, "unavailable", *UPLOADED),
)
def handle(body: PreflightRequest, account: Account, language: AnswerLanguage) -> PreflightAnswer:
    report = preflight(
        account,
        body.document,
        tuple(placement.wanted() for placement in body.placements),
        container,
        allow_overlap=body.allow_overlap,
    )
    return PreflightAnswer.of(body.document, report, language)


handler = app.handler
