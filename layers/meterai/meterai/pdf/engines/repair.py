"""Repair of a document that no engine handles: qpdf recovers what it can and rewrites the file.

The original bytes are then no longer a prefix of the stamped file. So a repair is done only on
request, only on files that are neither signed nor encrypted, and the result says so.
"""

import re
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from meterai.domain.errors import (
    DocumentAmbiguous,
    DocumentDamaged,
    DocumentEncrypted,
    FieldsNotDrawn,
    FormIsXfa,
    MeteraiError,
)
from meterai.pdf.engines.opening import open_stampable
from meterai.pdf.parser_errors import check_is_pdf
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.signature_traces import Bears, bears

if TYPE_CHECKING:
    from pikepdf import Page, Pdf

# Also usage rights, which a rewritten file would break. These names and a trailer are never in an
# object stream. A match that may be neither still counts.
_SIGNED = re.compile(rb"/ByteRange\b")
_ENCRYPTED = re.compile(rb"/Encrypt\b|/Filter\s*/Standard\b")

_OBJECT = re.compile(rb"\d{1,10} \d{1,5} obj\b")


def repaired(document: bytes, budget: ResourceBudget) -> bytes:
    """The same pages and fields in a valid file; the same input gives the same bytes.

    Of a form with both AcroForm and XFA the AcroForm is kept: nearly all readers show that one.

    Raises NotAPdf; DocumentTooLarge; DocumentDamaged, also for a damaged file that may be signed;
    DocumentAmbiguous where viewers may differ, or would show something else once it is repaired;
    FieldsNotDrawn where a form's values cannot be drawn; FormIsXfa where there is no AcroForm;
    DocumentEncrypted for a file that may be encrypted, with any password or none;
    DocumentTooComplex.
    """
    if _SIGNED.search(document) or bears(document) is not Bears.NOTHING:
        raise DocumentDamaged(cause="damaged_and_signed")
    if _ENCRYPTED.search(document):
        raise DocumentEncrypted
    check_is_pdf(document)
    return run_sandboxed(lambda: _rewritten(document), budget)


def _rewritten(document: bytes) -> bytes:
    """Saved from the first variant that qpdf can read pages from. What is shown stays: of two
    readings the one that viewers have, of form fields their values."""
    refused = _shown_differently(document)
    made = _saved_by_qpdf(document)
    if isinstance(refused, FieldsNotDrawn):
        from meterai.pdf.rendering.drawn_fields import with_drawn_fields

        made = _with_appearances_of(with_drawn_fields(made), made)
    from meterai.pdf.rendering.pictures import show_the_same, shows_what_was_shown

    if refused is not None and not show_the_same(document, made):
        raise refused
    if refused is None and not shows_what_was_shown(document, made):
        raise DocumentDamaged(cause="beyond_repair")
    return made


def _shown_differently(document: bytes) -> DocumentAmbiguous | FieldsNotDrawn | None:
    """Of a doubled key qpdf and viewers take the last value (poppler, pdfium and MuPDF do). Raises
    DocumentAmbiguous for what each viewer reads in its own way."""
    try:
        open_stampable(document)
    except DocumentAmbiguous as ambiguity:
        if ambiguity.values.get("cause") != "key_twice":
            raise
        return ambiguity
    except FieldsNotDrawn as undrawn:
        return undrawn
    except MeteraiError:
        pass  # what is to be repaired
    return None


def _with_appearances_of(drawn: bytes, document: bytes) -> bytes:
    """The fields get the appearances that they have in the copy `drawn`, so that readers need not
    draw them. Raises FieldsNotDrawn where one still does not show its value."""
    import pikepdf

    with pikepdf.open(BytesIO(drawn)) as copy, pikepdf.open(BytesIO(document)) as opened:
        for page, page_copy in zip(opened.pages, copy.pages, strict=True):
            for annotation, annotation_copy in zip(
                page.get("/Annots", []), page_copy.get("/Annots", []), strict=True
            ):
                if annotation.get("/Subtype") == "/Widget" and "/AP" in annotation_copy:
                    appearances = copy.make_indirect(annotation_copy["/AP"])
                    annotation["/AP"] = opened.copy_foreign(appearances)
        open_stampable(_written(opened))
        del opened.Root["/AcroForm"]["/NeedAppearances"]
        return _written(opened)


