"""The stamping worker holds the right to sign: it opens documents with no native library."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
NATIVE = ("pypdfium2", "pypdfium2_raw", "pikepdf", "zxingcpp")
PROGRAM = f"""
import sys
from meterai.pdf.adapters import PdfStamper
from meterai.pdf.engines import chain, pyhanko_writer
from meterai.pdf.engines.engine import SigningContext
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import document
from tests.integration.pdf.stamping import AT, HOST, a_spec

import functions.stamp.app

signer = authority().signer
context = SigningContext(signer.certificate, AT, HOST)
for engine in (*chain.ENGINES, pyhanko_writer.PreparedDocument):
    prepared = engine(document(), [a_spec()], context)
    prepared.digest()
    prepared.close()
print(sorted(name for name in sys.modules if name.split(".")[0] in {NATIVE!r}))
"""


def test_both_engines_stamp_without_pdfium_and_qpdf() -> None:
    command = [sys.executable, "-c", PROGRAM]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
