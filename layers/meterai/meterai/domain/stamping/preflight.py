"""What is known of a document before an e-meterai is taken for it: where the stamps will be, and
what its owner should know about the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from meterai.domain.errors import (
    DocumentAmbiguous,
    DocumentDamaged,
    DocumentRefused,
    FieldsNotDrawn,
    FormIsXfa,
)
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial


class Severity(StrEnum):
    """What a finding means for stamping."""

    NOTE = "note"  # good to know
    WARNING = "warning"  # it can be stamped, but a portal may refuse it
    REFUSAL = "refusal"  # it cannot be stamped as it is


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a document. `code` is stable; sentences are in
    `meterai.api.finding_messages`.

    `repairable`: it can be repaired before stamping, if requested (unsigned files only).
    """

    code: str
    severity: Severity
    repairable: bool = False
    values: dict[str, str | int] = field(default_factory=dict)


REMARKS: Mapping[str, Severity] = {
    "over_portal_limit": Severity.WARNING,
    "version_below_1_6": Severity.WARNING,
    "page_not_a4": Severity.WARNING,
    "encryption_without_password": Severity.WARNING,
    "javascript": Severity.WARNING,
    "launch_action": Severity.WARNING,
    "embedded_files": Severity.WARNING,
    "portfolio": Severity.WARNING,
    "reader_extended": Severity.NOTE,
    "opens_other_file": Severity.WARNING,
    "exchanges_form_data": Severity.WARNING,
    "rich_media": Severity.WARNING,
    "surprising_link": Severity.WARNING,
    "pictured_emeterai": Severity.WARNING,
    "changed_emeterai": Severity.WARNING,
    "field_stays_empty": Severity.NOTE,
    "fields_drawn_by_reader": Severity.NOTE,
    "hybrid_references": Severity.NOTE,
}
"""What may be said of a document that can be stamped."""

REPAIRS = frozenset(
    error.code for error in (DocumentDamaged, DocumentAmbiguous, FieldsNotDrawn, FormIsXfa)
)
"""What a repair corrects, in unsigned files."""


def found(code: str) -> Finding:
    """The finding that was kept by its code: a remark, or what was repaired."""
    if code in REPAIRS:
        return Finding(code, Severity.REFUSAL, repairable=True)
    return remark(code)


def remark(code: str, **values: str | int) -> Finding:
    return Finding(code, REMARKS[code], values=values)


def refusal(error: DocumentRefused) -> Finding:
    """Why it cannot be stamped as it is; the error's values say whether it is `repairable`."""
    values = {name: value for name, value in error.values.items() if name != "repairable"}
    repairable = bool(error.values.get("repairable"))
    return Finding(error.code, Severity.REFUSAL, repairable, values)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document that can be stamped, after a repair where `findings` have a repairable refusal.

    `placements` are the squares that the requests come to, in their order; `covers` is the text
    each would cover (empty for most); `already_stamped` are serials the file names, unverified;
    `page_sizes_pt` are those of the first pages as displayed. `changed_stamps` are those of
    `already_stamped` that no longer hold; whose they are, the records say (`earlier_stamps`).
    """

    page_count: int
    placements: tuple[Placement, ...]
    covers: tuple[str, ...]
    already_stamped: tuple[Serial, ...]
    signed: bool
    findings: tuple[Finding, ...] = ()
    page_sizes_pt: tuple[tuple[float, float], ...] = ()
    changed_stamps: tuple[Serial, ...] = ()

    @property
    def repairs(self) -> tuple[Finding, ...]:
        """What a repair corrects."""
        return tuple(one for one in self.findings if one.severity is Severity.REFUSAL)


@dataclass(frozen=True, slots=True)
class Preview:
    """A page as it would look, as PNG. `page` counts from 1."""

    png: bytes
    page: int
    document_facts: DocumentFacts


@dataclass(frozen=True, slots=True)
class PreflightReport:
    """What is known of any document; `document_facts` is None for one that cannot be read."""

    findings: tuple[Finding, ...]
    document_facts: DocumentFacts | None

    @property
    def can_be_stamped(self) -> bool:
        return not self._refusals

    @property
    def repair_offered(self) -> bool:
        """Each refusal goes away with a repair."""
        return bool(self._refusals) and all(one.repairable for one in self._refusals)

    @property
    def bears_signature(self) -> bool:
        """Of a document that cannot be read: it has the traces of a signature."""
        return any("bears" in one.values for one in self.findings)

    @property
    def _refusals(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity is Severity.REFUSAL)


class Basis(StrEnum):
    """Why this place."""

    FIELD = "field"  # an empty signature field
    CLOSING = "closing"  # free space at the words under which such a letter is signed
    FREE_SPACE = "free_space"  # free space where letters are usually signed


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`words`: the field's name, or the closing words as they are looked for."""

    basis: Basis
    placement: Placement
    words: str = ""


@dataclass(frozen=True, slots=True)
class SuggestedPlaces:
    """One page as displayed, with the best place first. A full page has none."""

    page: int
    page_count: int
    width_pt: float
    height_pt: float
    suggestions: tuple[Suggestion, ...]
