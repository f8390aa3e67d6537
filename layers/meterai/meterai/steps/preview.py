"""Preview a stamping: how a page will look, before anything is paid. Nothing is stored."""

from collections.abc import Sequence

from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import Preview
from meterai.ports import Documents, Previewer


def preview(
    account: str,
    document: str,
    requests: Sequence[PlacementRequest],
    *,
    page: int | None,
    dpi: int,
    repair: bool,
    documents: Documents,
    previewer: Previewer,
) -> Preview:
    """Raises DocumentMissing, DocumentRefused."""
    # 1. The document, as it is stored.
    content = documents.get(account, document)
    # 2. Its page, with the stamps where they will stand.
    return previewer(content, requests, page=page, dpi=dpi, repair=repair)
