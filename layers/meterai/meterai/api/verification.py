"""What is known of an e-meterai, and whether a file bears genuine ones."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from meterai.api.models import Answer, Request, Sha256
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import DocumentKind, EMeterai
from meterai.domain.stamping.verdicts import StampVerdict, Verdict, VerificationResult


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


class StampEvidenceAnswer(Answer):
    """One e-meterai that the file claims to carry."""

    serial: str
    verdict: StampVerdict
    stamped_at: datetime | None


class VerificationAnswer(Answer):
    """The verdict, and the e-meterai that were found."""

    document: Sha256
    verdict: Verdict = Field(description="The worst of its stamps' verdicts")
    stamps: list[StampEvidenceAnswer]

    @classmethod
    def of(cls, document: str, result: VerificationResult) -> "VerificationAnswer":
        return cls(
            document=document,
            verdict=result.verdict,
            stamps=[
                StampEvidenceAnswer(
                    serial=stamp.serial, verdict=stamp.verdict, stamped_at=stamp.stamped_at
                )
                for stamp in result.stamps
            ],
        )
