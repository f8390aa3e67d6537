"""A photo on a page: drawn as it was taken, whichever way the phone was held, and nothing else."""

import io
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader

from meterai.pdf.photo_page import photo_page

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
TURNED = Image.Transpose
# How a camera stores a scene under each orientation: what undoes the turn that it asks for.
STORED = {
    1: None,
    2: TURNED.FLIP_LEFT_RIGHT,
    3: TURNED.ROTATE_180,
    4: TURNED.FLIP_TOP_BOTTOM,
    5: TURNED.TRANSPOSE,
    6: TURNED.ROTATE_90,
    7: TURNED.TRANSVERSE,
    8: TURNED.ROTATE_270,
}


def a_scene(width: int = 60, height: int = 80, mode: str = "RGB") -> Image.Image:
    """Red and green above, blue and white below."""
    scene = Image.new("RGB", (width, height), WHITE)
    draw, across, up = ImageDraw.Draw(scene), width // 2, height // 2
    draw.rectangle((0, 0, across, up), fill=RED)
    draw.rectangle((across, 0, width, up), fill=GREEN)
    draw.rectangle((0, up, across, height), fill=BLUE)
    return scene.convert(mode)


def a_photo(scene: Image.Image, orientation: int | None = None, **options: Any) -> bytes:
    exif = Image.Exif()
    if orientation is not None:
        turn = STORED.get(orientation)
        scene = scene if turn is None else scene.transpose(turn)
        exif[0x0112] = orientation
    exif[0x010F] = "whose phone it was"
    file = io.BytesIO()
    scene.save(file, "JPEG", quality=95, exif=exif, **options)
    return file.getvalue()


def page_of(photo: bytes) -> bytes:
    page = photo_page(photo)
    assert page is not None
    return page


def drawn(pdf: bytes) -> tuple[tuple[int, int], list[tuple[int, ...]]]:
    """The page's size in points, and the colours of the photo's quarters, of 0 and 255."""
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render().to_pil().convert("RGB")
    quarters = []
    for down in (0.3, 0.7):
        for across in (0.3, 0.7):
            at = int(picture.width * across), int(picture.height * down)
            pixel = picture.getpixel(at)
            assert isinstance(pixel, tuple)
            quarters.append(tuple(255 * (colour > 127) for colour in pixel))
    width, height = page.get_size()
    return (round(width), round(height)), quarters


@pytest.mark.parametrize("orientation", [None, *STORED, 9])
def test_it_is_drawn_upright_whichever_way_the_phone_was_held(orientation: int | None) -> None:
    size, quarters = drawn(page_of(a_photo(a_scene(), orientation)))
    assert (size, quarters) == ((595, 842), [RED, GREEN, BLUE, WHITE])


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_wide_photo_is_on_a_page_that_lies(orientation: int) -> None:
    size, quarters = drawn(page_of(a_photo(a_scene(80, 60), orientation)))
    assert (size, quarters) == ((842, 595), [RED, GREEN, BLUE, WHITE])


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 0}])
def test_other_ways_of_phones_to_store_it_are_drawn_too(options: dict[str, Any]) -> None:
    assert drawn(page_of(a_photo(a_scene(), None, **options)))[1] == [RED, GREEN, BLUE, WHITE]


def test_a_grey_photo_is_drawn_in_grey() -> None:
    _, quarters = drawn(page_of(a_photo(a_scene(mode="L"))))
    assert quarters[3] == WHITE
    assert all(len(set(pixel)) == 1 for pixel in quarters)


def test_another_reader_finds_one_page_of_version_1_7() -> None:
    reader = PdfReader(io.BytesIO(page_of(a_photo(a_scene()))), strict=True)
    (page,) = reader.pages
    assert reader.pdf_header == "%PDF-1.7"
    (image,) = page.images
    assert image.image is not None
    assert image.image.size == (60, 80)


def test_what_the_phone_wrote_beside_the_photo_stays_out() -> None:
    photo = a_photo(a_scene(), 6) + b"and a short film"
    assert b"whose phone" in photo
    page = page_of(photo)
    assert b"whose phone" not in page
    assert b"a short film" not in page


def test_the_same_photo_gives_the_same_file() -> None:
    photo = a_photo(a_scene())
    assert photo_page(photo) == photo_page(photo)


def a_segment(marker: int, content: bytes) -> bytes:
    return b"\xff%c%b%b" % (marker, (len(content) + 2).to_bytes(2, "big"), content)


BEGIN, SCAN = b"\xff\xd8", a_segment(0xDA, b"") + b"\xff\xd9"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 of Word",
        BEGIN,
        BEGIN + b"no marker",
        BEGIN + SCAN,
        BEGIN + b"\xff\xe0\x00\x00" * 1_000,
        BEGIN + a_segment(0xC0, b"\x08\x00\x10\x00\x10") + SCAN,
        BEGIN + a_segment(0xC0, b"\x08\x00\x00\x00\x10\x03") + SCAN,
        BEGIN + a_segment(0xC0, b"\x0c\x00\x10\x00\x10\x03") + SCAN,
        BEGIN + a_segment(0xC3, b"\x08\x00\x10\x00\x10\x03") + SCAN,
        BEGIN + a_segment(0xE0, b"") * 1_001 + a_segment(0xC0, b"\x08\x00\x10\x00\x10\x03") + SCAN,
        a_photo(a_scene(mode="CMYK")),
        a_photo(a_scene())[:-2],
    ],
)
def test_what_is_no_photo_of_the_usual_kind_makes_no_page(content: bytes) -> None:
    assert photo_page(content) is None


@pytest.mark.parametrize(
    "tiff",
    [b"", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12" * 6],
)
def test_rubbish_about_the_orientation_leaves_the_photo_as_it_is(tiff: bytes) -> None:
    photo = a_photo(a_scene())
    exif = BEGIN + a_segment(0xE1, b"Exif\0\0" + tiff)
    assert drawn(page_of(exif + photo[2:]))[1] == [RED, GREEN, BLUE, WHITE]
