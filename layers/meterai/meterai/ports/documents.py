"""Files, and what is done with them: checked, previewed, stamped, augmented, read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from meterai.domain.id_derivation import DraftId
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.file_evidence import NamedSerial, SignatureFact
from meterai.domain.stamping.inspections import FileAddress, Question
from meterai.domain.stamping.later_changes import LaterChanges
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.placement import Rectangle
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import DocumentFacts, Preview, SuggestedPlaces
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai


class Documents(Protocol):
    """Files, named by their account's pseudonym and their SHA-256."""

    def create_upload(self, account: str, sha256: str, size_bytes: int) -> "Upload": ...

    def create_browser_upload(self, account: str, draft_id: DraftId, redirect_to: str) -> "Upload":
        """For a form that a browser sends without script, with the file as its field `file`. Each
        call makes another. Storage then leads the browser to `redirect_to`, with the upload's `key`
        in the address."""
        ...

    def find_upload(self, account: str, draft_id: DraftId, key: str) -> "BrowserUpload | None":
        """What such a form brought; the last part of its key is enough. None where `key` is not of
        this account's draft, or nothing is there, or not any more: it is kept for a day."""
        ...

    def read_upload(self, upload: "BrowserUpload") -> bytes:
        """Its content, of whatever size. Raises Unavailable where the form was sent again
        meanwhile, with another file."""
        ...

    def locate_upload(self, upload: "BrowserUpload", sha256: str) -> FileAddress:
        """Where `inspect` reads it. `sha256` is of what was read."""
        ...

    def keep_upload(self, account: str, upload: "BrowserUpload", sha256: str) -> None:
        """As the document with this hash, which the caller has computed from what was read. Raises
        Unavailable as `read_upload` does."""
        ...

    def put_document(self, account: str, content: bytes) -> str:
        """Stores what was made of an upload, as a document. Returns its SHA-256."""
        ...

    def size_of(self, account: str, sha256: str) -> int:
        """Raises DocumentMissing."""
        ...

    def get(self, account: str, sha256: str) -> bytes:
        """Raises DocumentMissing, DocumentTooLarge, DocumentHashMismatch."""
        ...

    def locate(self, account: str, sha256: str) -> FileAddress:
        """Where `inspect` reads the file, if there is one."""
        ...

    def put_stamped(self, stamping: Sequence[EMeterai], content: bytes) -> Output:
        """Stores once. Answers what is stored: `content`, or, if an earlier worker was faster, what
        it stored."""
        ...

    def stamped_output(self, emeterai: EMeterai) -> Output | None:
        """The stamped file's hash and size, None if there is no file."""
        ...

    def get_stamped(self, emeterai: EMeterai) -> bytes:
        """The stamped file. Raises DocumentMissing, DocumentHashMismatch (it is not the first of
        the outputs that are listed)."""
        ...

    def put_augmented(self, emeterai: EMeterai, content: bytes) -> Output:
        """As `put_stamped`, for the augmented file."""
        ...

    def download_url(self, emeterai: EMeterai) -> str:
        """A short-lived address of the stamped file."""
        ...

    def augmented_url(self, emeterai: EMeterai) -> str:
        """The same, for the augmented file."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A presigned POST: of `create_upload` pinned to one key, one hash and one size, of
    `create_browser_upload` to one key. The file comes after the fields."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class BrowserUpload:
    """`name` is what the browser said the file is called, unchanged; empty where it is not known.
    `etag` stands for its content."""

    key: str
    name: str
    size_bytes: int
    etag: str


class PhotoPage(Protocol):
    def __call__(self, photo: bytes) -> bytes | None:
        """A PDF of one page with the photo; None where it is none that can be put on a page so. The
        same photo gives the same file."""
        ...


class StampReader(Protocol):
    """What a file says of itself, from its bytes to what readers make of it."""

    def named_serials(self, document: bytes) -> Sequence[NamedSerial]:
        """Those that its bytes name, without a parser: at most a hundred."""
        ...

    def prefix_hashes(self, document: bytes, sizes: Collection[int]) -> Mapping[int, str]:
        """The SHA-256 of the first so many bytes, for each size up to the file's."""
        ...

    def signers(self, document: bytes, serials: Collection[Serial]) -> Mapping[Serial, str]:
        """Whose certificate of ours is in the signature of these e-meterai, where that is known.
        Without a parser, and proves nothing: for files that are as issued."""
        ...

    def signatures(self, document: FileAddress) -> Sequence[SignatureFact]:
        """All signatures, persons' too, in the order of signing; timestamps of the document are
        left out. Raises DocumentRefused where the file cannot be read."""
        ...

    def later_changes(self, document: FileAddress, issued_bytes: int) -> LaterChanges:
        """What follows the first so many bytes, which are as issued. Whatever the file, it answers.
        Raises Unavailable."""
        ...

    def drawn_serials(self, document: FileAddress) -> tuple[Serial, ...]:
        """The serials in QR codes on the drawn pages, within limits of pages and time; none of a
        file that cannot be drawn. The slow way: 6 ms a page of text, 100 ms a scanned page."""
        ...

    def draw_page(
        self, document: FileAddress, page: int, marks: Sequence[Rectangle], *, dpi: int
    ) -> bytes:
        """The page as it is in the file, with frames around the marks: a PNG. `page` counts from 1,
        or from the end; marks are in points as displayed. Large pages are drawn at fewer dpi.
        Raises DocumentMissing, DocumentRefused."""
        ...


