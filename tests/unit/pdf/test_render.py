"""A page is drawn as PNG."""

from io import BytesIO

import pytest
from PIL import Image

from meterai.domain.errors import DocumentDamaged, DocumentEncrypted, NotAPdf, PageOutOfRange
from meterai.pdf.rendering.render import MAX_PIXELS, render_page
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.refused import encrypted


def _size(picture: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(picture)) as opened:
        opened.load()
        return opened.size


def test_a_page_is_drawn_at_the_requested_resolution() -> None:
    shape = Shape(media_box=(0, 0, 144, 72), rotate=90)
    assert _size(render_page(document(shape), 0, dpi=144)) == (144, 288)


def test_a_huge_page_is_drawn_at_a_lower_resolution() -> None:
    picture = render_page(document(Shape(media_box=(0, 0, 14400, 14400))), 0, dpi=300)
    width, height = _size(picture)
    assert width * height <= MAX_PIXELS * 1.01


def test_a_page_index_out_of_range_is_refused() -> None:
    for index in (-1, 1):
        with pytest.raises(PageOutOfRange):
            render_page(document(), index, dpi=72)


def test_a_file_that_cannot_be_opened_is_refused() -> None:
    with pytest.raises(NotAPdf):
        render_page(b"Dengan hormat", 0, dpi=72)
    with pytest.raises(DocumentDamaged):
        render_page(b"%PDF-1.7\nDengan hormat", 0, dpi=72)
    with pytest.raises(DocumentEncrypted):
        render_page(encrypted(user="rahasia"), 0, dpi=72)
