"""Checking a document before it is stamped."""

from typing import Annotated

from pydantic import Field

from meterai.api.findings import FindingAnswer
from meterai.api.models import Answer, Request, Sha256
from meterai.api.placements import PlacementAnswer, PlacementRequest
from meterai.domain.stamping.preflight import Finding, PreflightReport
from meterai.domain.stamping.serials import Serial
from meterai.languages import Language


class PreflightRequest(Request):
    """Check an uploaded document. Nothing is reserved and nothing is changed."""

    document: Sha256 = Field(description="As it was uploaded")
    placements: Annotated[list[PlacementRequest], Field(max_length=8)] = Field(
        default=[], description="Where the e-meterai are to be placed, if that is known already"
    )
    allow_overlap: bool = Field(default=False, description="An e-meterai may cover text")


class PageSize(Answer):
    """Of a page as displayed."""

    width_pt: float
    height_pt: float


class PreflightFinding(FindingAnswer):
    """One finding about a document, with its values."""

    values: dict[str, str | int]

    @classmethod
    def of(cls, finding: Finding, language: Language) -> "PreflightFinding":
        common = FindingAnswer.of(finding, language)
        return cls(**common.model_dump(), values=finding.values)


class PreflightAnswer(Answer):
    """Whether POST /v1/stampings would accept the document, and why not."""

    document: Sha256
    can_be_stamped: bool = Field(description="As it is: no finding is a refusal")
    repair_offered: bool = Field(description="It can be stamped with repair=true")
    findings: list[PreflightFinding]
    placements: list[PlacementAnswer] = Field(description="Where the e-meterai would be placed")
    covers: list[str] = Field(description="The text that each would cover; mostly empty")
    page_count: int | None = Field(description="Null where the document could not be read")
    page_sizes: list[PageSize] = Field(description="Of the first 200 pages")
    signed: bool | None = Field(description="It bears a signature; null: it could not be read")
    already_stamped: list[Serial] = Field(
        description="Serials on the document, unverified; POST /v1/verifications verifies"
    )

    @classmethod
    def of(cls, document: str, report: PreflightReport, language: Language) -> "PreflightAnswer":
        facts = report.document_facts
        return cls(
            document=document,
            can_be_stamped=report.can_be_stamped,
            repair_offered=report.repair_offered,
            findings=[PreflightFinding.of(finding, language) for finding in report.findings],
            placements=[PlacementAnswer.of(one) for one in facts.placements] if facts else [],
            covers=list(facts.covers) if facts else [],
            page_count=facts.page_count if facts else None,
            page_sizes=[
                PageSize(width_pt=round(width_pt, 2), height_pt=round(height_pt, 2))
                for width_pt, height_pt in (facts.page_sizes_pt if facts else ())
            ],
            signed=facts.signed if facts else report.bears_signature or None,
            already_stamped=list(facts.already_stamped) if facts else [],
        )
