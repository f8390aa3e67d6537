"""Offer an upload: an address to which exactly this file can be posted, straight to storage."""

from meterai.domain.errors import DocumentTooLarge
from meterai.ports import Documents, Upload


def create_upload(
    account: str, sha256: str, size_bytes: int, *, limit_bytes: int, documents: Documents
) -> Upload:
    """Repeatable: the same file is the same address. Raises DocumentTooLarge."""
    if size_bytes > limit_bytes:
        raise DocumentTooLarge(size_bytes=size_bytes, limit_bytes=limit_bytes)
    return documents.create_upload(account, sha256, size_bytes)
