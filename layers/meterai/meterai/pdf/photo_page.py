"""A photo becomes a page: a JPEG, as phones take it, on one A4 page of a PDF.

The picture's data are put into the PDF as they are. No library draws or decodes them here; the
preflight does, where it is confined. What a phone wrote beside them, such as where the photo was
taken, stays out. Which way the phone was held is read from it first.
"""

import hashlib
from collections.abc import Iterator
from itertools import accumulate

_A4_PT = (595.276, 841.89)
_BEGIN, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN, _EXIF = 0xDA, 0xE1
_MAX_SEGMENTS = 1_000  # before the first scan; a large colour profile takes 255
# ITU-T T.81, table B.1: the frames that every reader of PDFs decodes.
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
# Tables, frames and scans; JFIF, colour profiles, Adobe's mark of how colours are stored.
_KEPT = frozenset({*range(0xC0, 0xE0), 0xE0, 0xE2, 0xEE})
_COLOURS = {b"\1": "/DeviceGray", b"\3": "/DeviceRGB"}
# How the unit square of a picture is put into a box of width w and height h, by Exif's orientation
# (CIPA DC-008): the directions of its right and of its top, and its lower left corner.
_MATRICES = {
    1: "{w} 0 0 {h} 0 0",
    2: "-{w} 0 0 {h} {w} 0",
    3: "-{w} 0 0 -{h} {w} {h}",
    4: "{w} 0 0 -{h} 0 {h}",
    5: "0 -{h} -{w} 0 {w} {h}",
    6: "0 -{h} {w} 0 0 {h}",
    7: "0 {h} {w} 0 0 0",
    8: "0 {h} -{w} 0 {w} 0",
}
_SIDEWAYS = frozenset({5, 6, 7, 8})


def photo_page(photo: bytes) -> bytes | None:
    """None: it is no JPEG, or an unusual one. The same photo gives the same file."""
    try:
        segments = list(_segments(photo))
    except (IndexError, ValueError):
        return None
    frame = next((content for marker, content in segments if marker in _FRAMES), b"")
    height, width = int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[5:7], "big")
    # 8 bits a colour, and no CMYK: programs differ in what its numbers mean.
    if not (width and height and frame[2] == 8 and frame[7:8] in _COLOURS):
        return None
    data = b"".join(b"\xff%c%b" % one for one in segments if one[0] in _KEPT)
    picture = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 "
        f"/ColorSpace {_COLOURS[frame[7:8]]} /Filter /DCTDecode"
    )
    turn = next((_orientation(content) for marker, content in segments if marker == _EXIF), 1)
    shown = (height, width) if turn in _SIDEWAYS else (width, height)
    page, drawn = _page(shown, _MATRICES[turn])
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        _stream("", drawn),
        _stream(picture, _BEGIN + data),
    )
    return _document(objects, hashlib.sha256(photo).hexdigest()[:32])


def _segments(photo: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker, with its length and its content; the first scan with the rest of the picture.
    What follows it in the file, such as a phone's short film, is left out. Raises IndexError,
    ValueError."""
    at = len(_BEGIN)
    if not photo.startswith(_BEGIN):
        raise ValueError("no JPEG")
    for _ in range(_MAX_SEGMENTS):
        marker, length = photo[at + 1], int.from_bytes(photo[at + 2 : at + 4], "big")
        if photo[at] != 0xFF or length < 2:
            raise ValueError("no segment")
        if marker == _SCAN:
            yield marker, photo[at + 2 : photo.index(_END, at) + len(_END)]
            return
        yield marker, photo[at + 2 : at + 2 + length]
        at += 2 + length
    raise ValueError("too many segments")


def _orientation(segment: bytes) -> int:
    """From the first directory of Exif's TIFF; 1, as the data stand, where nothing is said."""
    tiff = segment[8:]
    if segment[2:8] != b"Exif\0\0" or tiff[:2] not in (b"II", b"MM"):
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if tiff[:2] == b"II" else "big")

    directory = number(4, 4)
    entries = range(directory + 2, directory + 2 + 12 * number(directory, 2), 12)
    found = next((number(at + 8, 2) for at in entries if number(at, 2) == 0x0112), 1)
    return found if found in _MATRICES else 1


def _page(shown: tuple[int, int], matrix: str) -> tuple[bytes, bytes]:
    """A4, upright or lying as the photo is, and what draws the photo in its middle."""
    across, up = _A4_PT if shown[1] >= shown[0] else _A4_PT[::-1]
    scale = min(across / shown[0], up / shown[1])
    width, height = shown[0] * scale, shown[1] * scale
    put = matrix.format(w=f"{width:.3f}", h=f"{height:.3f}")
    middle = f"1 0 0 1 {(across - width) / 2:.3f} {(up - height) / 2:.3f} cm"
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across} {up}] /Contents 4 0 R "
        "/Resources << /XObject << /Photo 5 0 R >> >> >>"
    )
    return page.encode(), f"q {middle} {put} cm /Photo Do Q".encode()


def _stream(entries: str, data: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries.encode(), len(data), data)


def _document(objects: tuple[bytes, ...], name: str) -> bytes:
    """Version 1.7: portals ask for 1.6 or newer. `name`: 32 hex digits for the file's `/ID`."""
    header = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    written = [b"%d 0 obj\n%b\nendobj\n" % numbered for numbered in enumerate(objects, start=1)]
    *offsets, table_at = accumulate(map(len, written), initial=len(header))
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return b"".join(
        (
            header,
            *written,
            b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, table),
            f"trailer\n<< /Size {count} /Root 1 0 R /ID [<{name}> <{name}>] >>\n".encode(),
            b"startxref\n%d\n%%%%EOF\n" % table_at,
        )
    )
