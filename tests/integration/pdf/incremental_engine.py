"""The incremental engine by itself, and documents that it supports."""

from io import BytesIO

import pikepdf

from meterai.domain.errors import MeteraiError
from meterai.pdf.engines.engine import SigningContext, Unsupported
from meterai.pdf.engines.incremental.writer import prepare
from meterai.pdf.parser_errors import check_envelope
from meterai.pdf.stamp_spec import StampSpec
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.remake import LETTER, SCAN
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.stamping import AT, HOST, a_spec, stamped

INDIRECT = Shape(entries="/Annots 100 0 R")


def with_object_streams(original: bytes) -> bytes:
    made = BytesIO()
    with pikepdf.open(BytesIO(original)) as opened_by_qpdf:
        opened_by_qpdf.save(
            made, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    return made.getvalue()


SUPPORTED = {
    "letter": LETTER.read_bytes(),
    "scan": SCAN.read_bytes(),
    "letter with object streams": with_object_streams(LETTER.read_bytes()),
    "signed letter": signed_by(authority().person, LETTER.read_bytes()),
    "stamped letter": stamped(LETTER.read_bytes(), a_spec(7)),
    "stamped, with object streams": stamped(with_object_streams(document()), a_spec(7)),
    "annotations apart": document(INDIRECT, objects={100: "[]"}),
    "form": document(form="/Fields[100 0 R]", objects={100: "<</FT/Tx/T(nama)>>"}),
    "form in the catalog": document(catalog="/AcroForm<</Fields[]>>"),
    "long and flat": document(*[Shape() for _ in range(150)]),
}


def outcome(document: bytes, *specs: StampSpec) -> str:
    """`supported`, `unsupported`, or the code of the refusal. Any other error is a defect and is
    raised. As in `stamp`, the envelope is checked first."""
    context = SigningContext(authority().signer.certificate, AT, HOST)
    try:
        check_envelope(document)
        prepare(document, specs or (a_spec(),), context)
    except Unsupported:
        return "unsupported"
    except MeteraiError as refusal:
        return refusal.code
    return "supported"
