"""POST /v1/verifications: is this uploaded file genuine, altered or not stamped?"""

from meterai.api import VerificationAnswer, VerificationRequest
from meterai.entry.http import Account, HttpApi
from meterai.services import office
from meterai.steps.verify import verify

app = HttpApi()


@app.post("/v1/verifications", summary="Verify a file", tags=["verification"])
def handle(body: VerificationRequest, account: Account) -> VerificationAnswer:
    result = verify(
        account,
        body.document,
        documents=office.documents,
        read_stamps=office.read_stamps,
        stock=office.serials,
    )
    return VerificationAnswer.of(body.document, result)


handler = app.handler
