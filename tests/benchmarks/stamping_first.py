"""The first stamp of a new process: the time from its start, and the modules that it imports.

The process finds compiled bytecode, as in the layers that are deployed, wherever this machine
keeps or forbids it.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from meterai.pdf.engines.chain import stamp
from tests.benchmarks.stamping_methods import SIGNER
from tests.fixtures.documents.pki import counting
from tests.integration.pdf.stamping import AT, HOST, a_spec

ROOT = Path(__file__).parents[2]
LAYERS = [ROOT / "layers/meterai", ROOT / "layers/artwork/python"]
BYTECODE = ROOT / "out/bench/bytecode"

_FIRST_STAMP = """
import sys
from datetime import datetime
from pathlib import Path
from meterai.domain.stamping.placement import Placement
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.stamp_spec import StampSpec
from meterai.pdf.engines.chain import stamp
folder = Path(sys.argv[1])
serial, reason, at, host, *box = sys.argv[2:]
answer = (folder / "signature").read_bytes()
made = stamp(
    (folder / "document.pdf").read_bytes(),
    [StampSpec(serial, Placement(int(box[0]), *map(float, box[1:])), reason)],
    certificate=SigningCertificate(
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
    spec = a_spec(1)
    with TemporaryDirectory() as made:
        folder = Path(made)
        sign, messages = counting(SIGNER.sign)
        stamped = stamp(
            document, [spec], certificate=SIGNER.certificate, sign=sign, at=AT, public_host=HOST
        )
        (folder / "document.pdf").write_bytes(document)
        (folder / "leaf").write_bytes(SIGNER.certificate.der)
        (folder / "issuer").write_bytes(*SIGNER.certificate.chain)
        (folder / "signature").write_bytes(SIGNER.sign(messages[0]))
        place = spec.placement
        box = [str(value) for value in (place.page, place.x_pt, place.y_pt, place.side_pt)]
        command = [sys.executable, "-c", _FIRST_STAMP, made]
        arguments = [spec.serial, spec.reason, AT.isoformat(), HOST, *box]
        _printed([*command, *arguments])  # compiles what is new
        start = monotonic()
        finished, size, *modules = _printed([*command, *arguments])
    assert int(size) == len(stamped)
    return (float(finished) - start) * 1_000, set(modules)


def _printed(command: list[str]) -> list[str]:
    environment = {
        "PYTHONPATH": os.pathsep.join(map(str, LAYERS)),
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    done = subprocess.run(
        command, env=os.environ | environment, check=True, capture_output=True, text=True
    )
    return done.stdout.split()
