"""A page is drawn as PNG."""

from io import BytesIO

import pytest
from PIL import Image

from meterai.domain.errors import DocumentDamaged, DocumentEncrypted, NotAPdf, PageOutOfRange
from meterai.pdf.rendering.marked_page import marked_page
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


def _reds(picture: bytes) -> tuple[int, int, int, int] | None:
    """The box of the red pixels."""
    with Image.open(BytesIO(picture)) as opened:
        green = opened.convert("RGB").getchannel("G")
        return green.point(lambda value: 255 if value < 100 else 0).getbbox()


@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize("unit", [None, 2.0])
def test_a_mark_is_framed_where_the_page_is_displayed(rotate: int, unit: float | None) -> None:
    shape = Shape(media_box=(0, 0, 400, 400), rotate=rotate, user_unit=unit)
    scale = unit or 1.0
    mark = (100 * scale, 50 * scale, 150 * scale, 80 * scale)
    picture = marked_page(document(shape), 1, [mark], dpi=72)
    assert _reds(picture) == (92, 312, 158, 358)


def test_a_mark_beyond_the_page_is_framed_at_its_edge() -> None:
    shape = Shape(media_box=(0, 0, 200, 100))
    everything = marked_page(document(shape), -1, [(-50, -50, 900, 900)], dpi=72)
    beyond = marked_page(document(shape), 1, [(300, 300, 310, 310)], dpi=72)
    assert _reds(everything) == (0, 0, 200, 100)
    assert _reds(beyond) == (184, 0, 200, 16)


def test_a_page_without_marks_is_as_it_is() -> None:
    assert marked_page(document(), 1, [], dpi=72) == render_page(document(), 0, dpi=72)