def _saved_by_qpdf(document: bytes) -> bytes:
    import pikepdf  # a tenth of a second, and only damaged files need it

    warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # of fields that no form lists
    for variant in _variants(document):
        try:
            return _saved(pikepdf.open(BytesIO(variant)))
        except pikepdf.PasswordError as error:
            raise DocumentEncrypted from error
        except (
            DocumentDamaged,
            pikepdf.PdfError,
            RuntimeError,
            ValueError,
            TypeError,
            LookupError,
        ):
            continue
    raise DocumentDamaged(cause="beyond_repair")


def _variants(document: bytes) -> Iterator[bytes]:
    """The file as it is; ending with a reference to its last or its first cross-references; without
    any, so that qpdf searches for all objects."""
    yield document
    for at in sorted({*_sections(document)}, reverse=True):
        yield document + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at
    yield document.replace(b"startxref", b"startnone")


def _sections(document: bytes) -> Iterator[int]:
    """Where the first and the last cross-references begin, of either kind."""
    for find in (document.find, document.rfind):
        if (table := find(b"\nxref")) >= 0:
            yield table + 1
        if (stream := find(b"/XRef")) >= 0:
            headers = list(_OBJECT.finditer(document, max(0, stream - 400), stream))
            yield from (header.start() for header in headers[-1:])


def _saved(opened: "Pdf") -> bytes:
    with opened:
        if opened.is_encrypted:
            raise DocumentEncrypted
        if not len(opened.pages):
            raise DocumentDamaged(cause="no_pages")
        _drop_xfa(opened)
        # To add a page qpdf rebuilds the page tree: flat, each page an object of its own.
        opened.Root["/Pages"]["/Count"] = len(opened.pages)
        opened.add_blank_page()
        del opened.pages[-1]
        for page in opened.pages:
            _make_visible(page)
        return _written(opened)


def _written(opened: "Pdf") -> bytes:
    import pikepdf

    opened.trailer["/Size"] = 0  # qpdf writes the right one, but none where none was found
    made = BytesIO()
    opened.save(
        made,
        deterministic_id=True,
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
    )
    return made.getvalue()


def _make_visible(page: "Page") -> None:
    """Drop what readers show differently: a rotation that is no multiple of 90, a crop box outside
    the page, and contents or annotations of the wrong type."""
    from pikepdf import Array, Stream

    contents = page.get("/Contents", Array())
    parts = list(contents) if isinstance(contents, Array) else [contents]
    if not all(isinstance(part, Stream) for part in parts):
        del page["/Contents"]
    if not isinstance(page.get("/Annots", Array()), Array):
        del page["/Annots"]
    if page.get("/Rotate", 0) % 90:
        del page["/Rotate"]
    if "/CropBox" in page:
        left, bottom, right, top = map(float, page.mediabox)
        x1, y1, x2, y2 = map(float, page.cropbox)
        beside = max(x1, x2) <= min(left, right) or min(x1, x2) >= max(left, right)
        above = max(y1, y2) <= min(bottom, top) or min(y1, y2) >= max(bottom, top)
        if beside or above:
            del page["/CropBox"]


def _drop_xfa(opened: "Pdf") -> None:
    """Raises FormIsXfa where the pages are only a placeholder (ISO 32000-2, 12.7.8.4)."""
    form = opened.Root.get("/AcroForm")
    if form is None or "/XFA" not in form:
        return
    if opened.Root.get("/NeedsRendering") or not len(form.get("/Fields", [])):
        raise FormIsXfa
    del form["/XFA"]
