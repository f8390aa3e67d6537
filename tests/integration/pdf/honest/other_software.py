"""Signatures of a person by PDFBox and by poppler's `pdfsig`, where these are installed."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from cryptography import x509
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.signed import pyhanko_signer

PROGRAM = Path(__file__).with_name("SignWithPdfBox.java")
JARS = [
    Path("/usr/share/java") / f"{name}.jar" for name in ("pdfbox2", "fontbox2", "commons-logging")
]
"""Of the package libpdfbox2-java, with default-jdk."""
POPPLER_TOOLS = ("pdfsig", "certutil", "pk12util")
WITHIN_S = 60.0
NAME = "Siti"

Box = tuple[int, int, int, int]


class NotSigned(Exception):
    """The software does not sign this file."""


class PdfBox:
    """A running Java that signs one file after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def signed(self, data: bytes, box: Box | None = None) -> bytes:
        """Raises NotSigned."""
        with TemporaryDirectory() as folder:
            given, made = Path(folder) / "given.pdf", Path(folder) / "made.pdf"
            given.write_bytes(data)
            place = " ".join(map(str, box)) if box else ""
            answer = self._ask(f"{given}\t{made}\t{place}")
            if not answer.startswith("failed"):
                answer = self._ask(_cms(bytes.fromhex(answer)).hex())
            if answer != "signed":
                raise NotSigned(answer)
            return made.read_bytes()

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


def _cms(digest: bytes) -> bytes:
    made = asyncio.run(pyhanko_signer(authority().person).async_sign(digest, "sha256"))
    return bytes(made.dump())


def has_pdfbox() -> bool:
    return bool(shutil.which("javac") and all(jar.exists() for jar in JARS))


@contextmanager
def running_pdfbox() -> Iterator[PdfBox]:
    command = ["java", "-Xshare:auto", "-cp", ":".join(map(str, JARS)), str(PROGRAM)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # where PDFBox warns of each oddity of a file
        text=True,
    ) as process:
        yield PdfBox(process)


def has_pdfsig() -> bool:
    return all(map(shutil.which, POPPLER_TOOLS))


def signed_by_pdfsig(data: bytes) -> bytes:
    """Nothing is shown. Raises NotSigned."""
    with TemporaryDirectory() as folder:
        given, made = Path(folder) / "given.pdf", Path(folder) / "made.pdf"
        given.write_bytes(data)
        options = ["-nssdir", f"sql:{_key_database()}", "-nick", NAME, "-no-ocsp"]
        field = ["-add-signature", "-new-signature-field-name", "Tamu"]
        command = ["pdfsig", *options, *field, str(given), str(made)]
        run = subprocess.run(command, check=False, capture_output=True, timeout=WITHIN_S)
        if run.returncode != 0 or not made.exists():
            raise NotSigned(run.stderr.decode(errors="replace").strip())
        return made.read_bytes()


@cache
def _key_database() -> str:
    """An NSS database with the person's key."""
    folder = mkdtemp(prefix="nss-")
    person = authority().person
    packed = pkcs12.serialize_key_and_certificates(
        NAME.encode(),
        person.key,
        x509.load_der_x509_certificate(person.certificate.der),
        [x509.load_der_x509_certificate(one) for one in person.certificate.chain],
        NoEncryption(),
    )
    (Path(folder) / "person.p12").write_bytes(packed)
    database = ["-d", f"sql:{folder}"]
    for command in (
        ["certutil", "-N", "--empty-password", *database],
        ["pk12util", "-i", f"{folder}/person.p12", "-W", "", *database],
    ):
        subprocess.run(command, check=True, capture_output=True)
    return folder
