"""What later revisions do to the issued objects, by structure alone.

Each revision is compared with the state before it. Every object that it replaces must be one that
signatures, timestamps, validation data or form values replace, and only in the way that they do;
everything else raises `Altered`. Whether what is new hides anything is left to drawing.
"""

from dataclasses import dataclass
from typing import Any

from meterai.domain.errors import DocumentDamaged
from meterai.domain.stamping.later_changes import Change, ChangeKind, ChangeVerdict
from meterai.domain.stamping.verdicts import Cause
from meterai.pdf.structure.page_tree import PageNode, page_nodes
from meterai.pdf.verification.changes.catalog import CatalogComparison
from meterai.pdf.verification.changes.default_fonts import may_draw_with
from meterai.pdf.verification.changes.drawn import PageToDraw
from meterai.pdf.verification.changes.fields import FormFields
from meterai.pdf.verification.changes.findings import Altered, Findings, Signer, signed
from meterai.pdf.verification.changes.new_fields import NewFields
from meterai.pdf.verification.changes.objects import TRAILER, Objects, Unreadable, read_issued
from meterai.pdf.verification.changes.pages import PageChanges
from meterai.pdf.verification.changes.revisions import (
    Ambiguous,
    Later,
    Revision,
    read_revisions,
)
from meterai.pdf.verification.changes.shown import pages_that_show
from meterai.pdf.verification.changes.states import (
    INFORMATION,
    After,
    Before,
    Explained,
    are_texts,
    changed_keys,
    reachable,
)
from meterai.pdf.verification.changes.syntax import (
    Dictionary,
    Reference,
    Stream,
    dictionaries,
    differing_twins,
    twins_in,
)
from meterai.pdf.verification.changes.validation_data import unreadable_parts
from meterai.pdf.verification.changes.values import compare_values

MAX_VALIDATION_OBJECTS = 20_000
MAX_OBJECTS = 1_000_000
"""More than the sandbox gives time for."""
_KINDS = {
    "/Page": ChangeKind.PAGE,
    "/Pages": ChangeKind.PAGE_TREE,
    "/Catalog": ChangeKind.OTHER,
    "/Annot": ChangeKind.ANNOTATION,
    "/Font": ChangeKind.RESOURCES,
    "/FontDescriptor": ChangeKind.RESOURCES,
    "/ExtGState": ChangeKind.RESOURCES,
    "/XObject": ChangeKind.RESOURCES,
    "/Pattern": ChangeKind.RESOURCES,
    "/OCG": ChangeKind.RESOURCES,
}


@dataclass(frozen=True, slots=True)
class StructureResult:
    """Final, if `verdict` is given; else these pages are to be drawn."""

    verdict: ChangeVerdict | None
    cause: Cause | None
    changes: tuple[Change, ...]
    pages: tuple[PageToDraw, ...] = ()


def compare_structure(document: bytes, issued_bytes: int) -> StructureResult:
    """Any error is the file's own: see `run_sandboxed`."""
    try:
        issued = read_issued(document, issued_bytes)
        if "/Encrypt" in issued.trailer:
            from meterai.pdf.verification.changes.encryption import Encryption

            issued.encryption = Encryption(document[:issued_bytes])
        later = read_revisions(document, issued)
        judge = StructureJudge(document, issued, later)
    except Unreadable:
        unknown = Change(1, ChangeKind.NOT_COMPARED)
        return StructureResult(ChangeVerdict.COVERED, Cause.NOT_COMPARED, (unknown,))
    except Ambiguous as ambiguity:
        change = Change(ambiguity.revision, ChangeKind.AMBIGUOUS)
        return StructureResult(ChangeVerdict.ALTERED, Cause.CHANGED, (change,))
    try:
        judge.judge()
    except Altered:
        changes = tuple(judge.findings.changes)
        return StructureResult(ChangeVerdict.ALTERED, Cause.CHANGED, changes)
    return judge.result()


