"""The answers to the questions about a file: here libraries open what a stranger made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from meterai.domain.stamping.inspections import (
    DrawnSerialsQuestion,
    LaterChangesQuestion,
    PreflightQuestion,
    PreviewQuestion,
    Question,
    RepairQuestion,
    SignaturesQuestion,
)
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.preflight.preview import PdfPreviewer
from meterai.pdf.sandbox import ResourceBudget
from meterai.pdf.verification.stamp_reader import read_signatures


@dataclass(frozen=True, slots=True)
class PdfInspector:
    """See `ports.Inspector`."""

    portal_limit_bytes: int
    public_host: str

    def __call__(self, document: bytes, question: Question) -> Any:
        return _ANSWERS[type(question)](self, document, question)


def _preflight(inspector: PdfInspector, document: bytes, asked: PreflightQuestion) -> object:
    return PdfPreflight(inspector.portal_limit_bytes)(
        document,
        asked.requests,
        allow_overlap=asked.allow_overlap,
        repair=asked.repair,
        pictures=asked.pictures,
    )


def _preview(inspector: PdfInspector, document: bytes, asked: PreviewQuestion) -> object:
    preflight = PdfPreflight(inspector.portal_limit_bytes)
    return PdfPreviewer(preflight, inspector.public_host)(
        document, asked.requests, page=asked.page, dpi=asked.dpi, repair=asked.repair
    )


def _repair(_: PdfInspector, document: bytes, __: RepairQuestion) -> object:
    return repaired(document, ResourceBudget())


def _later_changes(document: bytes, asked: LaterChangesQuestion) -> object:
    from meterai.pdf.verification.changes.judge import judge_changes

    return judge_changes(document, asked.issued_bytes)


def _drawn_serials(document: bytes) -> object:
    from meterai.pdf.rendering.qr_codes import read_qr_serials

    return read_qr_serials(document)


_ANSWERS: Mapping[type, Callable[[PdfInspector, bytes, Any], object]] = {
    PreflightQuestion: _preflight,
    PreviewQuestion: _preview,
    RepairQuestion: _repair,
    SignaturesQuestion: lambda _, document, asked: read_signatures(document, asked),
    LaterChangesQuestion: lambda _, document, asked: _later_changes(document, asked),
    DrawnSerialsQuestion: lambda _, document, __: _drawn_serials(document),
}
