"""Preview a stamping: how a page will look, before anything is paid. Nothing is stored."""

from collections.abc import Sequence

from meterai.domain.examination import Preview
from meterai.domain.wishes import PlacementWish
from meterai.ports import Documents, Previewer


def preview(
    account: str,
    document: str,
    wishes: Sequence[PlacementWish],
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
    return previewer(content, wishes, page=page, dpi=dpi, repair=repair)
