"""Create an upload: an address to which exactly this file can be posted, straight to storage."""

from typing import Protocol

from meterai.domain.errors import DocumentTooLarge
from meterai.ports import Documents, Upload


class CreateUploadPorts(Protocol):
    @property
    def documents(self) -> Documents: ...
    @property
    def max_document_bytes(self) -> int: ...


def create_upload(account: str, sha256: str, size_bytes: int, ports: CreateUploadPorts) -> Upload:
    """Repeatable: the same file has the same address. Raises DocumentTooLarge."""
    if size_bytes > ports.max_document_bytes:
        raise DocumentTooLarge(size_bytes=size_bytes, limit_bytes=ports.max_document_bytes)
    return ports.documents.create_upload(account, sha256, size_bytes)
