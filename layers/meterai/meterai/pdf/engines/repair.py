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
    FormIsXfa where there is no AcroForm; DocumentEncrypted for a file that may be encrypted, with
    any password or none; DocumentTooComplex.
    """
    if _SIGNED.search(document) or bears(document) is not Bears.NOTHING:
        raise DocumentDamaged(cause="damaged_and_signed")
    if _ENCRYPTED.search(document):
        raise DocumentEncrypted
    check_is_pdf(document)
    return run_sandboxed(lambda: _rewritten(document), budget)


def _rewritten(document: bytes) -> bytes:
    """Saved from the first variant that qpdf can read pages from. Of two readings it keeps the one
    that is shown."""
    ambiguity = _ambiguity(document)
    made = _saved_by_qpdf(document)
    if ambiguity is not None:
        from meterai.pdf.rendering.pictures import show_the_same

        if not show_the_same(document, made):
            raise ambiguity
    return made


def _ambiguity(document: bytes) -> DocumentAmbiguous | None:
    """The key that the document has twice. qpdf and viewers take the last value (poppler, pdfium
    and MuPDF do). Raises DocumentAmbiguous for what each viewer reads in its own way."""
    try:
        open_stampable(document)
    except DocumentAmbiguous as ambiguity:
        if ambiguity.values.get("cause") != "key_twice":
            raise
        return ambiguity
    except MeteraiError:
        pass  # what is to be repaired
    return None


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
    import pikepdf

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
