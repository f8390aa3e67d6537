"""An e-meterai is placed on a document of a draft only where it can be stamped."""

from datetime import UTC, datetime

import pytest

from meterai.domain.drafts.drafts import Draft, DraftDocument, with_choices, without_document
from meterai.domain.errors import CoversText, DocumentDamaged, NotFound, PageOutOfRange
from meterai.domain.id_derivation import DraftId
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.steps.place_document import place_document
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.ports import MemoryPorts, ports_of
from tests.fakes.stamper import DAMAGED, TEXT_BOX

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ID = DraftId("drf_satu")
FREE = PointPlacement(2, 100.0, 100.0, 72.0)
ON_TEXT = PointPlacement(1, TEXT_BOX[0], TEXT_BOX[1], 72.0)


@pytest.fixture
def ports() -> MemoryPorts:
    return ports_of(InMemoryState())


def begun(ports: MemoryPorts, content: bytes = b"%PDF-1.7 surat") -> str:
    sha256 = ports.documents.upload("sri", content)
    document = DraftDocument(sha256, "surat.pdf", len(content))
    ports.drafts.put_new(Draft(ID, "sri", NOW, NOW, (document,)))
    return sha256


def placed(
    ports: MemoryPorts, sha256: str, request: PointPlacement, *, allow_overlap: bool = False
) -> DraftDocument:
    draft = place_document("sri", ID, sha256, request, ports, NOW, allow_overlap=allow_overlap)
    assert ports.drafts.get("sri", ID) == draft
    return draft.documents[0]


def test_the_place_is_kept_and_the_same_again_changes_nothing(ports: MemoryPorts) -> None:
    sha256 = begun(ports)
    first = placed(ports, sha256, FREE)
    version = ports.drafts.get("sri", ID)

    assert first.placement == Placement(2, 100, 100, 72)
    assert placed(ports, sha256, FREE) == first
    assert ports.drafts.get("sri", ID) == version


def test_text_is_covered_only_by_leave_which_is_kept_with_the_place(ports: MemoryPorts) -> None:
    sha256 = begun(ports)
    with pytest.raises(CoversText):
        placed(ports, sha256, ON_TEXT)
    draft = ports.drafts.get("sri", ID)
    assert draft is not None
    assert not draft.is_ready

    assert placed(ports, sha256, ON_TEXT, allow_overlap=True).allow_overlap is True
    assert placed(ports, sha256, FREE, allow_overlap=True).allow_overlap is False


def test_a_place_that_is_refused_is_not_kept(ports: MemoryPorts) -> None:
    sha256 = begun(ports)
    with pytest.raises(PageOutOfRange):
        placed(ports, sha256, PointPlacement(9, 1.0, 1.0, 72.0))


def test_a_document_is_placed_as_it_will_be_repaired(ports: MemoryPorts) -> None:
    sha256 = begun(ports, b"%PDF-1.7 " + DAMAGED)
    with pytest.raises(DocumentDamaged):
        placed(ports, sha256, FREE)
    draft = ports.drafts.get("sri", ID)
    assert draft is not None
    ports.drafts.replace(draft, with_choices(draft, sha256, NOW, repair=True))

    assert placed(ports, sha256, FREE).placement is not None


def test_a_document_that_another_tab_removed_is_not_found(ports: MemoryPorts) -> None:
    sha256 = begun(ports)
    draft = ports.drafts.get("sri", ID)
    assert draft is not None
    ports.drafts.replace(draft, without_document(draft, sha256, NOW))

    with pytest.raises(NotFound):
        placed(ports, sha256, FREE)
    with pytest.raises(NotFound):
        place_document("budi", ID, sha256, FREE, ports, NOW, allow_overlap=False)
