"""pyHanko's tolerant reader, made to refuse what it would resolve in silence.

Of a key that a dictionary has twice, pyHanko keeps the first value, and viewers show the last. Of
an object that one table lists twice, or that is there in two generations, each reader finds
another. Reading such a file through here raises DocumentAmbiguous. Twice the same is no ambiguity.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import ContentOpReading
from pyhanko.pdf_utils.misc import PdfReadError, read_non_whitespace
from pyhanko.pdf_utils.xref import (
    XRefEntry,
    XRefSection,
    XRefSectionType,
    XRefType,
    parse_xref_stream,
    parse_xref_table,
    read_object_header,
)

from meterai.domain.errors import DocumentAmbiguous, DocumentDamaged
from meterai.pdf.engines.encryption import Reader

HIGHEST_GENERATION = 65_535  # ISO 32000-1, 7.5.4


class CarefulReader(Reader):
    """Raises DocumentAmbiguous, here and whenever an object is read."""

    def __init__(self, document: bytes) -> None:
        self._numbers: dict[int, list[int]] = {}
        self._freed: set[int] = set()  # objects that the newest section which lists them frees
        super().__init__(document)
        self._refuse_contradicting_lists()

    def _read_object(self, ref: Any, marker: Any, *args: Any, **options: Any) -> Any:
        """Where an object was freed with a number that pyHanko does not expect, it finds the older
        one, and other readers find none."""
        if marker is not None and ref.idnum in self._freed:
            raise DocumentAmbiguous(cause="object_in_two_generations", object=ref.idnum)
        return super()._read_object(ref, marker, *args, **options)

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        """Where its place says another object, some readers find none and some find this one."""
        numbers = self._numbers_in(stmnum)
        if numbers.count(idnum) > 1:
            raise DocumentAmbiguous(cause="object_listed_twice", object=idnum)
        if not (0 <= idx < len(numbers) and numbers[idx] == idnum):
            raise DocumentDamaged(cause="object_stream", object=idnum)
        return super()._get_object_from_stream(idnum, stmnum, idx)  # type: ignore[no-untyped-call]

    def _numbers_in(self, object_stream: int) -> list[int]:
        """The numbers of the objects in an object stream, in order (ISO 32000-1, 7.5.7)."""
        if object_stream not in self._numbers:
            stream: Any = generic.Reference(object_stream, 0, self).get_object()
            words = stream.read_data(DecodePurpose.OBJECT_STREAM)[: stream["/First"]].split()
            self._numbers[object_stream] = [int(word) for word in words[: 2 * stream["/N"] : 2]]
        return self._numbers[object_stream]

    def _refuse_contradicting_lists(self) -> None:
        """Within one section an object is listed once, and in one generation at a time."""
        generations: dict[int, int] = {}  # of the object as it was left by the revisions so far
        for revision in range(self.total_revisions):
            section = XRefSection(
                self.xrefs.get_xref_container_info(revision), self.xrefs.get_xref_data(revision)
            )
            listed: dict[int, XRefEntry] = {}
            for entry in _entries(self, section):
                earlier = listed.setdefault(entry.idnum, entry)
                if earlier != entry:
                    raise DocumentAmbiguous(cause="object_listed_twice", object=entry.idnum)
            _refuse_two_generations(listed.values(), generations)
            self._note_freed(listed.values())
            if section.xref_data.hybrid is not None:
                hidden = list(_entries(self, section.xref_data.hybrid))
                self._note_freed(hidden)
                for entry in hidden:
                    shown = listed.get(entry.idnum, entry)
                    if XRefType.FREE not in (shown.xref_type, entry.xref_type) and shown != entry:
                        raise DocumentAmbiguous(cause="object_listed_twice", object=entry.idnum)

    def _note_freed(self, entries: Iterable[XRefEntry]) -> None:
        for entry in entries:
            if entry.xref_type is XRefType.FREE:
                self._freed.add(entry.idnum)
            else:
                self._freed.discard(entry.idnum)


def _entries(reader: CarefulReader, section: XRefSection) -> Iterator[XRefEntry]:
    """The section's entries as they are written, but for object 0, which is never in use and often
    has a wrong generation."""
    info = section.meta_info
    reader.stream.seek(info.start_location)
    entries: Iterable[XRefEntry]
    if info.xref_section_type in (XRefSectionType.STANDARD, XRefSectionType.HYBRID_MAIN):
        entries = parse_xref_table(reader.stream, strict=False)
    else:
        number, generation = read_object_header(reader.stream, strict=False)
        container = generic.Reference(number, generation, reader)
        entries = parse_xref_stream(
            generic.StreamObject.read_from_stream(reader.stream, container), strict=False
        )
    for entry in entries:
        in_use = entry.xref_type is not XRefType.FREE
        if entry.idnum and in_use and entry.generation > HIGHEST_GENERATION:
            # For pyHanko there is no such object, for some readers there is
            raise DocumentAmbiguous(cause="object_in_two_generations", object=entry.idnum)
        if entry.idnum:
            yield entry


def _refuse_two_generations(entries: Iterable[XRefEntry], generations: dict[int, int]) -> None:
    """An object gets another generation only after it was freed (ISO 32000-1, 7.3.10, 7.5.4)."""
    for entry in entries:
        if entry.xref_type is XRefType.FREE:
            generations.pop(entry.idnum, None)
        elif generations.setdefault(entry.idnum, entry.generation) != entry.generation:
            raise DocumentAmbiguous(cause="object_in_two_generations", object=entry.idnum)


_tolerantly = generic.DictionaryObject.read_from_stream


def _read_dictionary(
    stream: Any,
    container_ref: Any,
    as_metadata_stream: bool = False,  # noqa: FBT001, FBT002 - as pyHanko calls it
    in_content_stream: ContentOpReading = ContentOpReading.NO,
) -> Any:
    """pyHanko's own for its other readers; a careful reader compares the values of each key."""
    reader = container_ref.get_pdf_handler()
    if not isinstance(reader, CarefulReader) or in_content_stream is not ContentOpReading.NO:
        return _tolerantly(stream, container_ref, as_metadata_stream, in_content_stream)
    if stream.read(2) != b"<<":
        raise PdfReadError("no dictionary")
    entries: dict[generic.NameObject, Any] = {}
    while read_non_whitespace(stream, seek_back=True) != b">":
        key = generic.NameObject.read_from_stream(stream)  # type: ignore[no-untyped-call]
        read_non_whitespace(stream, seek_back=True)
        value = generic.read_object(stream, container_ref)
        earlier = entries.setdefault(key, value)
        if earlier is not value and _written(earlier) != _written(value):
            cause = "key_twice" if type(earlier) is type(value) else "key_of_two_kinds"
            raise DocumentAmbiguous(cause=cause, key=str(key))
    stream.read(2)
    data = generic._maybe_read_stream_payload(stream, entries, reader)  # noqa: SLF001
    if data is None:
        return generic.DictionaryObject(entries)
    if as_metadata_stream:
        from pyhanko.pdf_utils.metadata.xmp_xml import MetadataStream

        return MetadataStream(entries, encoded_data=data)
    return generic.StreamObject(entries, encoded_data=data)


def _written(value: Any) -> bytes:
    made = BytesIO()
    value.write_to_stream(made)
    return made.getvalue()


# pyHanko calls it by this name from within, and offers no other place to step in.
generic.DictionaryObject.read_from_stream = staticmethod(  # type: ignore[method-assign]
    _read_dictionary
)
