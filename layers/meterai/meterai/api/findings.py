"""What a person should hear about a document."""

from pydantic import Field

from meterai.api.finding_messages import sentences
from meterai.api.models import Answer
from meterai.domain.stamping.preflight import Finding, Severity


class FindingAnswer(Answer):
    """One thing about a document."""

    code: str = Field(description="Stable; of a refusal, the code of the problem")
    severity: Severity = Field(
        description="note: good to know; warning: a portal may refuse it; refusal: it cannot be "
        "stamped as it is"
    )
    repairable: bool = Field(description="Mended where a preview or a stamping says repair=true")
    detail: str = Field(description="In English")
    detail_id: str = Field(description="In Indonesian")

    @classmethod
    def of(cls, finding: Finding) -> "FindingAnswer":
        detail, detail_id = sentences(finding)
        return cls(
            code=finding.code,
            severity=finding.severity,
            repairable=finding.repairable,
            detail=detail,
            detail_id=detail_id,
        )
