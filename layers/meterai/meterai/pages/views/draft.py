"""The documents of one draft: what they need, and where they are to go."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from meterai.domain.drafts.drafts import Draft, changed
from meterai.domain.errors import Unavailable
from meterai.domain.orders.orders import MAX_QUANTITY
from meterai.languages import Text
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views.own_drafts import (
    document_address,
    draft_address,
    is_ordered,
    own_draft,
)
from meterai.pages.visits import Visit
from meterai.ports import Upload
from meterai.problems import PROBLEMS
from meterai.steps.change_draft import change_draft
from meterai.steps.find_missing_documents import find_missing_documents
from meterai.steps.read_portal import read_portal

UPLOAD_GONE = Text(
    "Berkasnya belum sampai. Pilih berkasnya sekali lagi, lalu unggah.",
    "The file did not arrive. Choose it once more and upload it.",
)
# iPhones send JPEG of what is chosen among the photos, as the field accepts no HEIC:
# https://github.com/WebKit/WebKit/commit/02a5c284178e4c4c9184cf721954243d59678a03
NO_PDF_NO_PHOTO = Text(
    "Berkas ini bukan PDF atau foto JPEG. Simpan sebagai PDF atau JPEG, lalu unggah. Foto iPhone "
    "(HEIC): pilih dari galeri foto, bukan dari aplikasi File, supaya terkirim sebagai JPEG.",
    "This file is neither a PDF nor a JPEG photo. Save it as PDF or JPEG and upload that. An "
    "iPhone's photo (HEIC): choose it in the photo library, not in the app Files, and it is sent "
    "as JPEG.",
)


@dataclass(frozen=True, slots=True)
class ShownPortal:
    """`deadline_at` None: it has none, or it is not known now."""

    name: str
    deadline_at: datetime | None
    is_past: bool


def show(visit: Visit, draft: str) -> PageAnswer:
    return draft_page(visit, own_draft(visit, draft))


def draft_page(visit: Visit, draft: Draft, *, upload_error: str | None = None) -> PageAnswer:
    """`upload_error` is said at the field for the file."""
    address = draft_address(draft)
    if is_ordered(draft):
        return Redirect(f"{address}/proses")
    room = MAX_QUANTITY - len(draft.documents)
    missing = find_missing_documents(draft, visit.ports, visit.now)
    return Shown(
        "draft",
        {
            "draft": draft,
            "is_ready": draft.is_ready and not missing,
            "missing": missing,
            "address": address,
            "documents": [(document_address(draft, one.sha256), one) for one in draft.documents],
            "upload": _browser_upload(visit, draft) if room > 0 else None,
            "upload_error": upload_error,
            "room": room,
            "full": PROBLEMS["too_many_documents"].sentence(
                {"max_documents": MAX_QUANTITY}, visit.language
            ),
            "max_bytes": visit.ports.max_document_bytes,
            "portals": [_portal(visit, name) for name in visit.ports.portals],
        },
        status=HTTPStatus.OK if upload_error is None else HTTPStatus.UNPROCESSABLE_ENTITY,
    )


def change(visit: Visit, draft: str) -> PageAnswer:
    """Where the files are to go, and on to the answers once every document is ready."""
    found = own_draft(visit, draft)
    portal = visit.form.get("portal", "")
    if (portal and portal not in visit.ports.portals) or is_ordered(found):
        return Redirect(draft_address(found))

    def with_portal(before: Draft) -> Draft:
        return changed(before, visit.now, portal=portal or None)

    found = change_draft(visit.account, found.draft_id, with_portal, visit.ports)
    address = draft_address(found)
    return Redirect(f"{address}/ringkasan" if found.is_ready else address)


def _browser_upload(visit: Visit, draft: Draft) -> Upload:
    back = f"{visit.ports.settings.pages_url}{draft_address(draft)}/unggahan"
    return visit.ports.documents.create_browser_upload(visit.account, draft.draft_id, back)


def _portal(visit: Visit, name: str) -> ShownPortal:
    try:
        deadline_at = read_portal(name, visit.ports, visit.now).deadline_at
    except Unavailable:
        deadline_at = None
    return ShownPortal(name, deadline_at, deadline_at is not None and deadline_at <= visit.now)
