"""Fields that belong to no form, on any page. The engines' readers judge the first pages; of the
others qpdf reads thousands in a tenth of a second."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from meterai.domain.errors import DocumentAmbiguous
from meterai.pdf.engines.opening import Opened
from meterai.pdf.structure.flags import NOT_SHOWN
from meterai.pdf.structure.objects import dictionary_in
from meterai.pdf.structure.restrictions import refuse_fields_without_form

MAX_PAGES = 200
MAX_LATER_ANNOTATIONS = 50_000  # half a second


def refuse_any_field_without_form(document: bytes, opened: Opened) -> None:
    """Raises DocumentAmbiguous. What is beyond the limits is not judged."""
    refuse_fields_without_form(opened.catalog, opened.pages[:MAX_PAGES])
    if len(opened.pages) <= MAX_PAGES or dictionary_in(opened.catalog, "/AcroForm") is not None:
        return
    import pikepdf

    try:
        with pikepdf.open(BytesIO(document)) as by_qpdf:
            later = islice(_annotations(by_qpdf), MAX_LATER_ANNOTATIONS)
            found = any(map(_is_shown_field, later))
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError):
        return
    if found:
        raise DocumentAmbiguous(cause="fields_without_form")


def _annotations(by_qpdf: Any) -> Iterator[Any]:
    """Those of the later pages."""
    import pikepdf

    for page in islice(by_qpdf.pages, MAX_PAGES, None):
        listed = page.obj.get("/Annots")
        if isinstance(listed, pikepdf.Array):
            yield from (one for one in list(listed) if isinstance(one, pikepdf.Dictionary))


def _is_shown_field(annotation: Any) -> bool:
    import pikepdf

    if annotation.get("/Subtype") != "/Widget":
        return False
    flags = annotation.get("/F")
    hidden = isinstance(flags, int) and flags & NOT_SHOWN
    return not hidden and isinstance(annotation.get("/AP"), pikepdf.Dictionary)
