"""One document of a draft: what was found in it, and what mends it."""

from dataclasses import dataclass

from meterai.api.finding_messages import message
from meterai.domain.drafts.drafts import Draft, DraftDocument, with_choices, without_document
from meterai.domain.errors import DocumentMissing, DocumentRefused, NotFound
from meterai.domain.stamping.preflight import (
    Finding,
    PreflightReport,
    Severity,
    refusal,
)
from meterai.domain.stamping.stampings import DocumentKind
from meterai.languages import Language, Text
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views.own_drafts import (
    document_address,
    draft_address,
    is_ordered,
    own_document,
    own_draft,
)
from meterai.pages.visits import Visit
from meterai.problems import PROBLEMS
from meterai.steps.change_draft import change_draft
from meterai.steps.preflight import preflight

KINDS = {
    DocumentKind.STATEMENT: Text(
        "Surat pernyataan, lamaran, perjanjian atau sejenisnya",
        "Statement, application, agreement or the like",
    ),
    DocumentKind.SECURITIES: Text("Surat berharga", "Securities"),
    DocumentKind.RECEIPT: Text(
        "Tanda terima uang di atas Rp5.000.000", "Receipt for more than Rp5,000,000"
    ),
    DocumentKind.SETTLEMENT: Text(
        "Pengakuan bahwa utang di atas Rp5.000.000 sudah lunas",
        "Acknowledgement that a debt of more than Rp5,000,000 is settled",
    ),
}
_ORDER = (Severity.REFUSAL, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """`title` only of a refusal: it has the name of its problem."""

    severity: Severity
    title: str
    message: str
    is_repaired: bool


def show(visit: Visit, draft: str, number: str) -> PageAnswer:
    found, document = own_document(visit, draft, number)
    if is_ordered(found):
        return Redirect(draft_address(found))
    report, is_missing = _report(visit, document)
    findings = sorted(report.findings, key=lambda one: _ORDER.index(one.severity))
    return Shown(
        "document",
        {
            "draft_address": draft_address(found),
            "address": document_address(found, document.sha256),
            "document": document,
            "findings": [_shown(one, document, visit.language) for one in findings],
            "is_missing": is_missing,
            "can_be_placed": report.can_be_stamped or (report.repair_offered and document.repair),
            "repair_offered": report.repair_offered and not document.repair,
            "page_count": report.document_facts.page_count if report.document_facts else None,
            "kinds": KINDS,
        },
    )


def change(visit: Visit, draft: str, number: str) -> PageAnswer:
    """The form names the document by its hash: another tab may have removed one before it."""
    del number
    sha256, action = visit.form.get("dokumen", ""), visit.form.get("lakukan", "")
    found = own_draft(visit, draft)
    if is_ordered(found):
        return Redirect(draft_address(found))
    try:
        found = change_draft(
            visit.account,
            found.draft_id,
            lambda before: _changed(visit, before, sha256, action),
            visit.ports,
        )
    except NotFound:
        return Redirect(draft_address(found))
    address = document_address(found, sha256)
    return Redirect(f"{address}/tempat" if action == "perbaiki" else address)


def _changed(visit: Visit, draft: Draft, sha256: str, action: str) -> Draft:
    """An action that no form offers changes nothing. Raises NotFound where the document is not in
    the draft, unless it is to be removed."""
    match action:
        case "hapus":
            return without_document(draft, sha256, visit.now)
        case "perbaiki" | "jangan-perbaiki":  # the place was chosen on the other file
            repair = action == "perbaiki"
            return with_choices(
                draft, sha256, visit.now, repair=repair, placement=None, allow_overlap=False
            )
        case "jenis" if visit.form.get("jenis") in set(DocumentKind):
            kind = DocumentKind(visit.form["jenis"])
            return with_choices(draft, sha256, visit.now, kind=kind)
        case _:
            return draft


def _report(visit: Visit, document: DraftDocument) -> tuple[PreflightReport, bool]:
    """And whether the file is gone: uploads are not kept for ever."""
    try:
        made = preflight(visit.account, document.sha256, (), visit.ports, allow_overlap=True)
    except DocumentMissing:
        return PreflightReport((), None), True
    except DocumentRefused as refused:  # too large, or not the file that was declared
        return PreflightReport((refusal(refused),), None), False
    return made, False


def _shown(finding: Finding, document: DraftDocument, language: Language) -> ShownFinding:
    is_refusal = finding.severity is Severity.REFUSAL
    return ShownFinding(
        finding.severity,
        PROBLEMS[finding.code].title.in_language(language) if is_refusal else "",
        message(finding, language),
        is_repaired=is_refusal and finding.repairable and document.repair,
    )
