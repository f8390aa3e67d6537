"""What is known of an e-meterai, and of a file that claims to carry one."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from meterai.api.forms import Answer, Request, Sha256
from meterai.domain.serials import Serial
from meterai.domain.stampings import DocumentKind, EMeterai
from meterai.domain.verdicts import StampVerdict, Verdict, VerificationResult


class SerialAnswer(Answer):
    """What the QR's address says of an e-meterai to anybody: never whose it is."""

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
            sha256=emeterai.outputs[0],
        )


class VerificationRequest(Request):
    """Judge an uploaded file."""

    document: Sha256


class StampFindingAnswer(Answer):
    """One e-meterai that the file claims to carry."""

    serial: str
    verdict: StampVerdict
    stamped_at: datetime | None


class VerificationAnswer(Answer):
    """What was found."""

    document: Sha256
    verdict: Verdict = Field(description="The worst of its stamps' verdicts")
    stamps: list[StampFindingAnswer]

    @classmethod
    def of(cls, document: str, result: VerificationResult) -> "VerificationAnswer":
        return cls(
            document=document,
            verdict=result.verdict,
            stamps=[
                StampFindingAnswer(
                    serial=stamp.serial, verdict=stamp.verdict, stamped_at=stamp.stamped_at
                )
                for stamp in result.stamps
            ],
        )