@dataclass(frozen=True, slots=True)
class Stamped:
    """A stamped file, and the level that all its stamps have reached."""

    content: bytes
    level: SignatureLevel = SignatureLevel.B_B


class Stamper(Protocol):
    def check_certificate(self, at: datetime) -> None:
        """Raises Unavailable once the certificate that signs has expired, or is not known."""
        ...

    def stamp(self, document: bytes, emeterai: Sequence[EMeterai], at: datetime) -> Stamped:
        """Draws and signs: one signature of the key service for each e-meterai, each checked
        against the certificate. Where the e-meterai ask for a timestamp and no server gives one in
        a moment, continues without. Raises DocumentRefused, SignatureMismatch, and
        Unavailable once the certificate has expired."""
        ...


class Repairer(Protocol):
    def __call__(self, account: str, document: FileAddress) -> bytes:
        """The same pages and fields in a valid file; always the same bytes for a document. Raises
        DocumentRefused where it cannot be repaired, Unavailable."""
        ...


class FileTransfer(Protocol):
    """For `inspect`: files by addresses that carry the right to one of them."""

    def fetch(self, file: FileAddress) -> bytes:
        """Raises DocumentMissing, DocumentTooLarge, DocumentHashMismatch, Unavailable."""
        ...

    def put(self, url: str, content: bytes) -> None:
        """Raises Unavailable."""
        ...


class Inspector(Protocol):
    def __call__(self, document: bytes, question: Question) -> Any:
        """The answer, of the question's type; to a RepairQuestion the repaired file itself. Raises
        DocumentRefused, Unavailable."""
        ...


class Augmenter(Protocol):
    def augment(self, stamped: bytes, level: SignatureLevel, at: datetime) -> bytes:
        """The file augmented to the level by further revisions; unchanged where it has the level.
        Raises Unavailable where a timestamp or revocation data cannot be fetched now."""
        ...


class Preflight(Protocol):
    def __call__(
        self,
        document: FileAddress,
        requests: Sequence[PlacementRequest],
        *,
        allow_overlap: bool,
        repair: bool = False,
        pictures: bool = False,
    ) -> DocumentFacts:
        """Where the stamps will be, what they cover, and what the owner should know. The same
        document and requests give the same answer. A document that could be stamped after a repair
        is refused with `repairable` in the refusal's values; with `repair` it is checked as it will
        be then, and the refusal is among the findings. With `pictures` the findings tell of
        pictures of e-meterai, as `StampReader.drawn_serials` finds them. Raises DocumentRefused
        where the stamper would, where a request resolves to no place (AnchorNotFound,
        FieldNotFound, NoFreeSpace, CanvasMismatch, StampSizeRefused), where two e-meterai would
        overlap (CoversStamp) and, unless it is allowed, where one would cover text (CoversText)."""
        ...


class Previewer(Protocol):
    def __call__(
        self,
        document: FileAddress,
        requests: Sequence[PlacementRequest],
        *,
        page: int | None,
        dpi: int,
        repair: bool = False,
    ) -> Preview:
        """A page with its stamps as the stamper draws them, unsigned: by default the first stamp's
        page. Text may be covered. Repairs and refuses as `Preflight` does."""


class PlaceSuggester(Protocol):
    def __call__(
        self, document: FileAddress, *, page: int | None, side_pt: float, repair: bool = False
    ) -> SuggestedPlaces:
        """Places on a page, the best first. `page` None: the page where such a document is usually
        signed. Nothing is tried: `Preflight` says whether it can be stamped there. Raises
        DocumentRefused where it cannot be read, PageOutOfRange."""
        ...
