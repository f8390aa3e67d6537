"""The QR of an e-meterai: its permanent public address, always version 3-M (ISO/IEC 18004).

One version for every stamp keeps the module size: a 54 pt stamp reads from a print at 300 dpi. So
the address is upper case (alphanumeric mode) and at most 61 characters. With version, level and
mask fixed a code is looked up in a table (how and why: `qr_table.py`).
"""

import re
from functools import cache, lru_cache, reduce
from itertools import compress
from operator import add, xor
from pathlib import Path
from typing import NamedTuple

from meterai.domain.errors import AddressTooLong
from meterai.domain.serials import Serial, public_address

VERSION, LEVEL, MASK = 3, "M", 2
MODULES = 29
QUIET_MODULES = 4  # on each side (ISO/IEC 18004, 6.3.8)
LONGEST_ADDRESS = 61  # alphanumeric characters in version 3-M
DATA_BITS = 44 * 8
ROW_BYTES = 4
SERIAL_LENGTH = 22  # the end of an address; what is before it is the same for every stamp
TABLE = Path(__file__).with_name("qr_table.bin")

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]*")
_ALPHANUMERIC_MODE = 0b0010
_PADDING = "1110110000010001" * 22  # EC and 11 by turns (7.4.10)


def check_public_host(host: str) -> None:
    """Raises AddressTooLong where a stamp's address would not fit: start-up must fail, not a stamp.

    A character outside the alphanumeric mode takes the byte mode, where no address fits.
    """
    address = public_address(host, Serial("0" * 22))
    if len(address) > LONGEST_ADDRESS or _ALPHANUMERIC.fullmatch(address) is None:
        raise AddressTooLong(host=host, length=len(address), longest=LONGEST_ADDRESS)


def matrix(address: str) -> bytes:
    """29 rows from the top of four bytes each, the left module in the highest bit: 1 is dark.

    The caller has checked the host.
    """
    return modules(address).to_bytes(MODULES * ROW_BYTES, "big")


def modules(address: str) -> int:
    """The same as one number."""
    constant = max(0, len(address) - SERIAL_LENGTH) & ~1
    code, steps, single = _begun(address[:constant], len(address))
    values = _pairs()
    pairs = map(add, address[constant::2], address[constant + 1 :: 2])
    for pair, (upper, lower) in zip(pairs, steps, strict=True):
        value = values[pair]
        code ^= upper[value >> 6] ^ lower[value & 63]
    return code ^ single[_VALUES[address[-1]]] if single else code


class _Begun(NamedTuple):
    """The code of an address whose end is not known: what is to be turned over for the values of
    the pairs to come (their upper five bits, and their lower six), and of a single last character.

    In elevens of bits, not one by one: of the 120 bits of a serial half are set.
    """

    code: int
    steps: list[tuple[list[int], list[int]]]
    single: list[int]


@lru_cache(8)
def _begun(constant: str, length: int) -> _Begun:
    """With mode, length, the beginning, and all that comes behind the end (7.4.4, 7.4.9)."""
    bits = f"{_ALPHANUMERIC_MODE:04b}{length:09b}{_bits(constant)}"
    zeros, *patterns = _table()
    pairs, single = divmod(length - len(constant), 2)
    at = len(bits)
    end = at + 11 * pairs + 6 * single
    terminated = min(end + 4, DATA_BITS)
    padded_from = terminated + -terminated % 8
    padding = compress(patterns[padded_from:], map(int, _PADDING))
    code = reduce(xor, padding, reduce(xor, compress(patterns, map(int, bits)), zeros))
    steps = [
        (_sums(patterns[start : start + 5]), _sums(patterns[start + 5 : start + 11]))
        for start in range(at, at + 11 * pairs, 11)
    ]
    return _Begun(code, steps, _sums(patterns[end - 6 : end]) if single else [])


def _sums(patterns: list[int]) -> list[int]:
    """For each number of so many bits: the patterns of those that are set, one over the other."""
    sums = [0]
    for pattern in patterns:
        sums = [total ^ one for total in sums for one in (0, pattern)]
    return sums


def _bits(text: str) -> str:
    """Eleven for two characters (7.4.4); of a beginning, which has no single last one."""
    return "".join(f"{_pairs()[pair]:011b}" for pair in map(add, text[::2], text[1::2]))


@cache
def _pairs() -> dict[str, int]:
    return {
        first + second: 45 * _VALUES[first] + _VALUES[second]
        for first in _CHARACTERS
        for second in _CHARACTERS
    }


@cache
def _table() -> list[int]:
    """The code of zeros, and what each data bit turns over."""
    built = TABLE.read_bytes()
    step = MODULES * ROW_BYTES
    return [int.from_bytes(built[at : at + step], "big") for at in range(0, len(built), step)]
