"""pyHanko's incremental writer, made deterministic and careful with the file that it extends."""

import hashlib
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from meterai.domain.errors import DocumentDamaged, DocumentEncrypted
from meterai.pdf.preflight.restrictions import refuse_without_permission
from meterai.pdf.structure.objects import entry

HIGHEST_OBJECT_NUMBER = 4_000_000  # pdfium reads no higher


class Update(IncrementalPdfFileWriter):
    """An update of `document` in which nothing depends on clock or chance.

    `seed` tells updates of the same document apart: with the document it gives the new file
    identifier. Info and XMP stay as they are: a date of modification in one and not in the other
    would break PDF/A, and the signature says when it was made.
    """

    def __init__(self, document: bytes, seed: str) -> None:
        reader = PdfFileReader(BytesIO(document), strict=False)
        if reader.encrypted:
            _open_with_empty_password(reader)
        super().__init__(reader.stream, prev=reader)
        identifier = hashlib.sha256(hashlib.sha256(document).digest() + seed.encode()).digest()
        self._document_id = generic.ArrayObject(
            [self._document_id[0], generic.ByteStringObject(identifier[:16])]
        )
        self._lastobj_id = _highest_number(reader)

    @property
    def next_number(self) -> int:
        """The number that the next added object gets."""
        return self._lastobj_id + 1

    def add_body(self, body: bytes) -> generic.IndirectObject:
        """Add an object given in PDF syntax, as it stands between `obj` and `endobj`."""
        container = generic.Reference(self.next_number, 0, self.prev)
        return self.add_object(generic.read_object(BytesIO(body), container))

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        """The permanent part of the identifier is kept; where there is none, one is derived."""
        try:
            permanent = prev.trailer["/ID"][0].original_bytes
        except (KeyError, IndexError, TypeError, AttributeError):
            permanent = hashlib.sha256(prev.stream.getbuffer()).digest()[:16]
        kept = generic.ByteStringObject(permanent)
        return generic.ArrayObject([kept, kept])

    def _update_meta(self) -> None:
        """No date of modification: see the class."""

    def _write_header(self, stream: BytesIO) -> None:
        """The original bytes; a first object must not continue its last line, a comment."""
        original = self.prev.stream.getvalue()
        stream.write(original)
        if not original.endswith((b"\n", b"\r")):
            stream.write(b"\n")


def _open_with_empty_password(reader: PdfFileReader) -> None:
    """Raises DocumentEncrypted, or PermissionDenied where it opens but may not be changed."""
    if not isinstance(reader.security_handler, StandardSecurityHandler):
        raise DocumentEncrypted
    status = reader.decrypt("").status
    if status == AuthStatus.FAILED:
        raise DocumentEncrypted
    if status == AuthStatus.USER:
        refuse_without_permission(int(entry(reader.encrypt_dict or {}, "/P")))


def _highest_number(reader: PdfFileReader) -> int:
    """The highest object number in use: the trailer's /Size cannot be trusted to be above it."""
    listed = (
        reference.idnum
        for revision in range(reader.total_revisions)
        for reference in reader.xrefs.explicit_refs_in_revision(revision)
    )
    highest = max(int(reader.trailer["/Size"]) - 1, *listed)
    if highest > HIGHEST_OBJECT_NUMBER:
        raise DocumentDamaged(cause="object_numbers", highest=highest)
    return highest
