"""Ten odd documents in one batch of the stamping function. Run as a module it prints, as JSON, what
became of each, and the most memory that was used. The process must not import pytest, whose memory
would be counted too.

The documents are as large as an upload may be, and only pyHanko reads them.
"""

import json
import re
import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.stamp import app
from meterai.container import container
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.messages import StampDocument
from meterai.pdf import sandbox
from meterai.pdf.adapters import PdfStamper
from meterai.pdf.signing.signing_keyring import SigningKeyring
from tests.fakes.documents import MemoryDocuments
from tests.fixtures.documents.hostile import CATALOG, PAGES, stream
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import assemble
from tests.integration.pdf.stamping import HOST, serial
from tests.unit.domain.facts import emeterai as an_emeterai
from tests.unit.functions.function_app import Context, open_app, sample

DOCUMENTS = 10
UPLOAD_BYTES = 20_000_000
NAMES = 10_000
"""In the page, which pyHanko parses whole."""


KIBIBYTES = 1024


@dataclass(frozen=True)
class OneFile(MemoryDocuments):
    """Each account's document is the same file, read anew as a download is. What is stored is
    dropped."""

    path: Path = field(kw_only=True)

    def get(self, account: str, sha256: str) -> bytes:
        del account, sha256
        return self.path.read_bytes()

    def put_stamped(self, stamping: Sequence[EMeterai], content: bytes) -> Output:
        del stamping
        return Output.of(content)


def odd_document() -> bytes:
    """Its page does not say that it is one, which is not odd to pyHanko."""
    names = "".join(f"/N{at} {at}" for at in range(NAMES))
    page = f"<</Parent 2 0 R/MediaBox[0 0 595 842]{names}>>"
    picture = stream(b"A" * (UPLOAD_BYTES - 20 * NAMES))
    return assemble({1: CATALOG, 2: PAGES, 3: page, 4: picture})


def main(path: Path) -> None:
    # A loaded machine may take longer; what each document may use of the processor stays limited.
    sandbox.WALL_SECONDS = sandbox.MAX_WAIT_SECONDS = 600.0
    signer = authority().signer
    stamper = PdfStamper(
        keyring=lambda *, anew=False: SigningKeyring(signer.certificate),  # noqa: ARG005
        sign=lambda _, attributes: signer.sign(attributes),
        public_host=HOST,
    )
    with open_app() as memory_app:
        serials = memory_app.state.serials
        for number in range(DOCUMENTS):
            one = an_emeterai(serial(number), 0, SerialState.RESERVED)
            serials[one.serial] = one
        documents = OneFile(memory_app.state, path=path)
        with container.overriding(documents=documents, stamper=stamper):
            answer = app.handler(_batch(), cast("LambdaContext", Context()))
        outcomes = [one.state for one in serials.values()]
    print(json.dumps({"outcomes": outcomes, **answer, **_memory()}))


def _memory() -> dict[str, float]:
    """The most that this process ever had, and the most of any child. The kernel keeps both, so
    that no moment is missed; pages that they share are counted in each."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (own_kib,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    child_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"own_mib": int(own_kib) / KIBIBYTES, "child_mib": child_kib / KIBIBYTES}


def _batch() -> dict[str, Any]:
    (record,) = sample("stamp")["Records"]
    serials = [serial(number) for number in range(DOCUMENTS)]
    bodies = [StampDocument(serials=(one,)).model_dump_json() for one in serials]
    return {"Records": [{**record, "messageId": one, "body": one} for one in bodies]}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
