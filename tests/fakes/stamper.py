"""A stamper whose stamp is one readable line at the end of the file, and a preflight that
matches it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from meterai.domain.errors import (
    AnchorNotFound,
    CoversText,
    DocumentDamaged,
    DocumentEncrypted,
    FieldNotFound,
    NotAPdf,
    PageOutOfRange,
    Unavailable,
)
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.inspections import (
    FileAddress,
    PictureQuestion,
    PlacesQuestion,
    PreflightQuestion,
    PreviewQuestion,
    Question,
    RepairQuestion,
)
from meterai.domain.stamping.placement import Placement, overlap, page_index
from meterai.domain.stamping.placement_requests import (
    AutoPlacement,
    FieldPlacement,
    PlacementRequest,
    TextAnchor,
)
from meterai.domain.stamping.preflight import (
    Basis,
    DocumentFacts,
    Preview,
    SuggestedPlaces,
    Suggestion,
    refusal,
    remark,
)
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai
from meterai.ports import Stamped
from tests.fakes.documents import MemoryDocuments
from tests.fakes.in_memory_state import InMemoryState, port_call

PAGES = 3  # that every document has here
A4_PT = (595.28, 841.89)
DAMAGED, MENDED = b"%damaged", b"%mended "
"""The findings of a repair, and its result."""
CHANGED = b"%changed later"
TEXT = "Hormat saya"
TEXT_BOX = (340.0, 600.0, 400.0, 612.0)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)
"""One white pixel."""

TIMESTAMP = b"\n%timestamp"


@dataclass(frozen=True)
class MemoryStamper:
    """Each signature is recorded in `state.signed`; the original stays as a prefix."""

    state: InMemoryState

    def check_certificate(self, at: datetime) -> None:
        if self.state.certificate_ends_at <= at:
            raise Unavailable(party="signing_certificate", reason="expired")

    @port_call
    def stamp(self, document: bytes, emeterai: Sequence[EMeterai], at: datetime) -> Stamped:
        check_document(document, [one.placement for one in emeterai])
        if DAMAGED in document:
            raise DocumentDamaged(cause="marked")
        for one in emeterai:
            self.state.signed.append(one.serial)
            document += f"\n%meterai {one.serial} {at.isoformat()}".encode()
        if emeterai[0].level is SignatureLevel.B_B or not self.state.timestamp_servers_answer:
            return Stamped(document)
        return Stamped(document + TIMESTAMP, SignatureLevel.B_T)


@dataclass(frozen=True)
class MemoryRepairer:
    state: InMemoryState

    @port_call
    def __call__(self, account: str, document: FileAddress) -> bytes:  # noqa: ARG002 - it is in the address
        return MemoryDocuments(self.state).at(document).replace(DAMAGED, MENDED)


@dataclass(frozen=True)
class MemoryPreflight:
    state: InMemoryState

    @port_call
    def __call__(
        self,
        document: FileAddress,
        requests: Sequence[PlacementRequest],
        *,
        allow_overlap: bool,
        repair: bool = False,
        pictures: bool = False,  # noqa: ARG002 - its pages show nothing
    ) -> DocumentFacts:
        content = MemoryDocuments(self.state).at(document)
        return preflight_facts(content, requests, allow_overlap=allow_overlap, repair=repair)


@dataclass(frozen=True)
class MemoryPreviewer:
    state: InMemoryState

    @port_call
    def __call__(
        self,
        document: FileAddress,
        requests: Sequence[PlacementRequest],
        *,
        page: int | None,
        dpi: int,  # noqa: ARG002 - its pictures are all alike
        repair: bool = False,
    ) -> Preview:
        content = MemoryDocuments(self.state).at(document)
        return _previewed(content, requests, page=page, repair=repair)


@dataclass(frozen=True)
class MemoryPlaceSuggester:
    state: InMemoryState

    @port_call
    def __call__(
        self, document: FileAddress, *, page: int | None, side_pt: float, repair: bool = False
    ) -> SuggestedPlaces:
        content = MemoryDocuments(self.state).at(document)
        return _suggested(content, page, side_pt, repair=repair)


@dataclass(frozen=True)
class MemoryInspector:
    state: InMemoryState

    @port_call
    def __call__(self, document: bytes, question: Question) -> object:
        match question:
            case PreflightQuestion(requests, allow_overlap, repair, _):
                return preflight_facts(
                    document, requests, allow_overlap=allow_overlap, repair=repair
                )
            case PreviewQuestion(requests, page, _, repair):
                return _previewed(document, requests, page=page, repair=repair)
            case PictureQuestion():
                return PNG
            case PlacesQuestion(page, side_pt, repair):
                return _suggested(document, page, side_pt, repair=repair)
            case RepairQuestion():
                return document.replace(DAMAGED, MENDED)
            case _:
                raise NotImplementedError(question)


def _previewed(
    document: bytes, requests: Sequence[PlacementRequest], *, page: int | None, repair: bool
) -> Preview:
    document_facts = preflight_facts(document, requests, allow_overlap=True, repair=repair)
    shown = page_index(page or document_facts.placements[0].page, PAGES) + 1
    return Preview(PNG, shown, document_facts)


def _suggested(
    document: bytes, page: int | None, side_pt: float, *, repair: bool
) -> SuggestedPlaces:
    """Below the text, which every page has."""
    preflight_facts(document, (), allow_overlap=True, repair=repair)
    shown = page_index(PAGES if page is None else page, PAGES) + 1
    below = Placement(shown, 340, 222, side_pt)
    return SuggestedPlaces(shown, PAGES, *A4_PT, (Suggestion(Basis.CLOSING, below, TEXT.lower()),))


def preflight_facts(
    document: bytes, requests: Sequence[PlacementRequest], *, allow_overlap: bool, repair: bool
) -> DocumentFacts:
    """Every page is A4 and has one text, always at the same place."""
    made = _document_facts(document, requests, allow_overlap=allow_overlap)
    if DAMAGED not in document:
        return made
    damage = DocumentDamaged(cause="marked", repairable=True)
    if not repair:
        raise damage
    return replace(made, findings=(refusal(damage), *made.findings))


def _document_facts(
    document: bytes, requests: Sequence[PlacementRequest], *, allow_overlap: bool
) -> DocumentFacts:
    check_document(document, ())
    placements = tuple(_placement(request) for request in requests)
    check_document(document, placements)
    covers = tuple(TEXT if overlap(one.box, TEXT_BOX) else "" for one in placements)
    for number, (cover, placement) in enumerate(zip(covers, placements, strict=True), start=1):
        if cover and not allow_overlap:
            raise CoversText(number=number, covers=cover, page=placement.page)
    serials = serials_on(document)
    return DocumentFacts(
        PAGES,
        placements,
        covers,
        serials,
        signed=bool(serials),
        findings=(remark("javascript"),) if b"/JavaScript" in document else (),
        page_sizes_pt=(A4_PT,) * PAGES,
        changed_stamps=serials if CHANGED in document else (),
    )


def _placement(request: PlacementRequest) -> Placement:
    match request:
        case TextAnchor(text=text) if text != TEXT:
            raise AnchorNotFound(text=text, occurrence=request.occurrence, found=0)
        case TextAnchor(side_pt=side_pt):
            return Placement(request.page or 1, TEXT_BOX[2], TEXT_BOX[3] - side_pt, side_pt)
        case AutoPlacement(page=page, side_pt=side_pt):
            return Placement(page_index(page, PAGES) + 1, 340, 222, side_pt)
        case FieldPlacement(name=name):
            raise FieldNotFound(field=name, fields="-")
        case _:
            return request.on_page(page_index(request.page, PAGES) + 1, *A4_PT)


def check_document(document: bytes, placements: Sequence[Placement]) -> None:
    """Raises NotAPdf, DocumentEncrypted, PageOutOfRange: one refusal of each kind."""
    if not document.startswith(b"%PDF-"):
        raise NotAPdf(size_bytes=len(document))
    if b"/Encrypt" in document:
        raise DocumentEncrypted
    for placement in placements:
        if not -PAGES <= placement.page <= PAGES or placement.page == 0:
            raise PageOutOfRange(page=placement.page, page_count=PAGES)
        placement.check_on_page(*A4_PT)


def serials_on(document: bytes) -> tuple[Serial, ...]:
    """The serials on a stamped document, in the order of stamping."""
    lines = document.split(b"\n%meterai ")[1:]
    return tuple(Serial(line.split()[0].decode()) for line in lines)
