"""Files in memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from meterai.domain.errors import (
    DocumentHashMismatch,
    DocumentMissing,
    DocumentTooLarge,
    Unavailable,
)
from meterai.domain.id_derivation import DraftId
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai
from meterai.ports import BrowserUpload, Upload
from tests.fakes.in_memory_state import InMemoryState, SentFile, port_call

UPLOAD_WITHIN = timedelta(minutes=15)
BROWSER_UPLOAD_WITHIN = timedelta(hours=2)


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
    def create_browser_upload(self, account: str, draft_id: DraftId, redirect_to: str) -> Upload:
        number = len(self.state.incoming) + 1
        key = f"incoming/{account}/{draft_id}/{number:032x}"
        self.state.incoming[key] = None
        return Upload(
            url="https://documents.example/",
            fields={"key": key, "success_action_redirect": redirect_to},
            expires_at=self.state.now + BROWSER_UPLOAD_WITHIN,
        )

    @port_call
    def find_upload(self, account: str, draft_id: DraftId, key: str) -> BrowserUpload | None:
        prefix = f"incoming/{account}/{draft_id}/"
        key = prefix + key.removeprefix(prefix)  # the last part is enough
        sent = self.state.incoming.get(key)
        if sent is None:
            return None
        return BrowserUpload(key, sent.name, len(sent.content), _sha256(sent.content))

    @port_call
    def read_upload(self, upload: BrowserUpload) -> bytes:
        return self._sent(upload)

    @port_call
    def locate_upload(self, upload: BrowserUpload, sha256: str) -> FileAddress:
        return FileAddress(f"memory:{upload.key}", sha256, self.largest_bytes)

    @port_call
    def keep_upload(self, account: str, upload: BrowserUpload, sha256: str) -> None:
        self.state.documents[account, sha256] = self._sent(upload)

    def _sent(self, upload: BrowserUpload) -> bytes:
        sent = self.state.incoming.get(upload.key)
        if sent is None or _sha256(sent.content) != upload.etag:
            raise Unavailable(party="s3", reason="upload_replaced")
        return sent.content

    @port_call
    def put_document(self, account: str, content: bytes) -> str:
        return self.upload(account, content)

    @port_call
    def size_of(self, account: str, sha256: str) -> int:
        content = self.state.documents.get((account, sha256))
        if content is None:
            raise DocumentMissing(document=sha256)
        return len(content)

    @port_call
    def get(self, account: str, sha256: str) -> bytes:
        return self._checked(self.state.documents.get((account, sha256)), sha256)

    def at(self, file: FileAddress) -> bytes:
        """What is stored there, for those whom the production system hands an address."""
        return self._checked(self.state.content_at(file.url), file.sha256)

    def _checked(self, content: bytes | None, sha256: str) -> bytes:
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

    def send(self, form: Upload, name: str, content: bytes) -> str:
        """A browser's part: the form with a file. Returns where it is led then."""
        key = form.fields["key"]
        self.state.incoming[key] = SentFile(name, content)
        redirect = {"bucket": "documents", "key": key, "etag": f'"{_sha256(content)}"'}
        return f"{form.fields['success_action_redirect']}?{urlencode(redirect)}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
