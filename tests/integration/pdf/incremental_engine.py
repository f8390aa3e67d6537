"""The first door alone, and what it takes."""

from meterai.domain.errors import MeteraiError
from meterai.pdf.engines.engine import SigningContext, Unsupported
from meterai.pdf.engines.incremental.writer import prepare
from meterai.pdf.parser_errors import check_envelope
from meterai.pdf.stamp_spec import StampSpec
from tests.fixtures.documents.pki import authority
from tests.integration.pdf.stamping import AT, HOST, mark


def opened(document: bytes, *specs: StampSpec) -> str:
    """`taken`, `not mine`, or the code of the refusal. Any other error is a defect and comes out.

    As in `stamp` the envelope is looked at before.
    """
    try:
        check_envelope(document)
        prepare(
            document, specs or (mark(),), SigningContext(authority().signer.certificate, AT, HOST)
        )
    except Unsupported:
        return "not mine"
    except MeteraiError as refusal:
        return refusal.code
    return "taken"
