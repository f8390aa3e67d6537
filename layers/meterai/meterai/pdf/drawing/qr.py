"""The QR code of an e-meterai: its permanent public address, always version 3-M (ISO/IEC 18004).

With one version all stamps have the same module size: a 54 pt stamp can be read from a print at 300
dpi. So the address is upper case (alphanumeric mode) and at most 61 characters. Version, level and
mask are fixed, so a code is computed from a table (see `tests/tools/qr_table.py`).
"""

import re
from functools import cache, lru_cache, reduce
from itertools import compress, product, repeat
from operator import add, or_, xor
from pathlib import Path
from typing import NamedTuple

from meterai.domain.errors import AddressTooLong
from meterai.domain.stamping.serials import Serial, public_address

VERSION, LEVEL, MASK = 3, "M", 2
MODULES = 29
QUIET_MODULES = 4  # on each side (ISO/IEC 18004, 6.3.8)
MAX_ADDRESS_CHARACTERS = 61  # alphanumeric, in version 3-M
DATA_BITS = 44 * 8
ROW_BYTES = 4
SERIAL_LENGTH = 22  # at the end of an address; the rest is the same for every stamp
TABLE = Path(__file__).with_name("qr_table.bin")

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]*")
_ALPHANUMERIC_MODE = 0b0010
_PADDING = "1110110000010001" * 22  # EC and 11, alternating (7.4.10)


@cache
def check_public_host(host: str) -> None:
    """Raises AddressTooLong where a stamp's address would not fit, so that start-up fails early.

    A character outside the alphanumeric mode needs the byte mode, where no address fits.
    """
    address = public_address(host, Serial("0" * 22))
    if len(address) > MAX_ADDRESS_CHARACTERS or _ALPHANUMERIC.fullmatch(address) is None:
        raise AddressTooLong(host=host, length=len(address), longest=MAX_ADDRESS_CHARACTERS)


def matrix(address: str) -> bytes:
    """29 rows of four bytes from the top; the left module is the highest bit, 1 is dark.

    The caller checks the host first.
    """
    constant, varying = modules(address)
    return (constant | varying).to_bytes(MODULES * ROW_BYTES, "big")


class Modules(NamedTuple):
    """A code's dark modules as two numbers: those that do not depend on the serial, and those that
    do. No module is in both."""

    constant: int
    varying: int


def modules(address: str) -> Modules:
    """The code of an address."""
    known = max(0, len(address) - SERIAL_LENGTH) & ~1
    constant, code, steps, single = _known_part(address[:known], len(address))
    pairs = map(add, address[known::2], address[known + 1 :: 2])
    halves = map(_pairs().__getitem__, pairs)
    for (high, low), (upper, lower) in zip(halves, steps, strict=True):
        code ^= upper[high] ^ lower[low]
    return Modules(constant, code ^ single[_VALUES[address[-1]]] if single else code)


class _KnownPart(NamedTuple):
    """The code of an address whose end is still unknown.

    `constant`: the dark modules that no end changes. `code`: the other modules as for an end of
    zero bits. `steps`: for each pair of characters to come, the modules to invert for the upper
    five and the lower six bits of its value. `single`: the same for a last, unpaired character.
    Eleven bits at once are faster than one by one, since half of all bits are set.
    """

    constant: int
    code: int
    steps: list[tuple[list[int], list[int]]]
    single: list[int]


@lru_cache(8)
def _known_part(known: str, length: int) -> _KnownPart:
    """With mode, length, known part, terminator and padding (7.4.4, 7.4.9)."""
    bits = f"{_ALPHANUMERIC_MODE:04b}{length:09b}{_bits(known)}"
    zeros, *patterns = _table()
    pairs, single = divmod(length - len(known), 2)
    at = len(bits)
    end = at + 11 * pairs + 6 * single
    terminated = min(end + 4, DATA_BITS)
    padded_from = terminated + -terminated % 8
    padding = compress(patterns[padded_from:], map(int, _PADDING))
    code = reduce(xor, padding, reduce(xor, compress(patterns, map(int, bits)), zeros))
    varying = reduce(or_, patterns[at:end])
    steps = [
        (_sums(patterns[start : start + 5]), _sums(patterns[start + 5 : start + 11]))
        for start in range(at, at + 11 * pairs, 11)
    ]
    single_sums = _sums(patterns[end - 6 : end]) if single else []
    return _KnownPart(code & ~varying, code & varying, steps, single_sums)


def _sums(patterns: list[int]) -> list[int]:
    """For each number of `len(patterns)` bits: the xor of the patterns of its set bits."""
    sums = [0]
    for pattern in patterns:
        sums = [total ^ one for total in sums for one in (0, pattern)]
    return sums


def _bits(text: str) -> str:
    """Eleven bits for each two characters (7.4.4); `text` has an even length."""
    halves = map(_pairs().__getitem__, map(add, text[::2], text[1::2]))
    return "".join([f"{high:05b}{low:06b}" for high, low in halves])


@cache
def _pairs() -> dict[str, tuple[int, int]]:
    """For each pair of characters: the upper five and the lower six bits of its value."""
    pairs = map("".join, product(_CHARACTERS, repeat=2))
    return dict(zip(pairs, map(divmod, range(45 * 45), repeat(64)), strict=True))


@cache
def _table() -> list[int]:
    """The code for data bits of zero, and the modules that each data bit inverts."""
    built = TABLE.read_bytes()
    step = MODULES * ROW_BYTES
    return [int.from_bytes(built[at : at + step], "big") for at in range(0, len(built), step)]
