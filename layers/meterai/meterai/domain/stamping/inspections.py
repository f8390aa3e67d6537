"""Questions about one file that a stranger made: `inspect` answers them, apart from all keys."""

from dataclasses import dataclass
from typing import Any, ClassVar

from meterai.domain.stamping.file_evidence import SignatureFact
from meterai.domain.stamping.later_changes import LaterChanges
from meterai.domain.stamping.placement import Rectangle
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import DocumentFacts, Preview, SuggestedPlaces
from meterai.domain.stamping.serials import Serial


@dataclass(frozen=True, slots=True)
class FileAddress:
    """Where one file can be read for some minutes, without any right of one's own.

    `sha256` is the hash that was declared; a file beyond `max_bytes` is refused unread.
    """

    url: str
    sha256: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class PreflightQuestion:
    """See `ports.Preflight`."""

    name: ClassVar[str] = "preflight"
    answer: ClassVar[Any] = DocumentFacts
    requests: tuple[PlacementRequest, ...]
    allow_overlap: bool
    repair: bool
    pictures: bool


@dataclass(frozen=True, slots=True)
class PreviewQuestion:
    """See `ports.Previewer`."""

    name: ClassVar[str] = "preview"
    answer: ClassVar[Any] = Preview
    requests: tuple[PlacementRequest, ...]
    page: int | None
    dpi: int
    repair: bool


@dataclass(frozen=True, slots=True)
class PictureQuestion:
    """See `ports.StampReader.draw_page`. The answer is a PNG."""

    name: ClassVar[str] = "picture"
    answer: ClassVar[Any] = bytes
    page: int
    marks: tuple[Rectangle, ...]
    dpi: int


@dataclass(frozen=True, slots=True)
class PlacesQuestion:
    """See `ports.PlaceSuggester`."""

    name: ClassVar[str] = "places"
    answer: ClassVar[Any] = SuggestedPlaces
    page: int | None
    side_pt: float
    repair: bool


@dataclass(frozen=True, slots=True)
class RepairQuestion:
    """The answer is the SHA-256 of the repaired file, which is put at `put_url`."""

    name: ClassVar[str] = "repair"
    answer: ClassVar[Any] = str
    put_url: str


@dataclass(frozen=True, slots=True)
class SignaturesQuestion:
    """See `ports.StampReader.signatures`. `roots` are trusted, `signers` are our certificates, all
    in DER: `inspect` reads no manifest."""

    name: ClassVar[str] = "signatures"
    answer: ClassVar[Any] = tuple[SignatureFact, ...]
    roots: tuple[bytes, ...]
    signers: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class LaterChangesQuestion:
    """See `ports.StampReader.later_changes`."""

    name: ClassVar[str] = "later_changes"
    answer: ClassVar[Any] = LaterChanges
    issued_bytes: int


@dataclass(frozen=True, slots=True)
class DrawnSerialsQuestion:
    """See `ports.StampReader.drawn_serials`."""

    name: ClassVar[str] = "drawn_serials"
    answer: ClassVar[Any] = tuple[Serial, ...]


Question = (
    PreflightQuestion
    | PreviewQuestion
    | PictureQuestion
    | PlacesQuestion
    | RepairQuestion
    | SignaturesQuestion
    | LaterChangesQuestion
    | DrawnSerialsQuestion
)
"""What `inspect` can be asked. Each has the name under which it is asked, and names the
type of its `answer`."""
