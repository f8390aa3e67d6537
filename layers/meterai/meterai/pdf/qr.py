"""The QR of an e-meterai: its permanent public address, always version 3-M (ISO/IEC 18004).

One version for every stamp keeps the module size: a 54 pt stamp reads from a print at 300 dpi. So
the address is upper case (alphanumeric mode) and at most 61 characters.
"""

import re
from collections.abc import Iterator
from itertools import groupby

import segno

from meterai.domain.errors import AddressTooLong
from meterai.domain.serials import Serial, public_address

VERSION, LEVEL, MASK = 3, "M", 2
MODULES = 29
QUIET_MODULES = 4  # on each side (ISO/IEC 18004, 6.3.8)
LONGEST_ADDRESS = 61  # alphanumeric characters in version 3-M
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]*")

Matrix = tuple[bytes, ...]


def check_public_host(host: str) -> None:
    """Raises AddressTooLong where a stamp's address would not fit: start-up must fail, not a stamp.

    A character outside the alphanumeric mode takes the byte mode, where no address fits.
    """
    address = public_address(host, Serial("0" * 22))
    if len(address) > LONGEST_ADDRESS or _ALPHANUMERIC.fullmatch(address) is None:
        raise AddressTooLong(host=host, length=len(address), longest=LONGEST_ADDRESS)


def matrix(address: str) -> Matrix:
    """29 rows from the top, a byte a module: 1 is dark. The caller has checked the host."""
    code = segno.make_qr(
        address, version=VERSION, error=LEVEL, mask=MASK, mode="alphanumeric", boost_error=False
    )
    return tuple(bytes(row) for row in code.matrix)


def runs(rows: Matrix) -> Iterator[tuple[int, int, int]]:
    """The dark modules as runs (column, row, length), row by row from the top."""
    for row, modules in enumerate(rows):
        column = 0
        for dark, group in groupby(modules):
            length = len(list(group))
            if dark:
                yield column, row, length
            column += length
