"""Inflating up to a limit that the caller sets (ISO 32000-1, 7.4.4)."""

import zlib
from array import array
from itertools import accumulate

from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.syntax import Array, Dictionary

_UP = 2  # the row predictor that writers of cross-reference streams use (PNG, 9.2)


def inflated(stream: Dictionary, encoded: bytes, limit_bytes: int) -> bytes:
    """The decoded data. Raises Unsupported for another filter, invalid data, and more data."""
    filtered = stream.get("/Filter")
    if isinstance(filtered, Array) and len(filtered) == 1:
        (filtered,) = filtered
    if filtered != "/FlateDecode":
        raise Unsupported("filter")
    decompressor = zlib.decompressobj()
    try:
        data = decompressor.decompress(encoded, limit_bytes + 1)
    except zlib.error as error:
        raise Unsupported("deflate") from error
    if len(data) > limit_bytes or not decompressor.eof:
        raise Unsupported("deflate")
    return data


def without_prediction(stream: Dictionary, data: bytes, columns: int) -> bytes:
    """Rows of `columns` bytes, the PNG prediction undone if there is one. Raises Unsupported."""
    parameters = stream.get("/DecodeParms")
    if isinstance(parameters, Array) and len(parameters) == 1:
        (parameters,) = parameters
    if parameters is None or parameters == {} or parameters == {"/Predictor": 1}:
        return data
    known = {"/Predictor", "/Columns", "/Colors", "/BitsPerComponent"}
    if (
        not isinstance(parameters, Dictionary)
        or not parameters.keys() <= known
        or parameters.get("/Predictor") not in range(10, 16)
        or parameters.get("/Columns") != columns
        or parameters.get("/Colors", 1) != 1
        or parameters.get("/BitsPerComponent", 8) != 8
    ):
        raise Unsupported("predictor")
    stride = columns + 1
    if len(data) % stride or data[::stride].strip(bytes((_UP,))):
        raise Unsupported("predictor")
    rows = bytearray(len(data) // stride * columns)
    for column in range(columns):
        sums = array("Q", accumulate(data[column + 1 :: stride]))
        rows[column::columns] = sums.tobytes()[:: sums.itemsize]  # their lowest bytes (little end)
    return bytes(rows)
