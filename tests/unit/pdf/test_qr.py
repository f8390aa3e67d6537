"""The QR holds the address, in the one version that a small print can carry."""

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from meterai.domain.errors import AddressTooLong
from meterai.domain.serials import public_address, serial_from_digest
from meterai.pdf.qr import MODULES, check_public_host, matrix, runs

LONGEST_HOST = "meterai." + "a" * 17 + ".co"


def test_the_longest_address_is_sixty_one_characters() -> None:
    serial = serial_from_digest(bytes(32))
    assert len(public_address(LONGEST_HOST, serial)) == 61
    check_public_host(LONGEST_HOST)
    assert len(matrix(public_address(LONGEST_HOST, serial))) == MODULES


@pytest.mark.parametrize("host", [LONGEST_HOST + "m", "meterai_uji.id", "météraï.id", "a.id?"])
def test_a_host_whose_address_does_not_fit_is_refused(host: str) -> None:
    with pytest.raises(AddressTooLong):
        check_public_host(host)


@given(
    digest=st.binary(min_size=32, max_size=32),
    host=st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=28),
)
def test_an_independent_reader_reads_the_address(digest: bytes, host: str) -> None:
    address = public_address(host, serial_from_digest(digest))
    rows = matrix(address)
    dots = b"".join(bytes(255 * (1 - module) for module in row) for row in rows)
    picture = Image.new("L", (MODULES + 8, MODULES + 8), 255)
    picture.paste(Image.frombytes("L", (MODULES, MODULES), dots), (4, 4))
    (found,) = zxingcpp.read_barcodes(picture.resize((370, 370), Image.Resampling.NEAREST))
    assert found.text == address


def test_the_runs_are_the_dark_modules() -> None:
    rows = matrix(public_address("meterai.example", serial_from_digest(bytes(32))))
    drawn = [bytearray(MODULES) for _ in rows]
    for column, row, length in runs(rows):
        drawn[row][column : column + length] = b"\1" * length
    assert tuple(bytes(row) for row in drawn) == rows
