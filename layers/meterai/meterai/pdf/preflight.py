"""Would this document take its stamps? Asked before an e-meterai is reserved.

The same rules as the writers', on pypdf's reading of the file: it imports in a third of pyHanko's
time, which is what a request handler has. A document that passes here and that the writer cannot
follow all the same is refused there as damaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PasswordType, PdfReader

from meterai.domain.errors import DocumentEncrypted
from meterai.domain.placement import Placement
from meterai.domain.serials import Serial
from meterai.pdf.damage import check_envelope, refused_as_damaged
from meterai.pdf.objects import dictionary_in, entry
from meterai.pdf.page_tree import page_nodes
from meterai.pdf.restrictions import (
    refuse_restricted,
    refuse_without_permission,
    signed_fields,
    stamped_serials,
)


@dataclass(frozen=True, slots=True)
class Preflight:
    """What was found in a document that can be stamped.

    `displayed_sizes_pt` are width and height of the page of each placement, in their order;
    `already_stamped` are serials that its fields name, unverified; `signed` says whether anybody
    signed it before, stamps included.
    """

    page_count: int
    displayed_sizes_pt: tuple[tuple[float, float], ...]
    already_stamped: tuple[Serial, ...]
    signed: bool


def preflight(document: bytes, placements: Sequence[Placement]) -> Preflight:
    """Look at the document as `stamp` will, without writing.

    Raises NotAPdf, DocumentTooLarge, DocumentDamaged, DocumentEncrypted, PermissionDenied,
    DocumentCertified, DocumentLocked, FormIsXfa, PageOutOfRange, BoxOffPage.
    """
    check_envelope(document)
    with refused_as_damaged():
        reader = PdfReader(BytesIO(document), strict=False)
        if reader.is_encrypted:
            _open_with_empty_password(reader)
        catalog = reader.root_object
        refuse_restricted(catalog)
        pages = page_nodes(catalog)
        shown = [pages[placement.page_index(len(pages))].page for placement in placements]
        for page, placement in zip(shown, placements, strict=True):
            page.rectangle(placement)
        return Preflight(
            page_count=len(pages),
            displayed_sizes_pt=tuple(page.displayed_size_pt for page in shown),
            already_stamped=stamped_serials(catalog),
            signed=next(signed_fields(catalog), None) is not None,
        )


def _open_with_empty_password(reader: PdfReader) -> None:
    """Raises DocumentEncrypted, or PermissionDenied where it opens but may not be changed."""
    encryption = dictionary_in(reader.trailer, "/Encrypt") or {}
    if entry(encryption, "/Filter") != "/Standard":
        raise DocumentEncrypted
    opened_as = reader.decrypt("")
    if opened_as == PasswordType.NOT_DECRYPTED:
        raise DocumentEncrypted
    if opened_as == PasswordType.USER_PASSWORD:
        refuse_without_permission(int(entry(encryption, "/P")))
