"""The first door alone, and what it takes."""

from meterai.domain.errors import MeteraiError
from meterai.pdf.damage import check_envelope
from meterai.pdf.doors import NotMine, Terms
from meterai.pdf.incremental.writer import open_draft
from meterai.pdf.marks import Mark
from tests.fixtures.documents.pki import authority
from tests.integration.pdf.stamping import AT, HOST, mark


def opened(document: bytes, *marks: Mark) -> str:
    """`taken`, `not mine`, or the code of the refusal. Any other error is a defect and comes out.

    As in `stamp` the envelope is looked at before.
    """
    try:
        check_envelope(document)
        open_draft(document, marks or (mark(),), Terms(authority().office.identity, AT, HOST))
    except NotMine:
        return "not mine"
    except MeteraiError as refusal:
        return refusal.code
    return "taken"
