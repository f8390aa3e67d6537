"""Several e-meterai on one document in one request: each signature holds, one file, one event."""

from dataclasses import replace
from hashlib import sha256

from meterai.aws.inspection import InspectedPreflight
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.stamping.placement_requests import (
    AutoPlacement,
    Beside,
    Corner,
    CornerPlacement,
    PlacementRequest,
    TextAnchor,
)
from meterai.domain.stamping.stampings import DocumentKind
from meterai.pdf.adapters import PdfStamper
from meterai.pdf.inspections import PdfInspector
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.steps.request_stamping import RequestedStamping, request_stamping
from meterai.steps.stamp import stamp
from tests.fakes.asking import asking
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.remake import LETTER
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import pdfsig_verdicts, qpdf_complaints
from tests.integration.pdf.stamping import HOST, checks
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp

PLACES: tuple[PlacementRequest, ...] = (
    TextAnchor(None, "Hormat saya", 1, Beside.RIGHT, 0, 0, 72),
    AutoPlacement(-1, Corner.BOTTOM_RIGHT, 60),
    CornerPlacement(1, Corner.TOP_LEFT, 20, 54),
)


def test_three_on_a_letter_that_a_person_signed_are_one_file_and_all_signatures_hold() -> None:
    letter = signed_by(authority().person, LETTER.read_bytes())
    app = InMemoryApp()
    app.upload(letter)
    order = app.buy(quantity=3)
    app.settle(order)
    request = RequestedStamping(
        order_id=order.order_id,
        document=sha256(letter).hexdigest(),
        places=PLACES,
        allow_overlap=False,
        repair=False,
        kind=DocumentKind.STATEMENT,
        reason="Surat lamaran",
        portal=None,
        allow_duplicate=False,
        bulk=False,
        body_hash="0" * 32,
    )
    app.ports.inspector = PdfInspector(portal_limit_bytes=800_000, public_host=HOST)
    ports = replace(app.ports, preflight=InspectedPreflight(asking(app.ports)))
    identity = RequestIdentity("stampings", BUYER, "three")
    emeterai = request_stamping(identity, request, ports, app.now)
    again = request_stamping(identity, request, ports, app.now)
    assert [one.placement for one in again] == [one.placement for one in emeterai]

    stamper = PdfStamper(
        keyring=lambda *, anew=False: SigningKeyring(authority().signer.certificate),  # noqa: ARG005
        sign=lambda _, attributes: authority().signer.sign(attributes),
        public_host=HOST,
    )
    serials = [one.serial for one in emeterai]
    stamp(serials, replace(app.ports, stamper=stamper), app.now)

    (made,) = app.state.stamped.values()
    assert made.startswith(letter)
    assert [one.field for one in checks(made)] == [
        "Pelamar",
        *(f"Emet{serial}" for serial in serials),
    ]
    assert all(one.holds for one in checks(made))
    assert [one.valid for one in pdfsig_verdicts(made)] == [True] * 4
    assert qpdf_complaints(made) == []
