"""Independent judges: qpdf, MuPDF, poppler's pdfsig, pdftoppm and pdftotext.

A test whose judge is not installed is skipped, and the reason names the judge.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from asn1crypto import pem
from PIL import Image

from tests.fixtures.documents.pki import authority

JUDGES_WITHIN_S = 60.0


@dataclass(frozen=True)
class PdfsigVerdict:
    """What pdfsig prints about one signature."""

    field: str
    valid: bool
    trusted: bool
    covers_file: bool


def qpdf_complaints(document: bytes) -> list[str]:
    """The warnings and errors of `qpdf --check`; none for a valid file."""
    with _file(document) as path:
        command = [_tool("qpdf"), "--check", path]
        run = _run(command, check=False)
    return [line for line in run.stderr.splitlines() if line.strip()]


def pdfsig_verdicts(document: bytes, *, root: bytes | None = None) -> list[PdfsigVerdict]:
    """The verdicts of pdfsig, with an NSS database that trusts `root` (DER), or the test root.

    The exit code is no verdict, so the text is parsed. pdfsig 22.12 trusts no signer with
    `-no-ocsp`, nor without an OCSP response that it accepts. From a signer's second signature in a
    file on, it calls the certificate "unknown", whatever software wrote the file.
    """
    command = [_tool("pdfsig"), "-nssdir", f"sql:{trust_database(root or authority().root)}"]
    with _file(document) as path:
        run = _run([*command, path], check=False)
    return [
        PdfsigVerdict(
            field=re.search(r"Signature Field Name: (.*)", part)[1],  # type: ignore[index]
            valid="Signature is Valid." in part,
            trusted="Certificate is Trusted." in part,
            covers_file="Total document signed" in part,
        )
        for part in run.stdout.split("\nSignature #")[1:]
    ]


def poppler_picture(document: bytes, *, dpi: float, page: int = 1) -> Image.Image:
    """The page as poppler shows it, cropped as a viewer does."""
    command = [_tool("pdftoppm"), "-cropbox", "-r", f"{dpi:g}", "-f", str(page), "-l", str(page)]
    with _file(document) as path:
        run = subprocess.run(
            [*command, path], capture_output=True, check=True, timeout=JUDGES_WITHIN_S
        )
    return Image.open(BytesIO(run.stdout)).convert("RGB")


def mupdf_picture(document: bytes, *, dpi: float, page: int = 1) -> Image.Image:
    """The page as MuPDF shows it."""
    with _file(document) as path:
        command = [_tool("mutool"), "draw", "-q", "-F", "ppm", "-r", f"{dpi:g}", "-o", "-"]
        run = subprocess.run(
            [*command, path, str(page)], capture_output=True, check=True, timeout=JUDGES_WITHIN_S
        )
    return Image.open(BytesIO(run.stdout)).convert("RGB")


def poppler_text(document: bytes) -> str:
    """The text of the pages by poppler, annotations included."""
    with _file(document) as path:
        command = [_tool("pdftotext"), path, "-"]
        return _run(command, check=True).stdout


def _run(command: list[str], *, check: bool) -> "subprocess.CompletedProcess[str]":
    """The output may contain text from the document, in no valid encoding."""
    return subprocess.run(
        command,
        check=check,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=JUDGES_WITHIN_S,
    )


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@cache
def trust_database(root: bytes) -> str:
    folder = mkdtemp(prefix="nss-")
    (Path(folder) / "root.pem").write_bytes(pem.armor("CERTIFICATE", root))
    for options in (
        ["-N", "--empty-password"],
        ["-A", "-n", "root", "-t", "CT,C,C", "-i", f"{folder}/root.pem"],
    ):
        command = [_tool("certutil"), "-d", f"sql:{folder}", *options]
        subprocess.run(command, check=True, capture_output=True)
    return folder


@contextmanager
def _file(document: bytes) -> Iterator[str]:
    """The document as a temporary file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(document)
        yield str(path)
