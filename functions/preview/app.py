"""POST /v1/previews: how a page will look once it is stamped, before anything is paid."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import PreviewFacts, PreviewRequest
from meterai.container import container
from meterai.entrypoints.http import Account, AnswerLanguage, HttpApi, picture
from meterai.entrypoints.responses import BODY, READABLE, STAMPABLE, UPLOADED, problems
from meterai.steps.preview import preview

app = HttpApi()


@app.post(
    "/v1/previews",
    summary="Preview a stamping",
    tags=["stampings"],
    responses=problems(*BODY, "unavailable", *UPLOADED, *READABLE, *STAMPABLE),
)
def handle(body: PreviewRequest, account: Account, language: AnswerLanguage) -> Response[str]:
    shown = preview(
        account,
        body.document,
        [placement.wanted() for placement in body.placements],
        container,
        page=body.page,
        dpi=body.dpi,
        repair=body.repair,
    )
    facts = PreviewFacts.of(shown, language).model_dump_json(ensure_ascii=True)
    return picture(shown.png, {"Cache-Control": "no-store", "Meterai-Preview": facts})


handler = app.handler
