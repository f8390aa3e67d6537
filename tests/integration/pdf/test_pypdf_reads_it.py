"""A stamped file, as pypdf reads it: a reader that no engine of ours is built on."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import serial_from_digest
from meterai.pdf.engines.chain import stamp
from meterai.pdf.stamp_spec import StampSpec
from tests.fixtures.documents.pki import authority

DOCUMENTS = Path(__file__).parents[2] / "fixtures" / "documents"
SERIAL = serial_from_digest(b"\x07" * 32)


@pytest.mark.parametrize("name", ["surat-lamaran", "surat-pindai"])
def test_pypdf_finds_the_same_pages_and_one_signature_more(name: str) -> None:
    document = (DOCUMENTS / f"{name}.pdf").read_bytes()
    stamped = stamp(
        document,
        [StampSpec(SERIAL, Placement(page=1, x_pt=338, y_pt=221, side_pt=76), "Surat lamaran")],
        certificate=authority().signer.certificate,
        sign=authority().signer.sign,
        at=datetime(2026, 11, 24, tzinfo=UTC),
        public_host="meterai.example",
    )
    before, after = PdfReader(BytesIO(document)), PdfReader(BytesIO(stamped), strict=True)
    assert len(after.pages) == len(before.pages)
    assert after.pages[0].extract_text() == before.pages[0].extract_text()
    fields = after.get_fields() or {}
    assert [(field, found["/FT"]) for field, found in fields.items()] == [(f"Emet{SERIAL}", "/Sig")]
    signature = fields[f"Emet{SERIAL}"]["/V"]
    assert signature["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature["/Reason"] == f"[{SERIAL}] Surat lamaran"
