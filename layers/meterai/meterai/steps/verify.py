"""Verify a file: the bytes on record first, then what its signatures say, then what follows."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from meterai.domain.errors import DocumentRefused, Unavailable
from meterai.domain.metrics import Metric
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.issued_bytes import ours_until, recorded_sizes
from meterai.domain.stamping.later_changes import ChangeVerdict, LaterChanges
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.stamping.verdicts import (
    ALARMS,
    Evidence,
    VerificationResult,
    judge_file,
    needs_reading,
    nothing_is_ours,
    open_ends,
)
from meterai.ports import Documents, Metrics, StampReader

logger = logging.getLogger(__name__)

MAX_LOOKED_UP = 100  # as many as `named_serials` finds at most
MAX_UNFINISHED = 10
"""Stampings of one file that are at a worker: the next begins with the file of the one before."""

MAX_COMPARISONS = 3
"""Each may take the whole of the sandbox's time."""


class Records(Protocol):
    def get_many(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]: ...


class StoredFiles(Protocol):
    def stamped_output(self, emeterai: EMeterai) -> Output | None: ...


class VerifyDocumentPorts(Protocol):
    @property
    def documents(self) -> StoredFiles: ...
    @property
    def stamp_reader(self) -> StampReader: ...
    @property
    def serials(self) -> Records: ...
    @property
    def metrics(self) -> Metrics: ...


class VerifyPorts(VerifyDocumentPorts, Protocol):
    @property
    def documents(self) -> Documents: ...


def verify(account: str, sha256: str, ports: VerifyPorts) -> VerificationResult:
    """The verdict on an uploaded file. Raises DocumentMissing, DocumentTooLarge,
    DocumentHashMismatch, Unavailable."""
    # 1. The file, with the hash that was declared.
    document = ports.documents.get(account, sha256)
    return verify_document(document, ports.documents.locate(account, sha256), ports)


def verify_document(
    document: bytes, file: FileAddress, ports: VerifyDocumentPorts
) -> VerificationResult:
    """The verdict on a file at hand; also offline, with the ports of the command line."""
    # 2. The serials that its bytes name, what is recorded of each, and what that proves.
    named = ports.stamp_reader.named_serials(document)
    evidence = Evidence(len(document), {}, named=named)
    evidence = _with_records([one.serial for one in named], evidence, document, file.sha256, ports)
    # 3. Its signatures, if the record leaves something open.
    if needs_reading(evidence):
        evidence = _with_signatures(evidence, document, file, ports)
    if nothing_is_ours(evidence):
        evidence = replace(evidence, drawn=ports.stamp_reader.drawn_serials(file))
    # 4. What follows the bytes that are ours.
    evidence = replace(evidence, later=_later_changes(open_ends(evidence), file, ports))
    proven = [serial for serial in evidence.records if evidence.is_proven(serial)]
    if proven:
        evidence = replace(evidence, signers=ports.stamp_reader.signers(document, proven))
    # 5. The verdict. Our certificate under what we did not issue rings an alarm.
    result = replace(judge_file(evidence), size_bytes=len(document))
    for stamp in result.stamps:
        if stamp.verdict in ALARMS:
            ports.metrics.record(Metric.SIGNED_NOT_ISSUED)
            logger.error("not issued", extra={"serial": stamp.serial, "verdict": stamp.verdict})
    return result


def _with_records(
    serials: Iterable[Serial],
    evidence: Evidence,
    document: bytes,
    sha256: str,
    ports: VerifyDocumentPorts,
) -> Evidence:
    """Also of what a worker has stored and not finished recording."""
    found = _as_stored(ports.serials.get_many(list(serials)), ports)
    records = {**evidence.records, **{one.serial: one for one in found}}
    every = list(records.values())
    prefixes = ports.stamp_reader.prefix_hashes(document, recorded_sizes(every, len(document)))
    proven = ours_until(every, sha256, len(document), prefixes)
    return replace(evidence, records=records, ours_until=proven)


def _as_stored(records: Sequence[EMeterai], ports: VerifyDocumentPorts) -> tuple[EMeterai, ...]:
    """One call of storage for each stamping that a worker has claimed; before that, nothing is
    stored. Raises Unavailable where they are more than any file has: they will be finished soon."""
    unfinished = {
        one.stamping: one
        for one in records
        if one.state is SerialState.RESERVED and one.claimed_until is not None
    }
    if len(unfinished) > MAX_UNFINISHED:
        raise Unavailable(party="stamping", reason="unfinished")
    stored = {name: ports.documents.stamped_output(one) for name, one in unfinished.items()}
    outputs = {name: output for name, output in stored.items() if output is not None}
    return tuple(
        replace(one, outputs=(outputs[one.stamping],)) if one.stamping in outputs else one
        for one in records
    )


def _with_signatures(
    evidence: Evidence, document: bytes, file: FileAddress, ports: VerifyDocumentPorts
) -> Evidence:
    try:
        facts = ports.stamp_reader.signatures(file)
    except DocumentRefused as refusal:
        return replace(evidence, refusal=refusal.code)
    evidence = replace(evidence, facts=facts)
    unknown = {one.serial: None for one in facts if one.serial not in evidence.records}
    serials = [serial for serial in unknown if serial is not None][:MAX_LOOKED_UP]
    return _with_records(serials, evidence, document, file.sha256, ports) if serials else evidence


def _later_changes(
    ends: Sequence[int], file: FileAddress, ports: VerifyDocumentPorts
) -> dict[int, LaterChanges]:
    """What follows a later byte is part of what follows an earlier one, so it is no worse."""
    found: dict[int, LaterChanges] = {}
    last: LaterChanges | None = None
    for end in ends:
        is_mild = last is not None and last.verdict is ChangeVerdict.EXTENDED
        if last is None or not (is_mild or len(found) >= MAX_COMPARISONS):
            last = ports.stamp_reader.later_changes(file, end)
        found[end] = last
    return found
