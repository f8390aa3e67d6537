"""The ways to verify that the benchmark compares, each a function of an issued file.

All are given the same certificates and fetch nothing. `hash` is one SHA-256, which every upload
takes anyway. `on_record` has the records with sizes, `full` those without, as they once were: then
signatures are read, and what follows the first is judged. `reading` reads them as `full` does, but
in this process, and `sandbox` is one child that does nothing: `full` needs at least one, and three
more where a page is drawn.
"""

import asyncio
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.stamping.verdicts import VerificationResult
from meterai.pdf.inspections import PdfInspector
from meterai.pdf.sandbox import run_sandboxed
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.pdf.verification.pyhanko_reader import check_signatures
from meterai.pdf.verification.signature_check import SignatureCheck
from meterai.pdf.verification.stamp_reader import PdfStampReader
from meterai.steps.verify import verify_document
from meterai_cli.published_records import PublishedRecords, read_records
from meterai_cli.verify import OfflinePorts

MANIFEST, TRUST, RECORDS = "manifest.json", "nss", ".records.json"
MOMENT = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)  # when they were stamped
FILES = {
    "letter": 0,
    "letter, ten e-meterai": 1,
    "letter, signed later": 1,
    "scan of 1 MB": 0,
    "scan of 10 MB": 0,
    "200 pages": 0,
}
"""By name, how many pages `full` draws of each state."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A file, the records of its e-meterai, and our certificates. `path` is where it lies."""

    path: Path
    content: bytes
    records: Mapping[Serial, EMeterai]
    keyring: SigningKeyring


Method = Callable[[Issued], object]


def read_inputs(folder: Path, names: Sequence[str]) -> dict[str, Issued]:
    """By name, what `verification_inputs` wrote."""
    keyring = SigningKeyring.from_json((folder / MANIFEST).read_bytes())
    return {
        name: Issued(
            folder / f"{name}.pdf",
            (folder / f"{name}.pdf").read_bytes(),
            read_records(folder / f"{name}{RECORDS}").by_serial,
            keyring,
        )
        for name in names
    }


def hash_alone(issued: Issued) -> str:
    return hashlib.sha256(issued.content).hexdigest()


def on_record(issued: Issued) -> VerificationResult:
    return _verified(issued, issued.records)


def full(issued: Issued) -> VerificationResult:
    unsized = {
        serial: replace(one, outputs=tuple(Output("0" * 64, None) for _ in one.outputs))
        for serial, one in issued.records.items()
    }
    return _verified(issued, unsized)


def reading(issued: Issued) -> list[SignatureCheck]:
    ours = issued.keyring
    return check_signatures(issued.content, ours.trusted, ours.certificates)


def sandbox(_: Issued) -> int:
    return run_sandboxed(lambda: 0)


def pyhanko(issued: Issued) -> list[bool]:
    """Its own validation of every signature, with its analysis of the differences."""
    reader = PdfFileReader(BytesIO(issued.content), strict=False)
    roots = [Certificate.load(root) for root in issued.keyring.roots]
    context = ValidationContext(
        trust_roots=roots, moment=MOMENT, allow_fetching=False, revocation_mode="soft-fail"
    )
    return [
        asyncio.run(async_validate_pdf_signature(signature, context)).bottom_line
        for signature in reader.embedded_signatures
    ]


def pdfsig(issued: Issued) -> str:
    """With the time of its own process, as it is used."""
    trusted = f"sql:{issued.path.parent / TRUST}"
    command = ["pdfsig", "-nssdir", trusted, "-no-ocsp", str(issued.path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def pdfsig_is_here() -> bool:
    """With certutil, which tells it whom to trust."""
    return all(shutil.which(tool) for tool in ("pdfsig", "certutil"))


def _verified(issued: Issued, records: Mapping[Serial, EMeterai]) -> VerificationResult:
    known = PublishedRecords(records)
    file = FileAddress("", hash_alone(issued), len(issued.content))
    reader = PdfStampReader(
        lambda *, anew=False: issued.keyring,  # noqa: ARG005 - there is one
        lambda _, question: _INSPECTOR(issued.content, question),
    )
    return verify_document(issued.content, file, OfflinePorts(reader, known, known))


_INSPECTOR = PdfInspector(portal_limit_bytes=0, public_host="")

METHODS: dict[str, Method] = {
    "hash": hash_alone,
    "on_record": on_record,
    "full": full,
    "reading": reading,
    "sandbox": sandbox,
    "pyhanko": pyhanko,
    "pdfsig": pdfsig,
}
