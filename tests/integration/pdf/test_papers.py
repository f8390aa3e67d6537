"""Free space on scans, and on paper that is ruled, coloured, marked or lit unevenly: below the
closing of the letter, wherever there is room, and never on what somebody wrote or drew."""

from collections.abc import Callable

import pytest
from PIL import Image

from meterai.domain.stamping.placement import Placement, Rectangle, overlap
from tests.fixtures.documents.papers import (
    image_page,
    in_pieces,
    lit_unevenly,
    photograph,
    picture,
    ruled,
    toned,
    with_bar,
)
from tests.fixtures.documents.plain import A4, Shape
from tests.integration.pdf.placement_requests import CLOSING, NAME, in_free_space, placed

LETTER = picture()
LIT = lit_unevenly(LETTER)
UPRIGHT, LYING = A4, (0, 0, A4[3], A4[2])

SCANS: dict[str, Callable[[], bytes]] = {
    "strips across": lambda: in_pieces(LIT, rows=8),
    "strips down": lambda: in_pieces(LIT, columns=6),
    "an upper and a lower half": lambda: in_pieces(LIT, rows=2),
    "a left and a right half": lambda: in_pieces(LIT, columns=2),
    "tiles": lambda: in_pieces(LIT, rows=5, columns=4),
    "on its side": lambda: image_page(
        {LYING: LIT.rotate(90, expand=True)}, Shape(media_box=LYING, rotate=90)
    ),
    "cropped": lambda: image_page(
        {(-100, -50, 495.28, 791.89): LIT},
        Shape(media_box=(-300, -300, 900, 900), crop_box=(-100, -50, 495.28, 791.89)),
    ),
    "grey paper": lambda: in_pieces(LETTER.point([at * 6 // 10 for at in range(256)])),
    "yellow paper": lambda: in_pieces(toned(LETTER, (250, 225, 150))),
    "in two colours": lambda: in_pieces(LIT.point([255 * (at > 100) for at in range(256)])),
    "pale ruling": lambda: in_pieces(ruled(LETTER, shade=190)),
    "dark ruling": lambda: in_pieces(ruled(LETTER, shade=110)),
    "ruling in uneven light": lambda: in_pieces(lit_unevenly(ruled(LETTER, shade=130))),
    "squared paper": lambda: in_pieces(ruled(LETTER, shade=150, down=True)),
    "a dark bar": lambda: in_pieces(with_bar(LETTER, 0.8, 0.95, 60)),
    "a grey bar": lambda: in_pieces(with_bar(LETTER, 0.8, 0.95, 150)),
}


@pytest.mark.parametrize("kind", SCANS)
def test_a_scan_is_stamped_where_the_same_scan_in_one_picture_is(kind: str) -> None:
    (as_one,) = placed(in_pieces(LIT), in_free_space())
    (place,) = placed(SCANS[kind](), in_free_space())
    assert (place.x_pt, place.y_pt) == pytest.approx((as_one.x_pt, as_one.y_pt), abs=4)
    assert not overlap(place.box, CLOSING)
    assert not overlap(place.box, NAME)


@pytest.mark.parametrize("rows", [1, 9])
def test_on_a_scan_with_margins_the_place_is_on_the_letter(rows: int) -> None:
    margin_pt = 70.0
    (place,) = placed(in_pieces(LIT, rows=rows, margin_pt=margin_pt), in_free_space())
    left, bottom, right, top = place.box
    assert margin_pt < left < right < A4[2] - margin_pt
    assert margin_pt < bottom < top < A4[3] - margin_pt
    assert _is_blank(_shrunk(LETTER, margin_pt), place)


def test_a_photograph_on_a_scan_is_not_covered() -> None:
    scan = LIT.convert("RGB")
    scan.paste(photograph(150, 200), (500, 750))
    (place,) = placed(in_pieces(scan), in_free_space())
    points = LIT.width / A4[2]
    photo = (500 / points, A4[3] - 950 / points, 650 / points, A4[3] - 750 / points)
    assert not overlap(place.box, photo)
    assert _is_blank(LETTER, place)


def test_a_sheet_on_a_desk_is_stamped_on_the_sheet() -> None:
    desk = Image.new("L", LETTER.size, 70)
    sheet = LIT.resize((700, 1000))
    desk.paste(sheet, (100, 140))
    (place,) = placed(in_pieces(desk), in_free_space())
    points = LETTER.width / A4[2]
    left, bottom, right, top = place.box
    assert 100 / points < left < right < 800 / points
    assert A4[3] - 1140 / points < bottom < top < A4[3] - 140 / points


BELOW_THE_CLOSING = (345, 232, 427, 326)
WORDS = (
    "BT /F 12 Tf 1 0 0 1 72 770 Tm (SURAT PERNYATAAN) Tj 1 0 0 1 72 700 Tm (Saya menyatakan dengan"
    " sebenarnya bahwa semua dokumen asli.) Tj 1 0 0 1 350 330 Tm (Hormat saya,) Tj"
    " 1 0 0 1 350 220 Tm (Budi Contoh) Tj ET"
)


def _lines(pen: str, every: float, *, down: bool = False) -> str:
    count = round(842 / every)
    lines = [f"0 {at * every:.2f} m 595 {at * every:.2f} l S" for at in range(count)]
    if down:
        lines += [f"{at * every:.2f} 0 m {at * every:.2f} 842 l S" for at in range(count)]
    return f"q {pen} {' '.join(lines)} Q"


def _watermark(text: str, colour: str) -> str:
    return f"q {colour} BT /F 90 Tf 0.7 0.7 -0.7 0.7 180 90 Tm ({text}) Tj ET Q"


PAPERS = {
    "blank": "",
    "ruled": _lines("0.6 G 0.5 w", 24),
    "ruled in black": _lines("0 G 0.8 w", 24),
    "dotted": _lines("0 G 1 w [1 3] 0 d", 24),
    "dashed": _lines("0.3 G 1 w [4 4] 0 d", 20),
    "squared": _lines("0.5 0.7 1 RG 0.4 w", 14, down=True),
    "squared in black": _lines("0.2 G 0.4 w", 14, down=True),
    "millimetres": _lines("1 0.6 0.6 RG 0.25 w", 2.835, down=True),
    "under a pale watermark": _watermark("SALINAN", "0.8 g"),
    "under a red watermark": _watermark("COPY", "1 0.75 0.75 rg"),
    "shaded": "q 0.9 g 60 200 480 160 re f Q",
    "with dark bars": "q 0.1 0.2 0.5 rg 0 780 595 62 re f 0 0 595 60 re f Q",
    "coloured": "q 1 0.95 0.8 rg 0 0 595.28 841.89 re f Q",
    "dark": "q 0.1 0.1 0.2 rg 0 0 595.28 841.89 re f Q 1 g",
}


@pytest.mark.parametrize("kind", PAPERS)
def test_a_stamp_stands_below_the_closing_whatever_the_paper(kind: str) -> None:
    content = image_page({}, content=f"{PAPERS[kind]} {WORDS}")
    (place,) = placed(content, in_free_space())
    assert _within(place.box, BELOW_THE_CLOSING)


def test_a_stamp_stands_on_letterheads_and_on_pictures_of_watermarks() -> None:
    pale = Image.new("L", (400, 400), 225)
    pale.paste(200, (100, 100, 300, 300))
    for box in ((0, 0, 595.28, 841.89), (100, 150, 500, 600)):
        (place,) = placed(image_page({box: pale}, content=WORDS), in_free_space())
        assert _within(place.box, BELOW_THE_CLOSING)


DRAWN: dict[str, tuple[str, Rectangle]] = {
    "a signature": (
        "0.1 0.1 0.7 RG 1 w 360 250 m 380 300 390 300 400 260 c 410 240 420 300 430 250 c S",
        (360, 250, 430, 290),
    ),
    "a thin pale signature": (
        "0.5 0.6 1 RG 0.8 w 360 250 m 380 300 390 300 400 260 c 410 240 420 300 430 250 c S",
        (360, 250, 430, 290),
    ),
    "a round stamp": (
        (
            "0.5 0.2 0.6 RG 2 w 400 310 m 430 310 455 285 455 255 c 455 225 430 200 400 200 c"
            " 370 200 345 225 345 255 c 345 285 370 310 400 310 c S"
        ),
        (345, 200, 455, 310),
    ),
    "a dark bar": ("q 0.1 0.2 0.5 rg 0 230 595 85 re f Q", (0, 230, 595, 315)),
    "small pale text": (
        "q 0.75 g BT /F 10 Tf 350 270 Td (materai di sini) Tj ET Q",
        (350, 270, 415, 277),
    ),
    "a large dark title": ("BT /F 40 Tf 300 260 Td (JUDUL) Tj ET", (300, 260, 430, 288)),
    "a place for the name": (
        "BT /F 12 Tf 350 240 Td (....................) Tj ET",
        (350, 240, 415, 242),
    ),
    "a short line to sign on": ("1 w 340 270 m 440 270 l S", (340, 269, 440, 271)),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_what_somebody_wrote_or_drew_is_not_covered(kind: str) -> None:
    drawing, box = DRAWN[kind]
    (place,) = placed(image_page({}, content=f"{drawing} {WORDS}"), in_free_space())
    assert not overlap(place.box, box)
    (on_lines,) = placed(
        image_page({}, content=f"{_lines('0.6 G 0.5 w', 24)} {drawing} {WORDS}"),
        in_free_space(),
    )
    assert not overlap(on_lines.box, box)


def test_a_photograph_in_a_letter_is_not_covered() -> None:
    box = (360, 230, 420, 310)
    (place,) = placed(image_page({box: photograph(120, 160)}, content=WORDS), in_free_space())
    assert not overlap(place.box, box)


def _within(box: Rectangle, limits: Rectangle) -> bool:
    return (
        limits[0] <= box[0] and limits[1] <= box[1] and box[2] <= limits[2] and box[3] <= limits[3]
    )


def _shrunk(letter: Image.Image, margin_pt: float) -> Image.Image:
    """The whole page, with the letter within such margins."""
    margin = round(margin_pt * letter.width / A4[2])
    page = Image.new("L", letter.size, 255)
    page.paste(
        letter.resize((letter.width - 2 * margin, letter.height - 2 * margin)), (margin,) * 2
    )
    return page


def _is_blank(page: Image.Image, place: Placement) -> bool:
    """Whether the letter, in black on white, has nothing there."""
    scale = page.width / A4[2]
    left, bottom, right, top = place.box
    down = (A4[3] - top) * scale, (A4[3] - bottom) * scale
    square = page.crop((round(left * scale), round(down[0]), round(right * scale), round(down[1])))
    return min(square.tobytes()) > 200
