"""What a person should know about a document."""

from pydantic import Field

from meterai.api.finding_messages import message
from meterai.api.models import Answer
from meterai.domain.stamping.preflight import Finding, Severity
from meterai.languages import Language


class FindingAnswer(Answer):
    """One finding about a document."""

    code: str = Field(description="Stable; of a refusal, the code of the problem")
    severity: Severity = Field(
        description="note: good to know; warning: a portal may refuse it; refusal: it cannot be "
        "stamped as it is"
    )
    repairable: bool = Field(description="A preview or stamping with repair=true repairs it")
    message: str = Field(description="What it is, and what to do about it")

    @classmethod
    def of(cls, finding: Finding, language: Language) -> "FindingAnswer":
        return cls(
            code=finding.code,
            severity=finding.severity,
            repairable=finding.repairable,
            message=message(finding, language),
        )
