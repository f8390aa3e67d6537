"""POST /v1/documents: where to upload a PDF, straight to storage."""

from meterai.api import DocumentRequest, UploadAnswer
from meterai.container import container
from meterai.entrypoints.http import Account, HttpApi
from meterai.entrypoints.responses import BODY, problems
from meterai.steps.create_upload import create_upload

app = HttpApi()


@app.post(
    "/v1/documents",
    status_code=201,
    summary="Upload a document",
    tags=["documents"],
    responses=problems(*BODY, "unavailable", "document_too_large"),
)
def handle(body: DocumentRequest, account: Account) -> UploadAnswer:
    offer = create_upload(account, body.sha256, body.size_bytes, container)
    return UploadAnswer.of(body.sha256, offer)


handler = app.handler
