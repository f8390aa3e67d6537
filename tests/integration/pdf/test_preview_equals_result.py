"""A preview is, point for point, what the stamped page will be: in two viewers, on every page."""

from io import BytesIO
from itertools import product

import pytest
from PIL import Image, ImageChops

from meterai.domain.errors import DocumentDamaged, FormIsXfa, MeteraiError
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import (
    Corner,
    CornerPlacement,
    PlacementRequest,
    PointPlacement,
)
from meterai.domain.stamping.serials import parse_serial
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.preflight.preview import PdfPreviewer
from meterai.pdf.preflight.unsigned_stamps import placeholder_serials, with_stamps
from meterai.pdf.rendering.render import render_page
from meterai.pdf.sandbox import ResourceBudget
from meterai.pdf.stamp_spec import StampSpec
from tests.fixtures.documents.damaged import DAMAGED
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import A4, Box, Shape, document
from tests.fixtures.documents.refused import encrypted
from tests.fixtures.documents.remake import LETTER, SCAN
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import poppler_picture
from tests.integration.pdf.stamping import HOST, stamped

DPI = 72
previewer = PdfPreviewer(PdfPreflight(portal_limit_bytes=800_000), HOST)

BOXES: list[tuple[Box, Box | None]] = [
    ((0, 0, 300, 400), None),
    ((-50, 120, 250, 520), None),
    ((0, 0, 300, 400), (40, 30, 260, 340)),
    ((-50, 120, 250, 520), (0, 150, 240, 500)),
]
SHAPES = [
    Shape(media_box=media, crop_box=crop, rotate=rotate, user_unit=unit)
    for (media, crop), rotate, unit in product(BOXES, (0, 90, 180, 270), (None, 2.5))
]
MIXED = [
    Shape(media_box=A4),
    Shape(media_box=(0, 0, 420, 298), rotate=90),
    Shape(media_box=(10, 20, 400, 700), crop_box=(30, 50, 390, 600), rotate=270, user_unit=1.5),
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_preview_equals_the_result(shape: Shape) -> None:
    _same_in_two_viewers(document(shape), CornerPlacement(1, Corner.BOTTOM_RIGHT, 20, 90))


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_preview_equals_the_result_among_pages_of_mixed_sizes(page: int) -> None:
    _same_in_two_viewers(document(*MIXED), CornerPlacement(page, Corner.TOP_LEFT, 12.5, 77))


@pytest.mark.parametrize("path", [LETTER, SCAN], ids=["letter", "scan"])
def test_a_preview_equals_the_result_on_a_letter(path: object) -> None:
    content = (LETTER if path == LETTER else SCAN).read_bytes()
    _same_in_two_viewers(content, PointPlacement(1, 338, 221, 76))


def test_a_preview_equals_the_result_on_what_a_person_signed() -> None:
    _same_in_two_viewers(signed_by(authority().person, document()), PointPlacement(1, 300, 250, 80))


@pytest.mark.parametrize("name", DAMAGED)
def test_a_preview_equals_the_result_on_a_document_that_is_repaired_for_both(name: str) -> None:
    place = PointPlacement(1, 300, 250, 80)
    with pytest.raises((DocumentDamaged, FormIsXfa)) as refused:
        previewer(DAMAGED[name], [place], page=None, dpi=DPI)
    assert refused.value.values["repairable"] is True
    shown = previewer(DAMAGED[name], [place], page=None, dpi=DPI, repair=True)
    assert [one.code for one in shown.document_facts.repairs] == [refused.value.code]
    _same_in_two_viewers(DAMAGED[name], place, repair=True)


@pytest.mark.parametrize("name", ["a person signed", "encrypted"])
def test_a_document_that_may_not_be_repaired_has_no_preview_of_its_repair(name: str) -> None:
    original = {
        "a person signed": signed_by(authority().person, document()),
        "encrypted": encrypted(),
    }
    with pytest.raises(MeteraiError):
        previewer(
            original[name][:-30], [PointPlacement(1, 300, 250, 80)], page=None, dpi=DPI, repair=True
        )


def test_a_preview_shows_every_stamp_of_the_request() -> None:
    requests = [CornerPlacement(1, corner, 30, 60 + 10 * at) for at, corner in enumerate(Corner)]
    _same_in_two_viewers(document(), *requests)


def test_a_preview_bears_no_serial_and_no_signature() -> None:
    serials = placeholder_serials([Placement(1, 0, 0, 54)] * 8)
    assert len({*serials}) == 8
    assert [parse_serial(serial) for serial in serials] == [None] * 8
    specs = [StampSpec(serials[0], Placement(1, 100, 100, 80), "-")]
    drawn = with_stamps(document(), specs, HOST, ResourceBudget())
    assert b"0" * 128 in drawn[len(document()) :]


def test_a_huge_page_is_previewed_smaller() -> None:
    made = previewer(
        document(Shape(media_box=(0, 0, 9000, 9000))),
        [PointPlacement(1, 300, 250, 80)],
        page=None,
        dpi=150,
    )
    with Image.open(BytesIO(made.png)) as picture:
        assert picture.width * picture.height <= 2_600_000


def _same_in_two_viewers(content: bytes, *requests: PlacementRequest, repair: bool = False) -> None:
    """The preview, and the stamped file with the very serials that previews have."""
    preview = previewer(content, requests, page=None, dpi=DPI, repair=repair)
    places = preview.document_facts.placements
    serials = placeholder_serials(places)
    specs = [StampSpec(one, place, "-") for one, place in zip(serials, places, strict=True)]
    result = stamped(content, *specs, repair=repair)
    assert preview.png == render_page(result, preview.page - 1, dpi=DPI)
    plain = repaired(content, ResourceBudget()) if repair else content
    shown = Image.open(BytesIO(preview.png)).convert("RGB")
    assert ImageChops.difference(shown, _blank(plain, preview.page)).getbbox() is not None
    drawn = with_stamps(plain, specs, HOST, ResourceBudget())
    by_poppler = [poppler_picture(one, dpi=DPI, page=preview.page) for one in (drawn, result)]
    assert ImageChops.difference(*by_poppler).getbbox() is None
    _same_place(shown, by_poppler[1], plain, preview.page)


def _blank(content: bytes, page: int) -> Image.Image:
    return Image.open(BytesIO(render_page(content, page - 1, dpi=DPI))).convert("RGB")


def _same_place(by_pdfium: Image.Image, by_poppler: Image.Image, content: bytes, page: int) -> None:
    """What the stamps change is at the same place in both viewers."""
    plain = poppler_picture(content, dpi=DPI, page=page)
    in_pdfium = ImageChops.difference(by_pdfium, _blank(content, page)).getbbox()
    in_poppler = ImageChops.difference(by_poppler, plain).getbbox()
    assert in_pdfium is not None
    assert in_poppler is not None
    assert in_pdfium == pytest.approx(in_poppler, abs=2)
