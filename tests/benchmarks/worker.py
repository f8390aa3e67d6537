"""One stamping worker: how many documents a second, when S3 takes 30 ms and KMS 15 ms.

    python -m tests.benchmarks.worker [--quick]

The handler of the stamp function runs batches over ports that wait as AWS does and work in memory;
PDF and signature are real. One interleaved run compares one message at a time, ten at once as
deployed, and forty, where waits overlap so much that the processor is the limit. (SQS gives more
than ten a batch only after a batching window of a second. Ten such workers already use the 1,000
signatures a second that KMS allows an account.)
"""

import argparse
import hashlib
import importlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

from rich.console import Console
from rich.table import Table

from meterai.container import container
from meterai.domain.id_derivation import OrderId
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial, serial_from_digest
from meterai.domain.stamping.stampings import DocumentKind, EMeterai, SerialState
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import queue_handler
from meterai.pdf.adapters import PdfStamper
from meterai.pdf.signing.signing_keyring import SigningKeyring
from tests.fixtures.documents.pki import authority

OUT = Path("out/bench/worker.json")
DOCUMENT = Path(__file__).parents[1] / "fixtures" / "documents" / "surat-lamaran.pdf"
BATCH = 40
AT_ONCE = (1, 10, BATCH)
_CONTEXT: Any = SimpleNamespace(
    aws_request_id="benchmark", get_remaining_time_in_millis=lambda: 60_000
)
ROUNDS = 5
DYNAMODB_S, S3_S, KMS_S = 0.005, 0.030, 0.015


@dataclass(frozen=True, slots=True)
class Row:
    at_once: int
    documents_per_s: float
    wall_ms_per_document: float
    cpu_ms_per_document: float
    cpu_share: float


class WaitingSerials:
    """Claims and finishes, as slowly as DynamoDB."""

    def claim(
        self, serials: Sequence[Serial], now: datetime, until: datetime
    ) -> tuple[EMeterai, ...]:
        time.sleep(DYNAMODB_S)
        return tuple(_claimed(serial, now, until) for serial in serials)

    def finish(self, *_: object) -> bool:
        time.sleep(DYNAMODB_S)
        return True


class WaitingDocuments:
    """One document for all, as slowly as S3."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def get(self, _: str, sha256: str) -> bytes:
        time.sleep(S3_S)
        content = bytes(bytearray(self._content))  # as it comes from a socket
        assert hashlib.sha256(content).hexdigest() == sha256
        return content

    def put_stamped(self, _: Sequence[EMeterai], content: bytes) -> Output:
        time.sleep(S3_S)
        return Output.of(content)


def measure(rounds: int) -> list[Row]:
    signatory = authority().signer

    def sign(attributes: bytes) -> bytes:
        time.sleep(KMS_S)
        return signatory.sign(attributes)

    ports: dict[str, object] = {
        "settings": SimpleNamespace(stamping_claim_s=120, lane_of=lambda _: Lane.STAMPING),
        "serials": WaitingSerials(),
        "documents": WaitingDocuments(DOCUMENT.read_bytes()),
        "stamper": PdfStamper(
            lambda **_: SigningKeyring(signatory.certificate),
            lambda _, attributes: sign(attributes),
            "meterai.example",
        ),
        "lanes": None,  # nothing is sent on: these stamps are only signed
    }
    with container.overriding(**ports):
        stamping = importlib.import_module("functions.stamp.app")
        handlers = {
            at_once: queue_handler(stamping.handle, stamping.reporter, at_once=at_once)
            for at_once in AT_ONCE
        }
        for handler in handlers.values():
            handler(_batch(0), _CONTEXT)
        times: dict[int, list[tuple[float, float]]] = {at_once: [] for at_once in handlers}
        for round_number in range(1, rounds + 1):
            for at_once, handler in handlers.items():
                times[at_once].append(_timed(handler, _batch(round_number)))
    return [_row(at_once, measured) for at_once, measured in times.items()]


def _timed(
    handler: Callable[[dict[str, Any], Any], Any], batch: dict[str, Any]
) -> tuple[float, float]:
    """Wall and processor seconds of a document."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = handler(batch, _CONTEXT)
    if answer["batchItemFailures"]:
        raise RuntimeError("a stamp failed: see its log above")
    return (time.perf_counter() - wall) / BATCH, (time.process_time() - cpu) / BATCH


def _row(at_once: int, measured: list[tuple[float, float]]) -> Row:
    wall_s = median(wall for wall, _ in measured)
    cpu_s = median(cpu for _, cpu in measured)
    return Row(at_once, 1 / wall_s, 1000 * wall_s, 1000 * cpu_s, cpu_s / wall_s)


def _batch(number: int) -> dict[str, Any]:
    serials = [
        serial_from_digest(hashlib.sha256(f"{number}/{index}".encode()).digest())
        for index in range(BATCH)
    ]
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": str(int(time.time() * 1_000))}
    return {
        "Records": [
            {
                "messageId": serial,
                "body": json.dumps({"serials": [serial]}),
                "attributes": attributes,
                "eventSourceARN": "stamping",
            }
            for serial in serials
        ]
    }


def _claimed(serial: Serial, now: datetime, until: datetime) -> EMeterai:
    return EMeterai(
        serial=serial,
        serials=(serial,),
        state=SerialState.RESERVED,
        order_id=OrderId("ord_" + "A" * 26),
        slot=0,
        account="applicant",
        document=hashlib.sha256(DOCUMENT.read_bytes()).hexdigest(),
        placement=Placement(page=1, x_pt=338, y_pt=221, side_pt=76),
        kind=DocumentKind.STATEMENT,
        reason="Surat lamaran",
        portal=None,
        body_hash="",
        requested_at=now,
        timer=None,
        claimed_until=until,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure one stamping worker")
    parser.add_argument("--quick", action="store_true", help="one round")
    quick = parser.parse_args().quick
    logging.getLogger("meterai").setLevel(logging.ERROR)
    rows = measure(1 if quick else ROUNDS)
    table = Table("messages at once", "documents/s", "ms a document", "of it processor", "share")
    for row in rows:
        table.add_row(
            str(row.at_once),
            f"{row.documents_per_s:.0f}",
            f"{row.wall_ms_per_document:.1f}",
            f"{row.cpu_ms_per_document:.1f}",
            f"{row.cpu_share:.0%}",
        )
    console = Console()
    console.print("one worker; S3 30 ms (twice), KMS 15 ms, DynamoDB 5 ms (twice)")
    console.print(table)
    if not quick:  # the simulation of capacity reads this
        OUT.parent.mkdir(parents=True, exist_ok=True)
        OUT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
