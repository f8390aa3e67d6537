"""Writes one revision for each stamp; all are complete before the first is signed.

The size of a signature is known, so all offsets are. Only the digests and the signatures' values
follow one after the other. The document is hashed once, and copied once, at the end.
"""

import hashlib
from binascii import hexlify
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from meterai.domain.errors import AlreadyStamped, DocumentDamaged
from meterai.domain.stamping.placement import Rectangle
from meterai.domain.stamping.serials import Serial
from meterai.pdf.drawing.appearance import draw, in_the_middle
from meterai.pdf.drawing.artwork import Artwork, artwork
from meterai.pdf.engines.engine import SigningContext, Unsupported
from meterai.pdf.engines.incremental.document import Document
from meterai.pdf.engines.incremental.field import signature_before_contents, string, widget
from meterai.pdf.engines.incremental.pages import Pages, all_pages
from meterai.pdf.engines.incremental.revision import Revision, permanent_identifier
from meterai.pdf.engines.incremental.syntax import Dictionary
from meterai.pdf.engines.incremental.tags import Tag, add_tags, wants_tags
from meterai.pdf.engines.incremental.update import (
    Changes,
    declare_extension,
    list_in_form,
    show_on_page,
)
from meterai.pdf.stamp_spec import StampSpec
from meterai.pdf.structure.empty_fields import FieldToFill, field_to_fill
from meterai.pdf.structure.page_tree import PageNode
from meterai.pdf.structure.pages import Page
from meterai.pdf.structure.restrictions import (
    refuse_fields_without_form,
    refuse_restricted,
    stamped_serials,
)

UNREAD = frozenset(
    {
        "/Contents",
        "/DR",
        "/Group",
        "/MarkInfo",
        "/Names",
        "/OpenAction",
        "/OutputIntents",
        "/PageLabels",
        "/Resources",
        "/ViewerPreferences",
    }
)
"""Entries of catalogs, forms and pages that stamps do not depend on: copied, not parsed."""


class PreparedDocument:
    """See `engine.PreparedDocument`."""

    def __init__(self, document: bytes, hashed: "hashlib._Hash", revisions: list[Revision]) -> None:
        self._document = document
        self._hashed = hashed  # everything before the current revision
        self._revisions = revisions
        self._at = 0

    def digest(self) -> bytes:
        revision = self._revisions[self._at]
        before, after = revision.contents
        tail = memoryview(revision.tail)
        covered = self._hashed.copy()
        covered.update(tail[:before])
        covered.update(tail[after:])
        return covered.digest()

    def fill(self, signature_cms: bytes) -> None:
        revision = self._revisions[self._at]
        before, after = revision.contents
        space = after - before - 2
        value = hexlify(signature_cms).ljust(space, b"0")  # a token may be smaller
        assert len(value) == space
        revision.tail[before + 1 : after - 1] = value
        self._at += 1
        if self._at < len(self._revisions):
            self._hashed.update(revision.tail)

    def finished(self) -> bytes:
        tails = [revision.tail for revision in self._revisions[: self._at]]
        return b"".join((self._document, *tails))

    def close(self) -> None:
        """Nothing outlives it."""


def prepare(data: bytes, specs: Sequence[StampSpec], context: SigningContext) -> PreparedDocument:
    """See `engine.Engine`. Raises Unsupported, and the refusals of `stamp` but DocumentDamaged."""
    try:
        document = Document(data, unread=UNREAD)
        catalog = document.catalog
        refuse_restricted(catalog)
        stamped = set(stamped_serials(catalog))
        for spec in specs:
            if spec.serial in stamped:
                raise AlreadyStamped(serial=spec.serial)
            stamped.add(spec.serial)
        pages = all_pages(document)
        writer = _Writer(document, pages, context, specs)
        revisions = [writer.revision(spec) for spec in specs]
        document.close()
    except DocumentDamaged as damage:
        raise Unsupported("damaged") from damage
    return PreparedDocument(data, writer.hashed, revisions)


class _TaggedField(NamedTuple):
    """Object number, and key in the parent tree."""

    number: int
    key: int


class _Place(NamedTuple):
    """A stamp's page, and its box in the page's user space."""

    page_index: int
    node: PageNode
    page: Page
    rectangle: Rectangle


