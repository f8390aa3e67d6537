"""The changes that a stamp makes to page, annotations, form and catalog (12.5.2, 12.7.2)."""

from collections.abc import Sequence

from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.document import Document
from meterai.pdf.engines.incremental.edits import Edits
from meterai.pdf.engines.incremental.pages import Pages, shares_annotations
from meterai.pdf.engines.incremental.syntax import Array, Dictionary, Reference
from meterai.pdf.structure.flags import SIGNATURES_EXIST_APPEND_ONLY
from meterai.pdf.structure.restrictions import is_signed

NO_FONTS = b"/DR<</Font<<>>>>"
"""In a form of ours: beside a form without this, pdfium draws no free-text note that lacks an
appearance (`GenerateFreeTextAP` in core/fpdfdoc/cpdf_generateap.cpp); without any form it does."""
_ESIC = b"/ESIC<</Type/DeveloperExtensions/BaseVersion/1.7/ExtensionLevel 1>>"


class Changes:
    """The edits of one revision, by object number."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._edits: dict[int, Edits] = {}

    def of(self, number: int) -> Edits:
        known = self._edits.get(number)
        if known is None:
            known = self._edits[number] = Edits(
                self._document.placed(number), self._document.said_again
            )
        return known

    def bodies(self) -> dict[int, bytes]:
        return {number: edits.body() for number, edits in self._edits.items() if edits}


def show_on_page(
    changes: Changes, document: Document, pages: Pages, index: int, widgets: Sequence[int]
) -> None:
    """Add the widgets to the page's annotations, and to no other page's."""
    number = pages.numbers[index]
    page = document.value(number)
    written = page.get("/Annots")
    annotations = document.value(written.idnum) if isinstance(written, Reference) else written
    items = _references(widgets)
    if annotations is None:
        changes.of(number).put(page, "/Annots", b"[%b]" % items)
        return
    if not isinstance(annotations, Array):
        raise Unsupported("annotations")
    if not all(isinstance(one, Reference) for one in annotations):
        raise Unsupported("direct annotations")
    if isinstance(written, Reference):
        others = (other for other in pages.numbers if other != number)
        if shares_annotations(document, others, written.idnum):
            raise Unsupported("shared annotations")
        changes.of(written.idnum).append(annotations, items)
    else:
        changes.of(number).append(annotations, items)


def list_in_form(
    changes: Changes, document: Document, fields: Sequence[int], new_form: int
) -> bytes | None:
    """Add the fields to the interactive form; without any, only make it one with signatures.
    Returns the form object where it must be created.

    Form keys that an earlier signature covers stay as they are: validators count a change of
    /SigFlags as a change of the document."""
    catalog = document.catalog
    root = document.root_number
    written = catalog.get("/AcroForm")
    form = document.value(written.idnum) if isinstance(written, Reference) else written
    items = _references(fields)
    if form is None:
        changes.of(root).put(catalog, "/AcroForm", b"%d 0 R" % new_form)
        return b"<</Fields[%b]/SigFlags %d%b>>" % (items, SIGNATURES_EXIST_APPEND_ONLY, NO_FONTS)
    if not isinstance(form, Dictionary):
        raise Unsupported("form")
    edits = changes.of(written.idnum if isinstance(written, Reference) else root)
    if fields:
        _append_to_fields(changes, document, form, edits, items)
    flags = form.get("/SigFlags", 0)
    if type(flags) is not int or flags < 0:
        raise Unsupported("signature flags")
    lacking = flags | SIGNATURES_EXIST_APPEND_ONLY != flags
    if lacking and not is_signed(catalog):
        edits.put(form, "/SigFlags", b"%d" % (flags | SIGNATURES_EXIST_APPEND_ONLY))
    if "/NeedAppearances" in form:
        edits.remove(form, "/NeedAppearances")  # poppler would redraw fields, and drop the stamp
    return None


def _references(numbers: Sequence[int]) -> bytes:
    return b" ".join([b"%d 0 R" % number for number in numbers])


def _append_to_fields(
    changes: Changes, document: Document, form: Dictionary, edits: Edits, items: bytes
) -> None:
    written = form.get("/Fields")
    fields = document.value(written.idnum) if isinstance(written, Reference) else written
    if fields is None:
        edits.put(form, "/Fields", b"[%b]" % items)
    elif not isinstance(fields, Array):
        raise Unsupported("fields")
    elif isinstance(written, Reference):
        changes.of(written.idnum).append(fields, items)
    else:
        edits.append(fields, items)


def declare_extension(changes: Changes, document: Document) -> None:
    """PAdES below PDF 2.0 is ESIC's extension of PDF 1.7 (EN 319 142-1, 5.6.1)."""
    version = document.version
    if version >= (2, 0):
        return
    catalog = document.catalog
    edits = changes.of(document.root_number)
    if version < (1, 7):
        edits.put(catalog, "/Version", b"/1.7")
    extensions = catalog.get("/Extensions")
    if extensions is None:
        edits.put(catalog, "/Extensions", b"<<%b>>" % _ESIC)
    elif not isinstance(extensions, Dictionary):
        raise Unsupported("extensions")
    elif "/ESIC" not in extensions:
        edits.put(extensions, "/ESIC", _ESIC.removeprefix(b"/ESIC"))
    else:
        declared = extensions["/ESIC"]
        if not isinstance(declared, Dictionary) or type(declared.get("/ExtensionLevel")) is not int:
            raise Unsupported("extensions")
        if declared["/ExtensionLevel"] < 1:
            raise Unsupported("extensions")
