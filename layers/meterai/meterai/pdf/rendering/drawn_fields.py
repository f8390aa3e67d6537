"""Form fields drawn by pdfium, which draws them as it shows them."""

from io import BytesIO

import pypdfium2

SMALL = 0.1
"""Fields get their appearances when a page is drawn, at any scale."""


def with_drawn_fields(document: bytes) -> bytes:
    """A copy in which all fields have appearances, where the form says /NeedAppearances. Pages and
    annotations stay in their order; otherwise pdfium writes a file in its own way."""
    made = BytesIO()
    with pypdfium2.PdfDocument(document) as opened:
        opened.init_forms()
        for page in opened:
            page.render(scale=SMALL)
        opened.save(made)
    return made.getvalue()
