"""The stamp's appearance stream: serial and QR code on the artwork."""

import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.stamping.serials import public_address, serial_from_digest
from meterai.pdf.drawing.appearance import draw
from meterai.pdf.drawing.artwork import artwork
from meterai.pdf.drawing.qr import MODULES, QUIET_MODULES, matrix

SERIAL = serial_from_digest(b"a" * 32)
MAX_HOST = "meterai." + "a" * 17 + ".co"
ADDRESS = public_address("meterai.example", SERIAL)


def _drawn(rotation: int = 0, address: str = ADDRESS) -> tuple[str, str]:
    """Dictionary and content of the form."""
    body = draw(artwork(), SERIAL, address, rotation=rotation, art_at=50)
    dictionary, rest = body.split(b"\nstream\n", 1)
    return dictionary.decode(), zlib.decompress(rest.removesuffix(b"\nendstream")).decode()


def test_one_serial_is_always_drawn_the_same() -> None:
    assert _drawn() == _drawn()


@pytest.mark.parametrize(
    ("rotation", "matrix"),
    [(0, "1 0 0 1 0 0"), (90, "0 1 -1 0 0 0"), (180, "-1 0 0 -1 0 0"), (270, "0 -1 1 0 0 0")],
)
def test_the_form_is_rotated_back_on_a_rotated_page(rotation: int, matrix: str) -> None:
    dictionary, _ = _drawn(rotation)
    assert f"/Matrix[{matrix}]" in dictionary


def test_the_serial_is_drawn_in_two_lines_of_eleven_characters() -> None:
    _, content = _drawn()
    assert re.findall(r"\((\w+)\) Tj", content) == [SERIAL[:11], SERIAL[11:]]
    assert f"/ActualText({SERIAL})" in content


def test_the_qr_code_with_its_quiet_zone_takes_at_least_seventy_percent_of_the_side() -> None:
    left, bottom, side = artwork().qr
    assert side / artwork().side >= 0.7
    _, content = _drawn()
    scale, x, y = re.search(r"q (\S+) 0 0 \1 (\S+) (\S+) cm", content).groups()  # type: ignore[union-attr]
    module = side / (MODULES + 2 * QUIET_MODULES)
    assert float(scale) == pytest.approx(module, abs=1e-4)
    assert float(x) - left == pytest.approx(4 * module, abs=1e-3)
    assert float(y) - bottom == pytest.approx(4 * module, abs=1e-3)


def test_the_qr_code_is_drawn_as_one_path() -> None:
    _, content = _drawn()
    assert content.count("re f* Q") == 1
    assert len(re.findall(r"(?<!/)\b[fFbBsS]\b", content)) == 1


@given(
    digest=st.binary(min_size=32, max_size=32),
    host=st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=28),
)
def test_the_rectangles_of_the_qr_code_fill_its_dark_modules(digest: bytes, host: str) -> None:
    """By the even-odd rule: a module is dark if it lies in an odd number of rectangles."""
    address = public_address(host, serial_from_digest(digest))
    _, content = _drawn(address=address)
    drawn = [[0] * 32 for _ in range(MODULES)]
    for found in re.finditer(r"(\d+) (\d+) (\d+) (\d+) re", content):
        left, bottom, width, height = map(int, found.groups())
        for row in range(bottom, bottom + height):
            for column in range(left, left + width):
                drawn[MODULES - 1 - row][column] ^= 1
    packed = matrix(address)
    rows = [f"{int.from_bytes(packed[at : at + 4], 'big'):032b}" for at in range(0, 116, 4)]
    assert drawn == [[int(module) for module in row] for row in rows]


def test_the_appearance_of_any_serial_is_at_most_2500_bytes() -> None:
    serials = [serial_from_digest(bytes((number,)) * 32) for number in range(256)]
    drawn = [
        draw(artwork(), serial, public_address(MAX_HOST, serial), rotation=0, art_at=50)
        for serial in serials
    ]
    assert max(map(len, drawn)) <= 2_500


def test_the_serial_does_not_touch_the_quiet_zone() -> None:
    art = artwork()
    cap_height = 0.727 * art.serial.size
    assert max(art.serial.baselines) + cap_height < art.qr[1]


def test_the_appearance_uses_no_transparency() -> None:
    dictionary, content = _drawn()
    assert not re.search(r"\bgs\b", content)
    assert not re.search(r"/(Group|SMask|ExtGState|ca|CA)\b", dictionary)


def test_the_appearance_refers_to_the_artwork_by_its_object_numbers() -> None:
    dictionary, _ = _drawn()
    names = [made.name for made in artwork().objects]
    assert f"/S {50 + names.index('serial')} 0 R" in dictionary.replace("  ", " ")
    assert f"/A {50 + names.index('art')} 0 R" in dictionary.replace("  ", " ")
