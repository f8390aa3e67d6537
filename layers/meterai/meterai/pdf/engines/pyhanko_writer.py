"""The pyHanko engine: one stamp as an incremental update, written with pyHanko's PDF layer.

From pyHanko this uses the tolerant reader and the incremental writer. Field, appearance and CMS are
our own, so both engines make the same stamp. Importing this module takes half a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject

from meterai.domain.errors import AlreadyStamped
from meterai.pdf.drawing.appearance import draw, in_the_middle
from meterai.pdf.drawing.artwork import artwork
from meterai.pdf.engines.engine import SigningContext
from meterai.pdf.engines.pyhanko_tags import Tagged, add_tags, wants_tags
from meterai.pdf.engines.pyhanko_update import Update
from meterai.pdf.stamp_spec import SERIAL_KEY, StampSpec
from meterai.pdf.structure.empty_fields import FieldToFill, field_to_fill
from meterai.pdf.structure.flags import PRINTED_AND_LOCKED, SIGNATURES_EXIST_APPEND_ONLY
from meterai.pdf.structure.objects import (
    Dictionary,
    dictionary_in,
    entry,
    follow,
    items_in,
    number_in,
    raw,
    reference_key,
)
from meterai.pdf.structure.page_tree import PageNode, page_nodes, stampable_page
from meterai.pdf.structure.restrictions import (
    is_signed,
    refuse_fields_without_form,
    refuse_restricted,
    stamped_serials,
)


class PreparedDocument:
    """See `engine.PreparedDocument`. `digest` writes the update of each stamp."""

    def __init__(
        self, document: bytes, specs: Sequence[StampSpec], context: SigningContext
    ) -> None:
        self._document = document
        self._specs = list(specs)
        self._context = context
        self._reserved_bytes = context.reserved_bytes
        self._art_at: int | None = None
        self._prepared: Prepared | None = None

    def digest(self) -> bytes:
        spec, *later = self._specs
        self._specs = later
        self._prepared = prepare(
            self._document,
            spec,
            later if self._art_at is None else (),
            address=self._context.address(spec),
            at=self._context.at,
            reserved_bytes=self._reserved_bytes,
            art_at=self._art_at,
        )
        self._art_at = self._prepared.art_at
        return self._prepared.digest

    def fill(self, signature_cms: bytes) -> None:
        assert self._prepared is not None
        self._document = self._prepared.filled(signature_cms)

    def finished(self) -> bytes:
        return self._document

    def close(self) -> None:
        """Nothing outlives it."""


@dataclass(frozen=True)
class Prepared:
    """A document that lacks only the signature's value.

    `digest` is the SHA-256 of the signed byte range; `art_at` the first artwork object's number.
    """

    digest: bytes
    art_at: int
    output: BytesIO
    reserved: PreparedByteRangeDigest

    def filled(self, signature_cms: bytes) -> bytes:
        self.reserved.fill_with_cms(self.output, signature_cms)
        return self.output.getvalue()


def prepare(
    document: bytes,
    spec: StampSpec,
    later: Sequence[StampSpec],
    *,
    address: str,
    at: datetime,
    reserved_bytes: int,
    art_at: int | None,
) -> Prepared:
    """Add the stamp's field and appearance. `later`: the specs that follow the first one; in a
    tagged document their fields are added too, empty. `art_at`: the number of the first artwork
    object, where an earlier update added them.

    Raises the refusals of `stamp`, and errors of any kind for what pyHanko cannot read.
    """
    update = Update(document, seed=f"{spec.field_name} {at.isoformat()}")
    catalog = update.root
    refuse_restricted(catalog)
    if spec.serial in stamped_serials(catalog):
        raise AlreadyStamped(serial=spec.serial)
    pages = page_nodes(catalog)
    node = stampable_page(pages, spec.placement)
    refuse_fields_without_form(catalog, [node])

    if not is_signed(catalog):
        for other in pages:
            _give_numbers_to_annotations(update, other)
    art = artwork()
    if art_at is None:
        art_at = update.next_number
        for body in art.bodies(art_at):
            update.add_body(body)
    form = update.add_body(
        draw(art, spec.serial, address, rotation=node.page.rotation, art_at=art_at)
    )
    signature = SignatureObject(
        timestamp=at.astimezone(UTC),
        subfilter=SigSeedSubFilter.PADES,
        name="Meterai",
        location="Indonesia",
        reason=spec.signature_reason,
        bytes_reserved=2 * reserved_bytes,  # counted in hexadecimal digits
    )
    signature[pdf_name(f"/{SERIAL_KEY}")] = pdf_name(f"/{spec.serial}")
    filled = {
        pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): form}),
        pdf_name("/V"): update.add_object(signature),
    }
    tagged = wants_tags(catalog)  # before there is a signature
    added = []
    waiting = _waiting_field(catalog, spec.field_name)
    kept = field_to_fill(catalog, node, spec.placement)
    if kept is not None:
        _list_in_form(update, None)
        filled[pdf_name("/AP")] = _appearance_in(update, kept, form, node, spec)
        follow(kept.written).update(filled)
        update.mark_update(kept.written)
    elif waiting is not None:
        waiting.get_object().update(filled)
        update.mark_update(waiting)
    else:
        added.append(_add_field(update, pages, spec, filled))
    if tagged:
        added.extend(
            _add_field(update, pages, one, {})
            for one in later
            if field_to_fill(catalog, stampable_page(pages, one.placement), one.placement) is None
        )
    if tagged and added:
        add_tags(update, added)
    if update.prev.input_version < (2, 0):
        update.register_extension(ESIC_EXTENSION_1)

    output = BytesIO()
    reserved, _ = next(signature.fill(update, "sha256", output=output))
    return Prepared(reserved.document_digest, art_at, output, reserved)


def _waiting_field(catalog: Dictionary, name: str) -> generic.IndirectObject | None:
    """The empty field that an earlier update added for this stamp."""
    form = dictionary_in(catalog, "/AcroForm") or {}
    for written in items_in(form, "/Fields"):
        field = follow(written)
        if isinstance(field, dict) and entry(field, "/T") == name and "/V" not in field:
            return written if isinstance(written, generic.IndirectObject) else None
    return None


def _appearance_in(
    update: Update, kept: FieldToFill, form: generic.IndirectObject, node: PageNode, spec: StampSpec
) -> generic.DictionaryObject:
    """The stamp in the middle of a field that the document has."""
    square = node.page.rectangle(spec.placement)
    if square != kept.box:
        rotation, side = node.page.rotation, artwork().side
        form = update.add_body(
            in_the_middle(form.idnum, side, rotation=rotation, square=square, field=kept.box)
        )
    return generic.DictionaryObject({pdf_name("/N"): form})


def _add_field(
    update: Update,
    pages: list[PageNode],
    spec: StampSpec,
    filled: Mapping[generic.NameObject, generic.PdfObject],
) -> Tagged:
    """Add the stamp's field to its page and to the form."""
    node = stampable_page(pages, spec.placement)
    label = pdf_string(spec.label)
    field = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/Widget"),
        "/FT": pdf_name("/Sig"),
        "/T": pdf_string(spec.field_name),
        "/TU": label,
        "/Contents": label,
        "/F": generic.NumberObject(PRINTED_AND_LOCKED),
        "/Rect": generic.ArrayObject(map(generic.FloatObject, node.page.rectangle(spec.placement))),
        "/P": node.reference,
    }
    named = {pdf_name(key): value for key, value in field.items()}
    reference = update.add_object(generic.DictionaryObject({**named, **filled}))
    _show_on_page(update, node, pages, reference)
    _list_in_form(update, reference)
    return Tagged(reference, node.reference, label)


