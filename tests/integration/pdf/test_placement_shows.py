"""The stamp shows where it was placed, upright, in two viewers, on every kind of page."""

from io import BytesIO
from itertools import product

import pytest
from PIL import Image, ImageChops

from meterai.domain.stamping.placement import Placement
from meterai.pdf.rendering.render import render_page
from tests.fixtures.documents.plain import Box, Shape, document
from tests.fixtures.documents.remake import SCAN
from tests.integration.pdf.judges import poppler_picture
from tests.integration.pdf.preflight import preflight
from tests.integration.pdf.stamping import a_spec, stamped

pytestmark = pytest.mark.usefixtures("every_engine")

DPI = 72.0
SLACK_PX = 1.6  # of an edge: anti-aliasing, and the pixel in which it lies
STICKING_OUT: Box = (-90, 50, 280, 900)
"""A CropBox beyond the MediaBox: ISO 32000-1, 14.11.2, takes what they share, and so do pdfium and
mupdf; poppler 22.12 takes the whole MediaBox along each axis on which the CropBox sticks out."""
BOXES: list[tuple[Box, Box | None]] = [
    ((0, 0, 300, 400), None),
    ((-50, 120, 250, 520), None),
    ((0, 0, 300, 400), (40, 30, 260, 340)),
    ((0, 0, 300, 400), STICKING_OUT),
    ((300, 400, 0, 0), (290, 380, 15, 25)),
]
SHAPES = [
    Shape(media_box=media, crop_box=crop, rotate=rotate, user_unit=unit, inherited=inherited)
    for (media, crop), rotate, (unit, inherited) in product(
        BOXES, (None, 90, 180, 270, -90, -180, 450), ((None, True), (2.5, False))
    )
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_stamp_shows_where_it_was_placed(shape: Shape) -> None:
    blank = document(shape)
    ((width_pt, height_pt),) = preflight(blank, [Placement(1, 0, 0, 54)]).displayed_sizes_pt
    box = Placement(1, x_pt=0.31 * width_pt, y_pt=0.12 * height_pt, side_pt=0.45 * width_pt)
    made = stamped(blank, a_spec(placement=box))
    pictures = [_pdfium_picture(made)]
    if shape.crop_box != STICKING_OUT:
        pictures.append(poppler_picture(made, dpi=DPI))
    for picture in pictures:
        # Neither viewer scales a page by its UserUnit: places are compared as shares of the page.
        scale = picture.width / width_pt
        assert picture.height / height_pt == pytest.approx(scale, rel=0.02)
        inked = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
        assert inked is not None
        left, top, right, bottom = inked
        assert left == pytest.approx(box.x_pt * scale, abs=SLACK_PX)
        assert right == pytest.approx((box.x_pt + box.side_pt) * scale, abs=SLACK_PX)
        assert bottom == pytest.approx((height_pt - box.y_pt) * scale, abs=SLACK_PX)
        assert top == pytest.approx((height_pt - box.y_pt - box.side_pt) * scale, abs=SLACK_PX)
        assert _stands_upright(picture.crop(inked))


def test_the_stamp_stands_upright_on_a_phones_scan() -> None:
    box = Placement(1, x_pt=330, y_pt=230, side_pt=90)
    made = stamped(SCAN.read_bytes(), a_spec(placement=box))
    for picture in (_pdfium_picture(made), poppler_picture(made, dpi=DPI)):
        assert picture.width < picture.height
        top = picture.height - box.y_pt - box.side_pt
        place = (box.x_pt, top, box.x_pt + box.side_pt, top + box.side_pt)
        assert _stands_upright(picture.crop(tuple(round(edge) for edge in place)))  # type: ignore[arg-type]


def _stands_upright(stamp: Image.Image) -> bool:
    """The navy head is at the top, the red band at the left below it, the code at the right."""
    side = stamp.width

    def mean(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int]:
        area = stamp.crop(tuple(round(edge * side) for edge in (left, top, right, bottom)))  # type: ignore[arg-type]
        red, green, blue = area.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
        return int(red), int(green), int(blue)

    head, band, quiet = (
        mean(0.1, 0, 0.9, 0.12),
        mean(0.02, 0.2, 0.08, 0.9),
        mean(0.3, 0.15, 0.98, 0.2),
    )
    return head[2] > head[0] + 30 and band[0] > band[2] + 60 and min(quiet) > 235


def _pdfium_picture(made: bytes) -> Image.Image:
    return Image.open(BytesIO(render_page(made, 0, dpi=DPI))).convert("RGB")
