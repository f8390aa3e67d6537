"""Examining a document before it is stamped."""

from typing import Annotated

from pydantic import Field

from meterai.api.findings import FindingAnswer
from meterai.api.models import Answer, Request, Sha256
from meterai.api.placements import PlacementAnswer, PlacementRequest
from meterai.domain.stamping.preflight import Finding, PreflightReport
from meterai.domain.stamping.serials import Serial


class PreflightRequest(Request):
    """Preflight an uploaded document. Nothing is taken and nothing is changed."""

    document: Sha256 = Field(description="As it was uploaded")
    placements: Annotated[list[PlacementRequest], Field(max_length=8)] = Field(
        default=[], description="Where e-meterai shall stand, if that is known already"
    )
    allow_overlap: bool = Field(default=False, description="A stamp may cover text")


class PageSize(Answer):
    """Of a page as displayed."""

    width_pt: float
    height_pt: float


class PreflightFinding(FindingAnswer):
    """One thing about a document, with its values."""

    values: dict[str, str | int]

    @classmethod
    def of(cls, finding: Finding) -> "PreflightFinding":
        told = FindingAnswer.of(finding)
        return cls(**told.model_dump(), values=finding.values)


class PreflightAnswer(Answer):
    """What POST /v1/stampings would say, and why."""

    document: Sha256
    can_be_stamped: bool = Field(description="As it is: no finding is a refusal")
    repair_offered: bool = Field(description="It can be stamped with repair=true")
    findings: list[PreflightFinding]
    placements: list[PlacementAnswer] = Field(description="Where the e-meterai would stand")
    covers: list[str] = Field(description="The text that each would cover; mostly empty")
    page_count: int | None = Field(description="Null where the document could not be read")
    page_sizes: list[PageSize] = Field(description="Of the first 200 pages")
    signed: bool | None = Field(description="Somebody has signed it; null: it could not be read")
    already_stamped: list[Serial] = Field(
        description="What it bears; POST /v1/verifications judges"
    )

    @classmethod
    def of(cls, document: str, report: PreflightReport) -> "PreflightAnswer":
        seen = report.document_facts
        return cls(
            document=document,
            can_be_stamped=report.can_be_stamped,
            repair_offered=report.repair_offered,
            findings=[PreflightFinding.of(finding) for finding in report.findings],
            placements=[PlacementAnswer.of(one) for one in seen.placements] if seen else [],
            covers=list(seen.covers) if seen else [],
            page_count=seen.page_count if seen else None,
            page_sizes=[
                PageSize(width_pt=round(width_pt, 2), height_pt=round(height_pt, 2))
                for width_pt, height_pt in (seen.page_sizes_pt if seen else ())
            ],
            signed=seen.signed if seen else None,
            already_stamped=list(seen.already_stamped) if seen else [],
        )
