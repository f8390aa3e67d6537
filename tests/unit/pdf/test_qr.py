"""The QR code holds the address, always in version 3, which is readable in a small print."""

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from meterai.domain.errors import AddressTooLong
from meterai.domain.stamping.serials import public_address, serial_from_digest
from meterai.pdf.drawing.qr import (
    LEVEL,
    MASK,
    MODULES,
    TABLE,
    VERSION,
    check_public_host,
    matrix,
    modules,
)
from tests.tools import qr_table

MAX_HOST = "meterai." + "a" * 17 + ".co"


def test_the_longest_host_makes_an_address_of_sixty_one_characters() -> None:
    serial = serial_from_digest(bytes(32))
    assert len(public_address(MAX_HOST, serial)) == 61
    check_public_host(MAX_HOST)
    assert len(matrix(public_address(MAX_HOST, serial))) == 4 * MODULES


def test_the_stored_table_equals_what_its_source_builds() -> None:
    assert TABLE.read_bytes() == qr_table.build(), "stale: run `python -m tests.tools.qr_table`"


@pytest.mark.parametrize("host", [MAX_HOST + "m", "meterai_uji.id", "météraï.id", "a.id?"])
def test_a_host_whose_address_does_not_fit_is_refused(host: str) -> None:
    with pytest.raises(AddressTooLong):
        check_public_host(host)


@given(
    digest=st.binary(min_size=32, max_size=32),
    host=st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=28),
)
def test_an_independent_reader_reads_the_address(digest: bytes, host: str) -> None:
    address = public_address(host, serial_from_digest(digest))
    dots = b"".join(bytes(255 * (1 - module) for module in row) for row in _rows(address))
    picture = Image.new("L", (MODULES + 8, MODULES + 8), 255)
    picture.paste(Image.frombytes("L", (MODULES, MODULES), dots), (4, 4))
    (found,) = zxingcpp.read_barcodes(picture.resize((370, 370), Image.Resampling.NEAREST))
    assert found.text == address


@given(
    digests=st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=2),
    host=st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=28),
)
def test_the_constant_modules_are_the_same_for_every_serial(
    digests: list[bytes], host: str
) -> None:
    one, other = (modules(public_address(host, serial_from_digest(each))) for each in digests)
    assert one.constant == other.constant
    assert one.constant & (one.varying | other.varying) == 0


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", min_size=1, max_size=61))
def test_the_table_makes_the_same_code_as_segno(address: str) -> None:
    """Where data and terminator fill a codeword exactly segno pads with one of zeros, against 7.4.9
    of ISO/IEC 18004; readers do not look at padding."""
    code = segno.make_qr(
        address, version=VERSION, error=LEVEL, mask=MASK, mode="alphanumeric", boost_error=False
    )
    bits = 4 + 9 + 11 * (len(address) // 2) + 6 * (len(address) % 2)
    if (bits + 4) % 8:
        assert _rows(address) == [list(row) for row in code.matrix]
    else:
        assert sum(map(sum, _rows(address))) > 0


def _rows(address: str) -> list[list[int]]:
    """29 rows of 29 modules: 1 is dark."""
    packed = matrix(address)
    return [
        [int(module) for module in f"{int.from_bytes(packed[at : at + 4], 'big'):032b}"[:MODULES]]
        for at in range(0, len(packed), 4)
    ]
