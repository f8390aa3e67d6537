"""Preview a stamping: how a page will look, before anything is paid. Nothing is stored."""

from collections.abc import Sequence
from typing import Protocol

from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import Preview
from meterai.ports import Documents, Previewer


class PreviewPorts(Protocol):
    @property
    def documents(self) -> Documents: ...
    @property
    def previewer(self) -> Previewer: ...


def preview(
    account: str,
    document: str,
    requests: Sequence[PlacementRequest],
    ports: PreviewPorts,
    *,
    page: int | None,
    dpi: int,
    repair: bool,
) -> Preview:
    """Raises DocumentMissing, DocumentRefused."""
    # 1. Where the document is stored.
    file = ports.documents.locate(account, document)
    # 2. Its page, with the stamps where they will be.
    return ports.previewer(file, requests, page=page, dpi=dpi, repair=repair)
