"""The judgement on what follows the issued bytes of a file."""

from collections.abc import Sequence
from dataclasses import replace

from meterai.domain.errors import DocumentRefused
from meterai.domain.stamping.later_changes import (
    Change,
    ChangeKind,
    ChangeVerdict,
    LaterChanges,
)
from meterai.domain.stamping.verdicts import Cause
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.verification.changes.blank import BLANK, MAX_BLANK_BYTES
from meterai.pdf.verification.changes.drawn import PagesDiffer, TouchedPage, compare_drawn

STRUCTURE_READINGS = 2
"""Processor time for the structure, as readings of one `ResourceBudget`."""


def judge_changes(document: bytes, issued_bytes: int) -> LaterChanges:
    """Judge what follows the first `issued_bytes` bytes, which are proven to be as issued.

    Signers and times are those that signatures claim; nothing is verified. What the sandbox's
    limits do not allow to be compared is COVERED with the cause `not_compared`. Raises Unavailable.
    """
    if issued_bytes == len(document):
        return LaterChanges(ChangeVerdict.EXTENDED, None, ())
    if not document[issued_bytes:].strip(BLANK):
        return _only_blank(len(document) - issued_bytes)
    # asn1crypto takes 50 ms to import: the children inherit it.
    from meterai.pdf.verification.changes.structure import compare_structure

    try:
        result = run_sandboxed(
            lambda: compare_structure(document, issued_bytes),
            ResourceBudget(readings=STRUCTURE_READINGS),
        )
    except DocumentRefused:
        return _not_compared(())
    changes = result.changes
    if result.verdict is not None:
        return LaterChanges(result.verdict, result.cause, changes)
    try:
        touched = compare_drawn(document, issued_bytes, result.pages)
    except PagesDiffer:
        differs = Change(max(one.revision for one in changes), ChangeKind.PAGE_TREE)
        return LaterChanges(ChangeVerdict.ALTERED, Cause.CHANGED, (*changes, differs))
    except DocumentRefused:
        return _not_compared(changes)
    if touched:
        return LaterChanges(ChangeVerdict.COVERED, Cause.CHANGED, _with(touched, changes))
    return LaterChanges(ChangeVerdict.EXTENDED, None, changes)


def _only_blank(count: int) -> LaterChanges:
    fits = count <= MAX_BLANK_BYTES
    verdict = ChangeVerdict.EXTENDED if fits else ChangeVerdict.ALTERED
    return LaterChanges(
        verdict, None if fits else Cause.CHANGED, (Change(1, ChangeKind.BLANK_BYTES),)
    )


def _with(touched: Sequence[TouchedPage], changes: Sequence[Change]) -> tuple[Change, ...]:
    """A change of the page for each place that is touched, of the signature that is there."""
    found = list(changes)
    for one in touched:
        page = one.index + 1
        at = [change for change in changes if (change.page, change.box) == (page, one.box)]
        on = [change for change in changes if change.page == page]
        by = (at or on or list(changes))[-1]
        found.append(replace(by, what=ChangeKind.PAGE, page=page, box=one.box))
    return tuple(found)


def _not_compared(changes: tuple[Change, ...]) -> LaterChanges:
    revision = max((one.revision for one in changes), default=1)
    unknown = Change(revision, ChangeKind.NOT_COMPARED)
    return LaterChanges(ChangeVerdict.COVERED, Cause.NOT_COMPARED, (*changes, unknown))
