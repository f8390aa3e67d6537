"""pyHanko's incremental writer, made deterministic and careful with the file that it extends."""

import hashlib
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from meterai.domain.errors import DocumentDamaged, DocumentEncrypted
from meterai.pdf.engines.careful_reader import CarefulReader
from meterai.pdf.structure.objects import HIGHEST_OBJECT_NUMBER, entry
from meterai.pdf.structure.restrictions import refuse_without_permission


class Update(IncrementalPdfFileWriter):
    """An update of `document` that depends on neither time nor randomness.

    The new file identifier is derived from the document and `seed`, which must differ between
    updates of one document. Info and XMP stay as they are: a modification date in only one of them
    would break PDF/A, and the signature has its own time.
    """

    def __init__(self, document: bytes, seed: str) -> None:
        reader = CarefulReader(document)
        if reader.encrypted:
            _open_with_empty_password(reader)
        super().__init__(reader.stream, prev=reader)
        settings: Any = self._encrypt
        if isinstance(settings, generic.DictionaryObject):
            self._encrypt = _DirectSettings(settings)  # type: ignore[assignment, no-untyped-call]
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

    def mark_update(self, obj_ref: generic.Reference | generic.IndirectObject) -> None:
        """Raises DocumentDamaged where pyHanko would spell a name otherwise: it takes names for
        UTF-8, and escapes some characters by one digit."""
        super().mark_update(obj_ref)
        if not _names_survive(obj_ref.get_object()):
            raise DocumentDamaged(cause="name")

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        """Keeps the permanent part of the identifier, or derives one from the document."""
        if prev.encrypted:  # with an older method, the key depends on it
            first = generic.ByteStringObject(prev.document_id[0])
            return generic.ArrayObject([first, first])
        try:
            permanent = prev.trailer["/ID"][0].original_bytes
        except (KeyError, IndexError, TypeError, AttributeError):
            permanent = hashlib.sha256(prev.stream.getbuffer()).digest()[:16]
        kept = generic.ByteStringObject(permanent)
        return generic.ArrayObject([kept, kept])

    def _update_meta(self) -> None:
        """Writes no modification date: see the class."""

    def _write_header(self, stream: BytesIO) -> None:
        """The original bytes, and a line end: the last line is a comment, and the first new object
        must not continue it."""
        original = self.prev.stream.getvalue()
        stream.write(original)
        if not original.endswith((b"\n", b"\r")):
            stream.write(b"\n")


def _names_survive(value: Any) -> bool:
    if isinstance(value, generic.NameObject):
        return value.isascii() and value.isprintable()
    if isinstance(value, generic.DictionaryObject):
        return all(map(_names_survive, value)) and all(map(_names_survive, dict.values(value)))
    return not isinstance(value, generic.ArrayObject) or all(
        map(_names_survive, list.__iter__(value))
    )


class _DirectSettings(generic.DictionaryObject):
    """Encryption settings in the trailer itself. pyHanko compares each object's number with this
    one, to leave the settings as they are."""

    idnum = 0


def _open_with_empty_password(reader: PdfFileReader) -> None:
    """Raises DocumentEncrypted where a password is needed, PermissionDenied where changes are
    forbidden."""
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
