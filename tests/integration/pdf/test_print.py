"""The QR of the smallest stamp is read from a print."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from meterai.domain.stamping.placement import MIN_SIDE_PT, Placement
from meterai.domain.stamping.serials import public_address
from meterai.pdf.rendering.render import render_page
from tests.fixtures.documents.plain import document
from tests.integration.pdf.judges import poppler_picture
from tests.integration.pdf.stamping import HOST, a_spec, serial, stamped


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("number", range(8))
def test_the_code_of_the_smallest_stamp_is_read(number: int, dpi: int) -> None:
    """Placed off the pixel grid, in both viewers, and once more as if a lens were in between."""
    box = Placement(1, x_pt=100.37 + number / 7, y_pt=200.11, side_pt=MIN_SIDE_PT)
    made = stamped(document(), a_spec(number, box))
    drawn = Image.open(BytesIO(render_page(made, 0, dpi=dpi))).convert("L")
    for picture in (
        drawn,
        poppler_picture(made, dpi=dpi).convert("L"),
        drawn.rotate(2, Image.Resampling.BICUBIC, fillcolor=255).filter(
            ImageFilter.GaussianBlur(1)
        ),
    ):
        (found,) = zxingcpp.read_barcodes(picture)
        assert found.text == public_address(HOST, serial(number))
