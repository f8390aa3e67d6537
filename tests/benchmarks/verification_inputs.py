"""The issued files that the verification benchmark verifies, written to a folder.

    python -m tests.benchmarks.verification_inputs FOLDER NAME...

A process of its own makes them: what it imports and holds would make each fork of the measuring
process dearer than one of the function that reads strangers' files.
"""

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from shutil import copytree
from typing import Any

from meterai.domain.stamping.placement import Placement
from meterai.pdf.signing.signing_keyring import SigningKeyring
from tests.benchmarks.stamping_inputs import inputs, letter
from tests.benchmarks.verification_methods import MANIFEST, RECORDS, TRUST, pdfsig_is_here
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import trust_database
from tests.integration.pdf.published_record import published_record
from tests.integration.pdf.stamping import a_spec, stamped

Made = tuple[bytes, list[dict[str, Any]]]

STAMPS, STAMPS_A_ROW = 10, 5
SIDE_PT, STEP_PT = 54, 75


def write_inputs(folder: Path, names: Sequence[str]) -> None:
    """Each file with its records, the signing manifest, and the database of pdfsig's trust."""
    ours = authority()
    keyring = SigningKeyring(ours.signer.certificate, (), (ours.root,))
    (folder / MANIFEST).write_text(keyring.to_json())
    if pdfsig_is_here():
        copytree(trust_database(ours.root), folder / TRUST)
    for name in names:
        content, records = _MADE[name]()
        (folder / f"{name}.pdf").write_bytes(content)
        (folder / f"{name}{RECORDS}").write_text(json.dumps(records))


def _signed_later() -> Made:
    issued, records = _stamped("letter", 1)
    return signed_by(authority().person, issued), records


def _stamped(original: str, count: int) -> Made:
    """One stamping after the other, each on the file of the one before."""
    records, document = [], letter() if original == "letter" else inputs()[original]
    for number in range(count):
        row, column = divmod(number, STAMPS_A_ROW)
        spec = a_spec(number, Placement(1, 200 + STEP_PT * column, 20 + STEP_PT * row, SIDE_PT))
        made = stamped(document, spec)
        records.append(published_record(spec.serial, made, document))
        document = made
    return document, records


_MADE: dict[str, Callable[[], Made]] = {
    "letter": partial(_stamped, "letter", 1),
    "letter, ten e-meterai": partial(_stamped, "letter", STAMPS),
    "letter, signed later": _signed_later,
    "scan of 1 MB": partial(_stamped, "scan_1mb", 1),
    "scan of 10 MB": partial(_stamped, "scan_10mb", 1),
    "200 pages": partial(_stamped, "text_200_pages", 1),
}

if __name__ == "__main__":
    write_inputs(Path(sys.argv[1]), sys.argv[2:])
