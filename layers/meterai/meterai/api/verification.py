"""What is known of an e-meterai, and whether a file bears genuine ones."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import Field

from meterai.api.models import Answer, Message, Request, Sha256
from meterai.api.verdict_messages import change_message, verdict_message
from meterai.domain.stamping.file_evidence import CertificateOf, Integrity, Revocation, Trust
from meterai.domain.stamping.later_changes import Change, ChangeKind
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import DocumentKind, EMeterai
from meterai.domain.stamping.verdicts import JudgedStamp, Verdict, VerificationResult
from meterai.languages import Language

Box: TypeAlias = tuple[float, float, float, float]
_CAUSES = (
    "Of covered: filled, not_compared, changed; of altered: changed, rewritten, incomplete; of "
    "unreadable: the code of the problem; else null"
)


class SerialAnswer(Answer):
    """What the QR's address says about an e-meterai. It does not say whose it is."""

    serial: Serial
    state: Literal["stamped"]
    stamped_at: datetime
    kind: DocumentKind
    sha256: Sha256 = Field(description="Of the stamped file: compare it with the file you hold")

    @classmethod
    def of(cls, emeterai: EMeterai) -> "SerialAnswer":
        """Of a stamped e-meterai."""
        assert emeterai.stamped_at is not None
        return cls(
            serial=emeterai.serial,
            state="stamped",
            stamped_at=emeterai.stamped_at,
            kind=emeterai.kind,
            sha256=emeterai.outputs[0].sha256,
        )


class VerificationRequest(Request):
    """Verify an uploaded file."""

    document: Sha256
    report: bool = Field(default=False, description="With a signed report, to be filed away")


class VerifiedStampAnswer(Answer):
    """One e-meterai that the file bears or claims to bear. What was not looked at is called
    `not_checked`: the record says more than a certificate does."""

    serial: str
    verdict: Verdict
    cause: str | None = Field(description=_CAUSES)
    message: Message
    stamped_at: datetime | None
    page: int | None = Field(description="From 1; -1 is the last; null: not on record")
    box: Box | None = Field(description="Left, bottom, right, top in points, as displayed")
    signer: str | None = Field(description="The certificate's subject, where it was read")
    integrity: Integrity = Field(
        description="as_issued: the bytes are on record, which settles it; intact: the signature "
        "verifies"
    )
    certificate: CertificateOf = Field(description="Whether the signing certificate is ours")
    trust: Trust = Field(description="Whether its chain ended in a trusted root when it signed")
    revocation: Revocation = Field(description="As far as the file itself proves it")

    @classmethod
    def of(cls, stamp: JudgedStamp, language: Language) -> "VerifiedStampAnswer":
        place = stamp.placement
        return cls(
            serial=stamp.serial,
            verdict=stamp.verdict,
            cause=stamp.cause,
            message=verdict_message(stamp.verdict, stamp.cause, language),
            stamped_at=stamp.stamped_at,
            page=None if place is None else place.page,
            box=None if place is None else place.box,
            signer=stamp.signer,
            integrity=stamp.integrity,
            certificate=stamp.certificate,
            trust=stamp.trust,
            revocation=stamp.revocation,
        )


class LaterChangeAnswer(Answer):
    """What one later revision added or changed, as far as it could be told."""

    revision: int = Field(description="1 is the first after the file as issued")
    what: ChangeKind
    message: Message
    page: int | None = Field(description="From 1")
    box: Box | None = Field(description="Left, bottom, right, top in points, as displayed")
    signer: str | None = Field(description="As the signature claims it; not verified")
    at: datetime | None = Field(description="As it claims it")
    part: str | None = Field(description="Of unreadable validation data, such as /OCSPs 1")

    @classmethod
    def of(cls, change: Change, language: Language) -> "LaterChangeAnswer":
        return cls(
            revision=change.revision,
            what=change.what,
            message=change_message(change.what, language),
            page=change.page,
            box=change.box,
            signer=change.signer,
            at=change.at,
            part=change.part,
        )


class VerificationAnswer(Answer):
    """The verdict, the e-meterai that were found, and what was added after them."""

    document: Sha256
    verdict: Verdict = Field(description="The worst of its e-meterai's verdicts")
    cause: str | None = Field(description=_CAUSES)
    message: Message
    proven: int = Field(description="How many e-meterai are genuine or extended")
    stamps: list[VerifiedStampAnswer]
    later_changes: list[LaterChangeAnswer] = Field(description="After the first file as issued")
    report: str | None = Field(
        description="Where it was asked for: a JWS (RFC 7515, Ed25519) of `doc` SHA-256, `size`, "
        "`verdict`, `cause`, `stamps`, `changes` and `iat`. Checked offline with "
        "GET /v1/receipt-keys/{kid}. Null where no key is at hand: ask again"
    )

    @classmethod
    def of(
        cls,
        document: str,
        result: VerificationResult,
        language: Language,
        report: str | None = None,
    ) -> "VerificationAnswer":
        return cls(
            document=document,
            verdict=result.verdict,
            cause=result.cause,
            message=verdict_message(result.verdict, result.cause, language),
            proven=result.proven,
            stamps=[VerifiedStampAnswer.of(stamp, language) for stamp in result.stamps],
            later_changes=[LaterChangeAnswer.of(one, language) for one in result.changes],
            report=report,
        )