class _Writer:
    """The state that carries over from one revision to the next."""

    def __init__(
        self, document: Document, pages: Pages, context: SigningContext, specs: Sequence[StampSpec]
    ) -> None:
        self.hashed = hashlib.sha256(document.data)
        self._document = document
        self._pages = pages
        self._context = context
        self._specs = specs
        self._tagged: dict[Serial, _TaggedField] = {}
        self._reserved_bytes = context.reserved_bytes
        self._art: Artwork = artwork()
        self._art_at: int | None = None
        self._end = len(document.data)
        self._cross_references_at = document.chain.start
        self._changing_identifier = self.hashed.digest()
        self._permanent_identifier = permanent_identifier(document)
        if self._permanent_identifier is None:
            self._permanent_identifier = self._changing_identifier[:16]

    def revision(self, spec: StampSpec) -> Revision:
        """The revision of one stamp; also applies it to the document."""
        document, context = self._document, self._context
        place = self._place(spec)
        needs_line = self._end == len(document.data) and not document.data.endswith((b"\n", b"\r"))
        revision = Revision(self._end, needs_line=needs_line)
        changes = Changes(document)
        if self._art_at is None:
            if wants_tags(document):
                self._add_tagged_fields(changes, revision)
            self._art_at = document.next_number
            objects, starts = self._art.written(self._art_at)
            revision.add_written(self._art_at, objects, starts)
            document.next_number += len(starts)
        appearance, signature = document.next_number, document.next_number + 1
        document.next_number += 2
        revision.add(
            appearance,
            draw(
                self._art,
                spec.serial,
                context.address(spec),
                rotation=place.page.rotation,
                art_at=self._art_at,
            ),
        )
        revision.add_signature(
            signature, signature_before_contents(spec, context.at), self._reserved_bytes
        )
        kept = field_to_fill(document.catalog, place.node, spec.placement)
        if kept is not None:
            self._fill(changes, revision, kept, appearance, signature, place)
        else:
            tagged = self._tagged.get(spec.serial)
            if tagged is None:
                field, key = document.next_number, None
                document.next_number += 1
                self._show_and_list(changes, revision, {place.page_index: [field]})
            else:
                field, key = tagged
            body = widget(
                spec,
                place.rectangle,
                page=self._pages.numbers[place.page_index],
                form=appearance,
                signature=signature,
                tag=key,
            )
            revision.add(field, body)
        declare_extension(changes, document)
        for number, body in changes.bodies().items():
            revision.add(number, body)
            document.replace(number, body)

        self._cross_references_at = revision.close(
            document,
            size=document.next_number,
            previous=self._cross_references_at,
            identifier=self._next_identifier(spec, context.at),
        )
        if document.chain.has_streams:
            document.next_number += 1  # of the cross-reference stream itself
        self._end = revision.end
        return revision

    def _place(self, spec: StampSpec) -> _Place:
        index = spec.placement.page_index(len(self._pages.numbers))
        node = self._pages.node(self._document, index)
        refuse_fields_without_form(self._document.catalog, [node])
        page = node.page
        return _Place(index, node, page, page.rectangle(spec.placement))

    def _fill(
        self,
        changes: Changes,
        revision: Revision,
        kept: FieldToFill,
        appearance: int,
        signature: int,
        place: _Place,
    ) -> None:
        """Make the stamp the signature of a field that the document has."""
        document, dictionary = self._document, kept.dictionary
        if kept.box != place.rectangle:
            stamp, appearance = appearance, document.next_number
            document.next_number += 1
            body = in_the_middle(
                stamp,
                self._art.side,
                rotation=place.page.rotation,
                square=place.rectangle,
                field=kept.box,
            )
            revision.add(appearance, body)
        assert isinstance(dictionary, Dictionary)
        edits = changes.of(kept.written.idnum)
        edits.put(dictionary, "/AP", b"<</N %d 0 R>>" % appearance)
        edits.put(dictionary, "/V", b"%d 0 R" % signature)
        list_in_form(changes, document, (), 0)

    def _show_and_list(
        self, changes: Changes, revision: Revision, fields: Mapping[int, Sequence[int]]
    ) -> None:
        """Add the fields, by the page's index, to their pages and to the form."""
        document = self._document
        for index, numbers in fields.items():
            show_on_page(changes, document, self._pages, index, numbers)
        form = document.next_number
        every = [number for numbers in fields.values() for number in numbers]
        new_form = list_in_form(changes, document, every, form)
        if new_form is not None:
            document.next_number += 1
            revision.add(form, new_form)
            document.replace(form, new_form)

    def _add_tagged_fields(self, changes: Changes, revision: Revision) -> None:
        """The fields of all stamps, tagged; the later ones are empty until their revision."""
        document = self._document
        added = [
            (spec, place)
            for spec, place in zip(self._specs, map(self._place, self._specs), strict=True)
            if field_to_fill(document.catalog, place.node, spec.placement) is None
        ]
        if not added:
            return
        fields: dict[int, list[int]] = {}
        tags = []
        for spec, place in added:
            number, element = document.next_number, document.next_number + 1
            document.next_number += 2
            fields.setdefault(place.page_index, []).append(number)
            tags.append(
                Tag(number, self._pages.numbers[place.page_index], element, string(spec.label))
            )
        keys = add_tags(changes, document, revision, tags)
        self._show_and_list(changes, revision, fields)
        for (spec, place), tag, key in zip(added, tags, keys, strict=True):
            self._tagged[spec.serial] = _TaggedField(tag.widget, key)
            if spec is not self._specs[0]:
                revision.add(tag.widget, widget(spec, place.rectangle, page=tag.page, tag=key))

    def _next_identifier(self, spec: StampSpec, at: datetime) -> tuple[bytes, bytes]:
        """The permanent half, and one that is unique to this revision (14.4)."""
        seed = f"{spec.field_name} {at.isoformat()}".encode("ascii")
        self._changing_identifier = hashlib.sha256(self._changing_identifier + seed).digest()
        assert self._permanent_identifier is not None
        return self._permanent_identifier, self._changing_identifier[:16]
