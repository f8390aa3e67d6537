"""The answers to the questions about a file: here libraries open what a stranger made."""

from dataclasses import dataclass
from typing import Any, assert_never

from meterai.domain.stamping.inspections import (
    DrawnSerialsQuestion,
    LaterChangesQuestion,
    PictureQuestion,
    PlacesQuestion,
    PreflightQuestion,
    PreviewQuestion,
    Question,
    RepairQuestion,
    SignaturesQuestion,
)
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.preflight.preview import PdfPreviewer
from meterai.pdf.preflight.suggestions import suggest_places
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.verification.stamp_reader import read_signatures


@dataclass(frozen=True, slots=True)
class PdfInspector:
    """See `ports.Inspector`."""

    portal_limit_bytes: int
    public_host: str

    def __call__(self, document: bytes, question: Question) -> Any:
        preflight = PdfPreflight(self.portal_limit_bytes)
        match question:
            case PreflightQuestion():
                return preflight(
                    document,
                    question.requests,
                    allow_overlap=question.allow_overlap,
                    repair=question.repair,
                    pictures=question.pictures,
                )
            case PreviewQuestion():
                return PdfPreviewer(preflight, self.public_host)(
                    document,
                    question.requests,
                    page=question.page,
                    dpi=question.dpi,
                    repair=question.repair,
                )
            case PictureQuestion(page, marks, dpi):
                from meterai.pdf.rendering.marked_page import marked_page

                return run_sandboxed(
                    lambda: marked_page(document, page, marks, dpi=dpi), ResourceBudget()
                )
            case PlacesQuestion():
                return suggest_places(document, question)
            case RepairQuestion():
                return repaired(document, ResourceBudget())
            case SignaturesQuestion():
                return read_signatures(document, question)
            case LaterChangesQuestion():
                from meterai.pdf.verification.changes.judge import judge_changes

                return judge_changes(document, question.issued_bytes)
            case DrawnSerialsQuestion():
                from meterai.pdf.rendering.qr_codes import read_qr_serials

                return read_qr_serials(document)
            case _:
                assert_never(question)
