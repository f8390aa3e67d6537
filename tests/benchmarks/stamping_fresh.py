"""What a fresh process takes: its peak memory, and the time from its start to a finished stamp."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from meterai.pdf.engines.chain import stamp
from tests.benchmarks.stamping_variants import OFFICE
from tests.fixtures.documents.pki import counting
from tests.integration.pdf.stamping import AT, HOST, mark

ROOT = Path(__file__).parents[2]
LAYERS = [ROOT / "layers/meterai", ROOT / "layers/artwork/python"]

_FIRST_STAMP = """
import sys
from datetime import datetime
from pathlib import Path
from meterai.domain.stamping.placement import Placement
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.stamp_spec import Mark
from meterai.pdf.engines.chain import stamp
folder = Path(sys.argv[1])
serial, reason, at, host, *box = sys.argv[2:]
answer = (folder / "signature").read_bytes()
made = stamp(
    (folder / "document.pdf").read_bytes(),
    [Mark(serial, Placement(int(box[0]), *map(float, box[1:])), reason)],
    identity=SigningCertificate(
        "key", (folder / "leaf").read_bytes(), ((folder / "issuer").read_bytes(),)
    ),
    sign=lambda message: answer,
    at=datetime.fromisoformat(at),
    public_host=host,
)
import time
finished = time.monotonic()
print(finished, len(made), *sorted(sys.modules))
"""


def first_stamp(document: bytes) -> tuple[float, set[str]]:
    """Milliseconds from the start of a process to its first stamp, and the modules it imported.

    The key service's answer is made beforehand: what is signed is the same each time.
    """
    one = mark(1)
    with TemporaryDirectory() as made:
        folder = Path(made)
        sign, messages = counting(OFFICE.sign)
        stamped = stamp(
            document, [one], identity=OFFICE.identity, sign=sign, at=AT, public_host=HOST
        )
        (folder / "document.pdf").write_bytes(document)
        (folder / "leaf").write_bytes(OFFICE.identity.certificate)
        (folder / "issuer").write_bytes(*OFFICE.identity.chain)
        (folder / "signature").write_bytes(OFFICE.sign(messages[0]))
        place = one.placement
        box = [str(value) for value in (place.page, place.x_pt, place.y_pt, place.side_pt)]
        command = [sys.executable, "-c", _FIRST_STAMP, made, one.serial, one.reason, AT.isoformat()]
        start = monotonic()
        told = subprocess.run(
            [*command, HOST, *box],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, LAYERS))},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
    finished, size, *modules = told
    assert int(size) == len(stamped)
    return (float(finished) - start) * 1_000, set(modules)


def first_stamp_ms(document: bytes) -> float:
    return first_stamp(document)[0]


def peak_mb(variant: str, path: Path) -> float:
    """The most memory that a process has which does nothing but stamp this file this way."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.stamping_alone", variant, str(path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return float(json.loads(told)["peak_mb"])
