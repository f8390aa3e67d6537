"""Ten odd documents in one batch of the stamping function. Run as a module it prints, as JSON, what
became of each. The process must not import pytest, whose memory would be counted too.

The documents are as large as an upload may be, and only pyHanko reads them.
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.stamp import app
from meterai.container import container
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.messages import StampDocument
from meterai.pdf import sandbox
from meterai.pdf.adapters import PdfStamper
from meterai.pdf.signing.signing_keyring import SigningKeyring
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


class Outcomes:
    """The serials' port of a batch in which each message is an e-meterai on its own document."""

    def __init__(self) -> None:
        self.by_serial: dict[Serial, str] = {}

    def claim(self, serials: Sequence[Serial], *_: datetime) -> tuple[EMeterai, ...]:
        return (an_emeterai(serials[0], 0, SerialState.RESERVED),)

    def finish(self, emeterai: Sequence[EMeterai], *_: object) -> bool:
        self.by_serial[emeterai[0].serial] = "stamped"
        return True

    def void(self, emeterai: Sequence[EMeterai], *_: object, code: str) -> None:
        self.by_serial[emeterai[0].serial] = code


class OneFile:
    """The documents' port: each account's document is the same file. What is stored is dropped."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, *_: str) -> bytes:
        return self._path.read_bytes()

    def put_stamped(self, _: EMeterai, content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()

    def stamped_hash(self, _: EMeterai) -> None:
        """Nothing was stored before."""


def odd_document() -> bytes:
    """Its page does not say that it is one, which is not odd to pyHanko."""
    names = "".join(f"/N{at} {at}" for at in range(NAMES))
    page = f"<</Parent 2 0 R/MediaBox[0 0 595 842]{names}>>"
    picture = stream(b"A" * (UPLOAD_BYTES - 20 * NAMES))
    return assemble({1: CATALOG, 2: PAGES, 3: page, 4: picture})


def main(path: Path) -> None:
    # A slow machine may take longer for ten than a function may.
    sandbox.MAX_WAIT_SECONDS = sandbox.WALL_SECONDS = 600
    outcomes = Outcomes()
    signer = authority().signer
    stamper = PdfStamper(
        keyring=lambda *, anew=False: SigningKeyring(signer.certificate),  # noqa: ARG005
        sign=lambda _, attributes: signer.sign(attributes),
        public_host=HOST,
    )
    with (
        open_app(),
        container.overriding(serials=outcomes, documents=OneFile(path), stamper=stamper),
    ):
        answer = app.handler(_batch(), cast("LambdaContext", Context()))
    print(json.dumps({"outcomes": sorted(outcomes.by_serial.values()), **answer}))


def _batch() -> dict[str, Any]:
    (record,) = sample("stamp")["Records"]
    serials = [serial(number) for number in range(DOCUMENTS)]
    bodies = [StampDocument(serials=(one,)).model_dump_json() for one in serials]
    return {"Records": [{**record, "messageId": one, "body": one} for one in bodies]}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
