"""Documents: where to upload them."""

from datetime import datetime

from pydantic import Field

from meterai.api.models import Answer, Request, Sha256, Whole
from meterai.ports import Upload


class DocumentRequest(Request):
    """Announce a PDF before it is uploaded."""

    sha256: Sha256 = Field(
        description="Of the file, in lower-case hex; it names the document from now on"
    )
    size_bytes: Whole = Field(ge=1)


class UploadAnswer(Answer):
    """POST the file to `url` as multipart/form-data, with `fields` before the file."""

    document: Sha256
    url: str
    fields: dict[str, str] = Field(description="Send them unchanged", repr=False)
    expires_at: datetime

    @classmethod
    def of(cls, document: str, offer: Upload) -> "UploadAnswer":
        return cls(
            document=document, url=offer.url, fields=offer.fields, expires_at=offer.expires_at
        )
