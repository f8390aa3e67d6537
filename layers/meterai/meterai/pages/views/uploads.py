"""Files on their way into a draft: by a plain form to the bucket, or by the page's script."""

import re

from meterai.domain.drafts.drafts import Draft
from meterai.domain.errors import MeteraiError, NotAPdf, NotFound, Refusal
from meterai.domain.stamping.positions import whole_number
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views.draft import NO_PDF_NO_PHOTO, UPLOAD_GONE, draft_page
from meterai.pages.views.own_drafts import (
    document_address,
    draft_address,
    is_ordered,
    own_draft,
)
from meterai.pages.views.refusals import sentence
from meterai.pages.visits import Visit
from meterai.steps.add_document import add_document
from meterai.steps.adopt_upload import adopt_upload
from meterai.steps.create_upload import create_upload

_SHA256 = re.compile(r"[0-9a-f]{64}")
MISSING = {"not_found", "document_missing"}


def adopt(visit: Visit, draft: str) -> PageAnswer:
    """The bucket sends the browser here after a form. A reload adopts the same file again."""
    before = own_draft(visit, draft)
    if is_ordered(before):
        return Redirect(draft_address(before))
    key = visit.query.get("key", "")
    try:
        after = adopt_upload(visit.account, before.draft_id, key, visit.ports, visit.now)
    except Refusal as refused:
        return draft_page(visit, before, upload_error=_sentence(visit, refused))
    return Redirect(_address_of_new(before, after))


def send(visit: Visit, draft: str) -> PageAnswer:
    """The script's form: it asks where to send a file, sends it, and then has it added."""
    found = own_draft(visit, draft)
    if is_ordered(found):
        return Redirect(draft_address(found))
    return _add(visit, found) if "nama" in visit.form else _offer(visit, found)


def _offer(visit: Visit, draft: Draft) -> PageAnswer:
    """Where it may send one file, whose hash it has computed."""
    sha256, size_bytes = visit.form.get("sha256", ""), whole_number(visit.form.get("ukuran", ""))
    if size_bytes is None or not _SHA256.fullmatch(sha256):
        return Redirect(draft_address(draft))
    try:
        upload = create_upload(visit.account, sha256, size_bytes, visit.ports)
    except Refusal as refused:
        return draft_page(visit, draft, upload_error=_sentence(visit, refused))
    return Shown("upload_offer", {"upload": upload})


def _add(visit: Visit, draft: Draft) -> PageAnswer:
    """What it has sent there."""
    sha256, name = visit.form.get("sha256", ""), visit.form.get("nama", "")
    if not _SHA256.fullmatch(sha256):
        return Redirect(draft_address(draft))
    try:
        after = add_document(visit.account, draft.draft_id, sha256, name, visit.ports, visit.now)
    except Refusal as refused:
        return draft_page(visit, draft, upload_error=_sentence(visit, refused))
    return Redirect(_address_of_new(draft, after))


def _sentence(visit: Visit, refused: MeteraiError) -> str:
    if isinstance(refused, NotFound) or refused.code in MISSING:
        return UPLOAD_GONE.in_language(visit.language)
    if isinstance(refused, NotAPdf):
        return NO_PDF_NO_PHOTO.in_language(visit.language)
    return sentence(refused, visit)


def _address_of_new(before: Draft, after: Draft) -> str:
    """The document's own page; of a file that was there already, or of several, the list."""
    known = {one.sha256 for one in before.documents}
    new = [one.sha256 for one in after.documents if one.sha256 not in known]
    return document_address(after, new[0]) if len(new) == 1 else draft_address(after)