def _show_on_page(
    update: Update,
    node: PageNode,
    pages: list[PageNode],
    widget: generic.IndirectObject,
) -> None:
    """Add the widget to the page's annotations, and to no other page's."""
    written = raw(node.dictionary, "/Annots")
    annotations = follow(written)
    shared = reference_key(written) is not None and any(
        reference_key(raw(other.dictionary, "/Annots")) == reference_key(written)
        for other in pages
        if other is not node
    )
    if isinstance(annotations, generic.ArrayObject) and not shared:
        annotations.append(widget)
        update.mark_update(written if reference_key(written) is not None else node.reference)
        return
    own = list(list.__iter__(annotations)) if isinstance(annotations, generic.ArrayObject) else []
    node.dictionary[pdf_name("/Annots")] = generic.ArrayObject([*own, widget])
    update.mark_update(node.reference)


def _give_numbers_to_annotations(update: Update, node: PageNode) -> None:
    """Make the page's annotations objects of their own, as ISO 32000-1, table 30 has them.

    Validators cannot compare others: with a later signature they would call this one changed."""
    written = raw(node.dictionary, "/Annots")
    annotations = follow(written)
    if not isinstance(annotations, generic.ArrayObject):
        return
    for at, annotation in enumerate(list.__iter__(annotations)):
        if isinstance(annotation, generic.DictionaryObject):
            annotations[at] = update.add_object(annotation)
            update.mark_update(written if reference_key(written) is not None else node.reference)


def _list_in_form(update: Update, field: generic.IndirectObject | None) -> None:
    """Add the field to the document's interactive form; create the form where there is none.
    Without a field, only make it one with signatures."""
    catalog = update.root
    signed = is_signed(catalog)
    form = dictionary_in(catalog, "/AcroForm")
    if form is None:
        no_fonts = generic.DictionaryObject({pdf_name("/Font"): generic.DictionaryObject()})
        form = generic.DictionaryObject({pdf_name("/DR"): no_fonts})  # see `update.NO_FONTS`
        catalog[pdf_name("/AcroForm")] = update.add_object(form)
        update.mark_update(update.root_ref)
    elif reference_key(raw(catalog, "/AcroForm")) is not None:
        update.mark_update(raw(catalog, "/AcroForm"))
    else:
        update.mark_update(update.root_ref)

    fields = raw(form, "/Fields")
    listed = follow(fields)
    if field is None:
        pass
    elif not isinstance(listed, generic.ArrayObject):
        form[pdf_name("/Fields")] = generic.ArrayObject([field])
    else:
        listed.append(field)
        if reference_key(fields) is not None:
            update.mark_update(fields)
    if not signed:  # else validators count it as a change of what was signed
        flags = int(number_in(form, "/SigFlags") or 0) | SIGNATURES_EXIST_APPEND_ONLY
        form[pdf_name("/SigFlags")] = generic.NumberObject(flags)
    if "/NeedAppearances" in form:
        del form["/NeedAppearances"]  # with it poppler redraws fields, and drops the stamp
