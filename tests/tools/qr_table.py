"""Builds `qr_table.bin`: how each data bit of a QR code (version 3-M, mask 2) changes its modules.

    python -m tests.tools.qr_table

Error correction, placement and mask are linear over GF(2). So the modules of any code are those of
the all-zero code, XORed with the changes that each set data bit makes. segno makes the codes here;
stamping only reads the table, and a test compares both. So segno is not deployed.

The file is the all-zero code, then one pattern for each of the 352 data bits, most significant
first: 29 rows of four bytes from the top, the left module in the highest bit, three bits unused.
"""

from pathlib import Path
from typing import Any

from segno import consts
from segno import encoder as _untyped

from meterai.pdf.drawing.qr import DATA_BITS, LEVEL, MASK, TABLE, VERSION

encoder: Any = _untyped  # segno's encoder has no type annotations


def main() -> None:
    Path(str(TABLE)).write_bytes(build())


def build() -> bytes:
    zeros = _modules(0)
    return b"".join((zeros, *(_changes(zeros, bit) for bit in range(DATA_BITS))))


def _changes(zeros: bytes, bit: int) -> bytes:
    modules = _modules(1 << (DATA_BITS - 1 - bit))
    return bytes(one ^ other for one, other in zip(zeros, modules, strict=True))


def _modules(data: int) -> bytes:
    """The second half of segno's encoding, for any data codewords."""
    level = consts.ERROR_MAPPING[LEVEL]
    codewords = encoder.Buffer(int(bit) for bit in f"{data:0{DATA_BITS}b}")
    message = encoder.make_final_message(VERSION, level, codewords)
    size = encoder.calc_matrix_size(VERSION)
    matrix = encoder.make_matrix(size, size)
    encoder.add_finder_patterns(matrix, size, size)
    encoder.add_alignment_patterns(matrix, size, size)
    encoder.add_codewords(matrix, message, VERSION)
    mask, matrix = encoder.find_and_apply_best_mask(matrix, size, size, MASK)
    encoder.add_format_info(matrix, VERSION, level, mask)
    rows = ("".join(map(str, row)) for row in matrix)
    return b"".join((int(row, 2) << 3).to_bytes(4, "big") for row in rows)


if __name__ == "__main__":
    main()
