"""Files in memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from meterai.domain.errors import DocumentHashMismatch, DocumentMissing, DocumentTooLarge
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai
from meterai.ports import Upload
from tests.fakes.in_memory_state import InMemoryState, port_call

UPLOAD_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True)
class MemoryDocuments:
    """The port; `upload` is the client's own part."""

    state: InMemoryState
    largest_bytes: int = 20_000_000

    @port_call
    def create_upload(self, account: str, sha256: str, size_bytes: int) -> Upload:
        return Upload(
            url=f"https://documents.example/{account}",
            fields={"key": sha256, "size": str(size_bytes)},
            expires_at=self.state.now + UPLOAD_WITHIN,
        )

    @port_call
    def get(self, account: str, sha256: str) -> bytes:
        return self._content(account, sha256)

    def at(self, file: FileAddress) -> bytes:
        """What is stored there, for those whom the production system hands an address."""
        account, _, sha256 = file.url.removeprefix("memory:").partition("/")
        return self._content(account, sha256)

    def _content(self, account: str, sha256: str) -> bytes:
        content = self.state.documents.get((account, sha256))
        if content is None:
            raise DocumentMissing(document=sha256)
        if len(content) > self.largest_bytes:
            raise DocumentTooLarge(size_bytes=len(content), limit_bytes=self.largest_bytes)
        if _sha256(content) != sha256:
            raise DocumentHashMismatch(document=sha256)
        return content

    @port_call
    def locate(self, account: str, sha256: str) -> FileAddress:
        return FileAddress(f"memory:{account}/{sha256}", sha256, self.largest_bytes)

    @port_call
    def put_stamped(self, stamping: Sequence[EMeterai], content: bytes) -> Output:
        return Output.of(self.state.stamped.setdefault(stamping[0].stamping, content))

    @port_call
    def stamped_output(self, emeterai: EMeterai) -> Output | None:
        content = self.state.stamped.get(emeterai.stamping)
        return None if content is None else Output.of(content)

    @port_call
    def get_stamped(self, emeterai: EMeterai) -> bytes:
        content = self.state.stamped.get(emeterai.stamping)
        if content is None:
            raise DocumentMissing(document=emeterai.outputs[0].sha256)
        if _sha256(content) != emeterai.outputs[0].sha256:
            raise DocumentHashMismatch(document=emeterai.outputs[0].sha256)
        return content

    @port_call
    def put_augmented(self, emeterai: EMeterai, content: bytes) -> Output:
        return Output.of(self.state.augmented.setdefault(emeterai.stamping, content))

    @port_call
    def augmented_url(self, emeterai: EMeterai) -> str:
        return f"https://documents.example/preserved/{emeterai.stamping}.pdf"

    @port_call
    def download_url(self, emeterai: EMeterai) -> str:
        return f"https://documents.example/stamped/{emeterai.stamping}.pdf"

    @port_call
    def fetch(self, file: FileAddress) -> bytes:
        """`ports.FileTransfer`, of which this is the other half."""
        return self.at(file)

    @port_call
    def put(self, url: str, content: bytes) -> None:
        self.state.put_by_address[url] = content

    def upload(self, account: str, content: bytes) -> str:
        """A client's upload; returns the SHA-256."""
        sha256 = _sha256(content)
        self.state.documents[account, sha256] = content
        return sha256


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
