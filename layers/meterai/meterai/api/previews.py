"""Previews: a page with its e-meterai on it, before anything is paid."""

from typing import Annotated

from pydantic import Field

from meterai.api.findings import FindingAnswer
from meterai.api.models import Answer, Request, Sha256, Whole
from meterai.api.placements import PlacementAnswer, PlacementRequest
from meterai.domain.stamping.preflight import Preview
from meterai.domain.stamping.serials import Serial
from meterai.languages import Language


class PreviewRequest(Request):
    """Show a page of an uploaded document with e-meterai on it. Text may be covered."""

    document: Sha256 = Field(description="As it was uploaded")
    placements: Annotated[list[PlacementRequest], Field(min_length=1, max_length=8)] = Field(
        description="As in POST /v1/stampings"
    )
    page: Annotated[
        Whole | None, Field(description="From 1, or -1 the last; null: that of the first placement")
    ] = None
    dpi: Annotated[int, Field(ge=36, le=150, description="Large pages are drawn at fewer")] = 96
    repair: bool = Field(default=False, description="As in POST /v1/stampings: show it repaired")


class PreviewFacts(Answer):
    """What the picture shows: in the header `Meterai-Preview`, as JSON in ASCII."""

    page: int
    page_count: int
    placements: list[PlacementAnswer]
    covers: list[str] = Field(description="The text that each e-meterai covers; mostly empty")
    already_stamped: list[Serial] = Field(description="Serials on the document, unverified")
    repairs: list[FindingAnswer] = Field(
        description="What is repaired before it is stamped; mostly empty"
    )

    @classmethod
    def of(cls, preview: Preview, language: Language) -> "PreviewFacts":
        document_facts = preview.document_facts
        return cls(
            page=preview.page,
            page_count=document_facts.page_count,
            placements=[PlacementAnswer.of(one) for one in document_facts.placements],
            covers=list(document_facts.covers),
            already_stamped=list(document_facts.already_stamped),
            repairs=[FindingAnswer.of(finding, language) for finding in document_facts.repairs],
        )
