"""A stamper whose stamp is one honest line at the end of the file, and a preflight that agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.errors import DocumentEncrypted, NotAPdf, PageOutOfRange
from meterai.domain.placement import Placement
from meterai.domain.serials import Serial
from meterai.domain.stampings import EMeterai
from tests.fakes.world import World, port_call

PAGES = 3  # that every document has here


@dataclass(frozen=True)
class MemoryStamper:
    """Each signature is noted in `world.signed`; the original stays as a prefix."""

    world: World

    @port_call
    def stamp(self, document: bytes, emeterai: Sequence[EMeterai], at: datetime) -> bytes:
        check_document(document, [one.placement for one in emeterai])
        for one in emeterai:
            self.world.signed.append(one.serial)
            document += f"\n%meterai {one.serial} {at.isoformat()}".encode()
        return document


@dataclass(frozen=True)
class MemoryPreflight:
    world: World

    @port_call
    def __call__(self, document: bytes, placements: Sequence[Placement]) -> None:
        check_document(document, placements)


def check_document(document: bytes, placements: Sequence[Placement]) -> None:
    """Raises NotAPdf, DocumentEncrypted, PageOutOfRange: one refusal of each sort."""
    if not document.startswith(b"%PDF-"):
        raise NotAPdf(size_bytes=len(document))
    if b"/Encrypt" in document:
        raise DocumentEncrypted
    for placement in placements:
        if not -PAGES <= placement.page <= PAGES or placement.page == 0:
            raise PageOutOfRange(page=placement.page, page_count=PAGES)


def serials_on(document: bytes) -> tuple[Serial, ...]:
    """The serials a stamped document bears, in the order they were put on it."""
    lines = document.split(b"\n%meterai ")[1:]
    return tuple(Serial(line.split()[0].decode()) for line in lines)
