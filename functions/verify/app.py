"""POST /v1/verifications: is this uploaded file genuine, altered or not stamped?"""

from meterai.api import VerificationAnswer, VerificationRequest
from meterai.container import container
from meterai.entrypoints.http import Account, HttpApi
from meterai.entrypoints.responses import BODY, READABLE, UPLOADED, problems
from meterai.steps.verify import verify

app = HttpApi()


@app.post(
    "/v1/verifications",
    summary="Verify a file",
    tags=["verification"],
    responses=problems(*BODY, "unavailable", *UPLOADED, *READABLE),
)
def handle(body: VerificationRequest, account: Account) -> VerificationAnswer:
    result = verify(account, body.document, container)
    return VerificationAnswer.of(body.document, result)


handler = app.handler
