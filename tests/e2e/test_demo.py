"""The demo, as a visitor runs it: one command, its last line, and the files it writes."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto.x509 import Certificate
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from tests.integration.pdf.judges import PdfsigVerdict, pdfsig_verdicts, qpdf_complaints
from tests.tools.commands import arguments_of

REPOSITORY = Path(__file__).parents[2]
IMPORTS = (".", "layers/meterai", "layers/artwork/python")


@dataclass(frozen=True)
class Demo:
    exit_status: int
    lines: list[str]
    files: Path

    @property
    def root(self) -> bytes:
        return (self.files / "root.crt").read_bytes()

    @property
    def stamped(self) -> dict[str, bytes]:
        """By serial."""
        return {path.stem: path.read_bytes() for path in sorted(self.files.glob("*.pdf"))}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run once in an empty folder. All tests here share it, because they only read."""
    folder = tmp_path_factory.mktemp("demo")
    run = subprocess.run(
        [sys.executable, *arguments_of("demo")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(REPOSITORY / one) for one in IMPORTS)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return Demo(run.returncode, run.stdout.splitlines(), folder / "out" / "demo")


def test_the_demo_succeeds(demo: Demo) -> None:
    assert (demo.exit_status, demo.lines[-1]) == (0, "demo: ok"), "\n".join(demo.lines)


def test_each_stamped_file_has_its_picture_and_its_one_event(demo: Demo) -> None:
    serials = list(demo.stamped)
    assert len(serials) == 2
    previews = ["preview-surat-lamaran", "preview-surat-pindai"]
    assert sorted(path.stem for path in demo.files.glob("*.png")) == [*serials, *previews]
    for picture in map(demo.files.joinpath, (f"{serial}.png" for serial in serials)):
        with Image.open(picture) as opened:
            assert opened.width in (1240, 1241)  # A4 at 150 dots an inch
            assert opened.height in (1754, 1755)
    events = [
        re.fullmatch(r" +stamped/sscasn/(\w{22})\.pdf \(([\d,]+) bytes\)", line)
        for line in demo.lines
    ]
    received = {event[1]: int(event[2].replace(",", "")) for event in events if event}
    assert received == {serial: len(content) for serial, content in demo.stamped.items()}
    assert sum(event is not None for event in events) == 2


def test_pyhanko_finds_each_file_unchanged_and_signed_under_the_root(demo: Demo) -> None:
    context = ValidationContext(
        trust_roots=[Certificate.load(demo.root)], allow_fetching=False, revocation_mode="soft-fail"
    )
    for serial, content in demo.stamped.items():
        [signature] = PdfFileReader(BytesIO(content)).embedded_signatures
        status = validate_pdf_signature(signature, signer_validation_context=context)
        assert signature.field_name == f"Emet{serial}"
        assert status.bottom_line
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE


def test_pdfsig_finds_each_file_unchanged_and_its_signature_valid(demo: Demo) -> None:
    """Trust is judged by pyHanko above: pdfsig asks the certificate's OCSP server, and does not
    accept the development authority's response. Without a server to ask it trusts
    (tests/integration/pdf)."""
    for serial, content in demo.stamped.items():
        [verdict] = pdfsig_verdicts(content, root=demo.root)
        assert (verdict.field, verdict.valid) == (f"Emet{serial}", True)
        assert verdict.covers_file


def test_qpdf_finds_no_error(demo: Demo) -> None:
    for content in demo.stamped.values():
        assert qpdf_complaints(content) == []


def test_a_verifier_that_trusts_another_root_trusts_none_of_them(demo: Demo) -> None:
    for serial, content in demo.stamped.items():
        assert pdfsig_verdicts(content) == [
            PdfsigVerdict(field=f"Emet{serial}", valid=True, trusted=False, covers_file=True)
        ]
