"""`python draw_with_pdfium.py DOCUMENT FOLDER LONGER_SIDE_PX PAGE…`: prints the number of pages,
and writes a picture of each of these pages. Run as a file, it imports nothing else of ours."""

import sys
from pathlib import Path

import pypdfium2


def main(document: str, folder: str, longer_px: str, *pages: str) -> None:
    opened = pypdfium2.PdfDocument(document)
    opened.init_forms()
    print(f"Pages: {len(opened)}")
    for number in (int(page) for page in pages if int(page) <= len(opened)):
        try:
            page = opened[number - 1]
            scale = int(longer_px) / max(page.get_size())
            picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError) as error:
            print(f"page {number}: {error}", file=sys.stderr)
            continue
        kind = {1: b"P5", 3: b"P6"}[picture.n_channels]
        head = b"%b %d %d 255\n" % (kind, picture.width, picture.height)
        shades, width = bytes(picture.buffer), picture.width * picture.n_channels
        rows = range(0, picture.height * picture.stride, picture.stride)
        dots = b"".join(shades[row : row + width] for row in rows)
        (Path(folder) / f"page-{number}.ppm").write_bytes(head + dots)


main(*sys.argv[1:])
