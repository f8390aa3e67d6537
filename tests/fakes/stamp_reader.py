"""A reader of the files that `MemoryStamper` makes."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from meterai.domain.stamping.file_evidence import (
    CertificateOf,
    Integrity,
    NamedSerial,
    SignatureFact,
    Trust,
)
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.later_changes import Change, ChangeKind, ChangeVerdict, LaterChanges
from meterai.domain.stamping.placement import Rectangle, page_index
from meterai.domain.stamping.serials import Serial
from tests.fakes.documents import MemoryDocuments
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.stamper import PAGES, PNG, TIMESTAMP, check_document, serials_on

PICTURE = b"\n%picture "
"""Before a serial: a picture of its e-meterai."""
HARMLESS = re.compile(re.escape(TIMESTAMP) + rb"|\n%meterai [^\n]*")


@dataclass
class MemoryStampReader:
    """Each stamp is an intact signature with our certificate up to the end of its line.
    `calls`: what was opened and not only compared with the record. `pages`: what was drawn."""

    state: InMemoryState
    calls: list[str] = field(default_factory=list)
    pages: list[tuple[int, tuple[Rectangle, ...]]] = field(default_factory=list)

    def named_serials(self, document: bytes) -> tuple[NamedSerial, ...]:
        return tuple(NamedSerial(serial, in_signature=True) for serial in serials_on(document))

    def prefix_hashes(self, document: bytes, sizes: Collection[int]) -> dict[int, str]:
        return {size: hashlib.sha256(document[:size]).hexdigest() for size in sizes}

    def signers(self, document: bytes, serials: Collection[Serial]) -> dict[Serial, str]:
        return {serial: "Meterai" for serial in serials if serial.encode() in document}

    def signatures(self, file: FileAddress) -> list[SignatureFact]:
        self.calls.append("signatures")
        document = MemoryDocuments(self.state).at(file)
        check_document(document, ())
        return [
            SignatureFact(
                serial=serial,
                integrity=Integrity.INTACT,
                certificate=CertificateOf.OURS,
                in_place=True,
                end_bytes=document.find(b"\n", document.index(serial.encode())) % len(document),
                trust=Trust.TRUSTED,
                signer="Meterai",
            )
            for serial in serials_on(document)
        ]

    def later_changes(self, file: FileAddress, issued_bytes: int) -> LaterChanges:
        """Blank bytes, timestamps and signatures are harmless."""
        self.calls.append("later_changes")
        document = MemoryDocuments(self.state).at(file)
        if not HARMLESS.sub(b"", document[issued_bytes:]).strip():
            what = Change(1, ChangeKind.TIMESTAMP)
            return LaterChanges(ChangeVerdict.EXTENDED, None, (what,))
        changed = Change(1, ChangeKind.PAGE, page=1, box=(10.0, 20.0, 30.0, 40.0))
        return LaterChanges(ChangeVerdict.ALTERED, "changed", (changed,))

    def drawn_serials(self, file: FileAddress) -> tuple[Serial, ...]:
        self.calls.append("drawn_serials")
        pictures = MemoryDocuments(self.state).at(file).split(PICTURE)[1:]
        return tuple(Serial(one.split()[0].decode()) for one in pictures)

    def draw_page(
        self,
        file: FileAddress,
        page: int,
        marks: Sequence[Rectangle],
        *,
        dpi: int,  # noqa: ARG002 - its pictures are all alike
    ) -> bytes:
        check_document(MemoryDocuments(self.state).at(file), ())
        page_index(page, PAGES)
        self.pages.append((page, tuple(marks)))
        return PNG
