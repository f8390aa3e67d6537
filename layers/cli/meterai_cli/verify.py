"""Verifies a file offline, by the rules of `POST /v1/verifications`.

Which e-meterai are ours is told by the signing manifest, or by the certificates given. Where the
system's published records are given they decide, as they do online. Without them each signature of
ours that is intact and trusted stands for the record of its own revision, and the answer says so: a
stolen key would not be noticed.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from meterai.api.verification import VerificationAnswer, VerifiedStampAnswer
from meterai.domain.errors import DocumentRefused
from meterai.domain.metrics import Metric
from meterai.domain.stamping.file_evidence import SignatureFact, Trust
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.stamping.verdicts import Verdict
from meterai.languages import Language
from meterai.pdf.inspections import PdfInspector
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.pdf.verification.stamp_reader import PdfStampReader
from meterai.steps.verify import verify_document
from meterai_cli.published_records import PublishedRecords, a_record

BY_SIGNATURE_ALONE = "No records were given: judged by its signatures alone."


class Exit(IntEnum):
    """The exit status. 2 is also argparse's own."""

    PROVEN = 0  # genuine, extended
    NOT_PROVEN = 1  # covered, altered, copy, withdrawn, unrecorded
    WRONG_INPUT = 2  # a file is missing or is not what it should be
    NOTHING_TO_JUDGE = 3  # foreign, not_stamped, unreadable
    NOT_NOW = 4  # the sandbox got no process


EXITS: dict[Verdict, Exit] = {
    Verdict.GENUINE: Exit.PROVEN,
    Verdict.EXTENDED: Exit.PROVEN,
    Verdict.COVERED: Exit.NOT_PROVEN,
    Verdict.ALTERED: Exit.NOT_PROVEN,
    Verdict.COPY: Exit.NOT_PROVEN,
    Verdict.WITHDRAWN: Exit.NOT_PROVEN,
    Verdict.UNRECORDED: Exit.NOT_PROVEN,
    Verdict.FOREIGN: Exit.NOTHING_TO_JUDGE,
    Verdict.NOT_STAMPED: Exit.NOTHING_TO_JUDGE,
    Verdict.UNREADABLE: Exit.NOTHING_TO_JUDGE,
}


@dataclass(frozen=True, slots=True)
class OfflinePorts:
    """What `verify_document` asks for, without AWS."""

    stamp_reader: PdfStampReader
    serials: PublishedRecords
    documents: PublishedRecords

    @property
    def metrics(self) -> "OfflinePorts":
        return self

    def record(self, metric: Metric, value: int = 1) -> None:
        """Nobody is alarmed: the answer says it."""


def report(
    document: bytes,
    keyring: SigningKeyring,
    records: PublishedRecords | None,
    *,
    as_json: bool,
    language: Language,
) -> tuple[Exit, str]:
    """The exit status, and what to print. Raises Unavailable, and nothing for a document."""
    answer = _verified(document, keyring, records, language)
    status = EXITS[answer.verdict]
    if as_json:
        said = answer.model_dump(mode="json") | {"by_records": records is not None}
        return status, json.dumps(said, indent=1, ensure_ascii=False)
    return status, "\n".join(_lines(answer, by_records=records is not None))


def keyring_of(
    certificates: tuple[bytes, ...], chain: tuple[bytes, ...], roots: tuple[bytes, ...]
) -> SigningKeyring:
    """Of certificates (DER) that are known to be the system's, newest first; at least one."""
    current, *former = (SigningCertificate("", der, chain) for der in certificates)
    return SigningKeyring(current, tuple(former), roots)


def _verified(
    document: bytes,
    keyring: SigningKeyring,
    records: PublishedRecords | None,
    language: Language,
) -> VerificationAnswer:
    sha256 = hashlib.sha256(document).hexdigest()
    file = FileAddress("", sha256, len(document))  # it is at hand
    inspector = PdfInspector(portal_limit_bytes=0, public_host="")  # neither is asked for here
    reader = PdfStampReader(
        lambda *, anew=False: keyring,  # noqa: ARG005 - there is one
        lambda _, question: inspector(document, question),
    )
    facts = {} if records is not None else _trusted(file, reader)
    known = records or PublishedRecords({one: _record(facts[one], document) for one in facts})
    result = verify_document(document, file, OfflinePorts(reader, known, known))
    answer = VerificationAnswer.of(sha256, result, language)
    stamps = [_as_known(one, facts.get(Serial(one.serial))) for one in answer.stamps]
    return answer.model_copy(update={"stamps": stamps})


def _trusted(file: FileAddress, reader: PdfStampReader) -> dict[Serial, SignatureFact]:
    """Our signatures that are intact and trusted, by serial."""
    try:
        facts = reader.signatures(file)
    except DocumentRefused:
        return {}
    return {
        fact.serial: fact
        for fact in facts
        if fact.serial is not None
        if fact.is_ours_and_intact and fact.in_place and fact.trust is Trust.TRUSTED
    }


def _record(fact: SignatureFact, document: bytes) -> EMeterai:
    """Of the revision that this signature ends."""
    return a_record(Serial(fact.serial or ""), (Output.of(document[: fact.end_bytes]),))


def _as_known(stamp: VerifiedStampAnswer, fact: SignatureFact | None) -> VerifiedStampAnswer:
    """Where a stamp was placed is not published. A signature that stands for a record is told as
    what it is."""
    known: dict[str, object] = {"page": None, "box": None}
    if fact is not None:
        known |= {
            "integrity": fact.integrity,
            "trust": fact.trust,
            "revocation": fact.revocation,
            "signer": fact.signer,
        }
    return stamp.model_copy(update=known)


def _lines(answer: VerificationAnswer, *, by_records: bool) -> Iterator[str]:
    cause = f" ({answer.cause})" if answer.cause else ""
    yield f"verdict    {answer.verdict}{cause}"
    yield f"           {answer.message}"
    yield f"document   {answer.document}"
    if not by_records:
        yield f"           {BY_SIGNATURE_ALONE}"
    for stamp in answer.stamps:
        why = f" ({stamp.cause})" if stamp.cause else ""
        yield f"e-meterai  {stamp.serial}: {stamp.verdict}{why}"
        facts = f"integrity {stamp.integrity}, certificate {stamp.certificate}"
        yield f"           {facts}, trust {stamp.trust}, revocation {stamp.revocation}"
        if stamp.signer is not None:
            yield f"           signed by {stamp.signer}"
    for change in answer.later_changes:
        where = "" if change.page is None else f", page {change.page}"
        who = "" if change.signer is None else f", by {change.signer}"
        what = f"{change.what}{where}{who}" + ("" if change.part is None else f", {change.part}")
        yield f"later      revision {change.revision}: {what}: {change.message}"
