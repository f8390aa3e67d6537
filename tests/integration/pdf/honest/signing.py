"""Signatures of a person, as pyHanko makes them: shown or not, with any look."""

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.signed import pyhanko_signer

SIGN_HERE = (60, 60, 160, 100)


def signed(
    data: bytes,
    *,
    box: tuple[int, int, int, int] | None = None,
    field: str = "Tamu",
    style: Any = None,
    url: str = "",
) -> bytes:
    """In a new field, or in an empty one of this name."""
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    signer = PdfSigner(
        metadata,
        pyhanko_signer(authority().person),
        new_field_spec=SigFieldSpec(field, box=box),
        stamp_style=style,
    )
    writer = IncrementalPdfFileWriter(BytesIO(data), strict=False)
    if writer.prev.encrypted:
        writer.encrypt("")
    made = BytesIO()
    signer.sign_pdf(writer, output=made, appearance_text_params={"url": url} if url else None)
    return made.getvalue()