class StructureJudge:
    """Judges the revisions in order; `findings` grow until all are judged, or one is Altered."""

    def __init__(self, document: bytes, issued: Objects, later: Later) -> None:
        self.findings = Findings()
        self._pages = _page_nodes(issued)
        self._document = document
        self._later = later
        wanted = {number for one in later.revisions for number in (*one.objects, *one.freed)}
        root = issued.trailer.get("/Root")
        wanted |= {root.idnum} if isinstance(root, Reference) else set()
        self._referrers = issued.referrers(wanted | issued.sections)
        self._sections = issued.sections - self._referrers.keys()
        self._wanted = dict.fromkeys(wanted)
        self._before = Before(issued)
        self._changed = set[int]()
        self._fields = FormFields()
        self._page_changes = PageChanges(self._pages, self.findings, self._before)

    def judge(self) -> None:
        """Raises Altered; the change is in `findings` as well."""
        for revision in self._later.revisions:
            known = len(self.findings.changes)
            try:
                self._judge(revision)
            except Altered as altered:
                change = Change(revision.number, altered.what, altered.page)
                self.findings.add(signed(change, self._signer_since(known)))
                raise
        if self._later.blank_bytes:
            number = len(self._later.revisions) + 1
            self.findings.add(Change(number, ChangeKind.BLANK_BYTES))

    def result(self) -> StructureResult:
        """After `judge`: what is seen is touched, or is to be compared by drawing."""
        changes, cause = tuple(self.findings.changes), self.findings.cause
        if cause is not None:
            return StructureResult(ChangeVerdict.COVERED, cause, changes)
        indexes = set(range(len(self._pages)))
        if not self.findings.draws_all_pages:
            shown = pages_that_show(self._changed, self._pages, self._before)
            indexes = self.findings.pages | shown
        pages = tuple(
            PageToDraw(
                index,
                self._pages[index].page.displayed_size_pt,
                tuple(self.findings.boxes.get(index, ())),
            )
            for index in sorted(indexes)
        )
        return StructureResult(None, None, changes, pages)

    def _signer_since(self, known: int) -> Signer | None:
        named = (one for one in self.findings.changes[known:] if one.signer is not None)
        return next((Signer(one.what, one.signer, one.at) for one in named), None)

    def _judge(self, revision: Revision) -> None:
        known = len(self.findings.changes)
        before, after = self._before, After(self._before, revision)
        self._refuse_ambiguous(after)
        catalog = CatalogComparison(after, self.findings)
        explained = catalog.explained
        if may_draw_with(catalog.fonts, catalog.old, self._pages, before):
            self.findings.covered(Cause.CHANGED)
        new_fields = NewFields(self._document, after, self.findings, self._fields, catalog.old)
        new_fields.read(catalog.new_fields)
        explained.merge(self._page_changes.compare(after, new_fields))
        left = after.changed - explained.numbers()
        if left:
            self._fields.read(catalog.old, before)
        values = compare_values(
            after, left, self._fields, self._page_changes, new_fields, self.findings
        )
        explained.merge(values)
        new_fields.note_hidden()
        explained.merge(self._inert(after, catalog))
        for number in sorted(after.changed - explained.numbers()):
            raise self._replaced(number)
        for number in sorted(explained.numbers()):
            others = explained.others(number, self._referrers_of(number), before)
            if others:
                raise Altered(ChangeKind.AMBIGUOUS, why=f"{number} is used by {sorted(others)}")
        for number in sorted(revision.freed):
            if self._referrers_of(number):
                raise self._replaced(number)
        if any(one.what is ChangeKind.VALIDATION_DATA for one in self.findings.changes[known:]):
            for part in unreadable_parts(after, before.issued.encryption):
                what = ChangeKind.UNREADABLE_DATA
                self.findings.add(Change(revision.number, what, part=part))
        if len(self.findings.changes) == known:
            self.findings.add(Change(revision.number, ChangeKind.OTHER))
        self._changed |= after.changed
        before.advance(revision, self._wanted)
        if self._fields.is_read:
            self._fields.add(catalog.new_fields, before)

    def _refuse_ambiguous(self, after: After) -> None:
        for number, value in after.revision.objects.items():
            twins = [one for one in dictionaries(value) if twins_in(one)]
            if twins and (number in after.new or number in after.changed):
                old = dictionaries(self._before.current(number))
                before = [one for one in old if twins_in(one)]
                are_kept = len(before) == len(twins) and not any(
                    map(differing_twins, before, twins)
                )
                if number in after.new or not are_kept:
                    raise Altered(ChangeKind.AMBIGUOUS, why=f"{number} has a key twice")
        for number in after.new:
            if self._referrers_of(number):
                raise Altered(ChangeKind.AMBIGUOUS, why=f"{number} was missing and is used")

    def _referrers_of(self, number: int) -> set[int]:
        later = self._before.later_referrers.get(number, set())
        return {*self._referrers.get(number, ()), *later} - {number} - self._sections

    def _inert(self, after: After, catalog: CatalogComparison) -> Explained:
        """Objects that no page shows: document information, metadata, validation data."""
        explained = Explained()
        root: int = after.revision.trailer["/Root"].idnum
        information = after.revision.trailer.get("/Info")
        if isinstance(information, Reference) and information.idnum in after.changed:
            old, new = self._before.follow(information), after.follow(information)
            is_plain = isinstance(old, dict) and isinstance(new, dict)
            if is_plain and _says_nothing_else(old, new, after):
                explained.add_freely(information.idnum)
            else:
                explained.add(information.idnum, {TRAILER})
        for key in ("/Metadata", "/Extensions"):
            slot = catalog.old.get(key)
            if isinstance(slot, Reference) and slot.idnum in after.changed:
                explained.add(slot.idnum, {root})
        left = after.changed - explained.numbers() - catalog.explained.numbers()
        if "/DSS" in catalog.old and left:
            slot = catalog.old["/DSS"]
            rest = {key: value for key, value in catalog.old.items() if key != "/DSS"}
            numbers = set(reachable(slot, self._before, MAX_VALIDATION_OBJECTS))
            numbers -= set(reachable(rest, self._before, MAX_OBJECTS))
            for number in numbers & left:
                explained.add(number, {root, *numbers})
            if numbers & left:
                self.findings.add(Change(after.revision.number, ChangeKind.VALIDATION_DATA))
        return explained

    def _replaced(self, number: int) -> Altered:
        """What kind of object was replaced, and on which page, where that is plain."""
        value = self._before.current(number)
        page = self._page_changes.page_of(number, self._referrers_of(number))
        kind = value.get("/Type") if isinstance(value, dict) else None
        if isinstance(value, dict) and ("/FT" in value or number in self._fields.fields):
            return Altered(ChangeKind.FORM, page)
        if kind is None and isinstance(value, Dictionary) and "/Subtype" in value:
            kind = "/XObject" if isinstance(value, Stream) else "/Annot"
        if kind is None and page is not None:
            return Altered(ChangeKind.PAGE, page)
        return Altered(_KINDS.get(str(kind), ChangeKind.OTHER), page)


def _says_nothing_else(old: dict[str, Any], new: dict[str, Any], after: After) -> bool:
    """Whether only texts differ, which are in the document information. Some files use it as
    another dictionary as well, where they mean nothing."""
    changed = changed_keys(old, new, after)
    values = [
        value
        for key in changed
        for value in (after.before.follow(old.get(key)), after.follow(new.get(key)))
    ]
    return changed <= INFORMATION and are_texts(*values)


def _page_nodes(issued: Objects) -> list[PageNode]:
    catalog = issued.follow(issued.trailer.get("/Root"))
    if not isinstance(catalog, dict):
        raise Unreadable("catalog")
    try:
        return page_nodes(catalog)
    except DocumentDamaged as damage:
        raise Unreadable("pages") from damage
