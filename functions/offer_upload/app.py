"""POST /v1/documents: where to upload a PDF, straight to storage."""

from meterai.api import DocumentRequest, UploadAnswer
from meterai.entry.http import Account, HttpApi
from meterai.services import office
from meterai.steps.offer_upload import offer_upload

app = HttpApi()


@app.post("/v1/documents", status_code=201, summary="Upload a document", tags=["documents"])
def handle(body: DocumentRequest, account: Account) -> UploadAnswer:
    offer = offer_upload(
        account,
        body.sha256,
        body.size_bytes,
        limit_bytes=office.settings.largest_document_bytes,
        documents=office.documents,
    )
    return UploadAnswer.of(body.sha256, offer)


handler = app.handler
