"""POST /v1/verifications: is this uploaded file as issued, and what was added to it?"""

from meterai.api import VerificationAnswer, VerificationRequest
from meterai.container import container
from meterai.entrypoints.http import Account, AnswerLanguage, HttpApi
from meterai.entrypoints.responses import BODY, UPLOADED, problems
from meterai.steps.sign_report import sign_report
from meterai.steps.verify import verify

app = HttpApi()


@app.post(
    "/v1/verifications",
    summary="Verify a file",
    tags=["verification"],
    responses=problems(*BODY, "unavailable", *UPLOADED),
)
def handle(
    body: VerificationRequest, account: Account, language: AnswerLanguage
) -> VerificationAnswer:
    result = verify(account, body.document, container)
    report = sign_report(body.document, result, container, container.now) if body.report else None
    return VerificationAnswer.of(body.document, result, language, report)


handler = app.handler
