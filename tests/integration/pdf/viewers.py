"""Pages as independent viewers draw them: pdfium, poppler, and MuPDF where the machine has it.

Each drawing is made by a process of its own: what a viewer keeps from an earlier document, such as
fonts, changes nothing.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from PIL import Image

LONGER_SIDE_PX = 1_000
"""Of a page: A4 is drawn at 86 dpi, and a page of any declared size has as many dots."""
MAX_FIRST_PAGES = 6
WITHIN_S = 60.0

_WITH_PDFIUM = Path(__file__).with_name("draw_with_pdfium.py")
_PAGES = re.compile(r"^Pages:\s*(\d+)$", re.MULTILINE)
_NUMBER = re.compile(r"(\d+)$")


class Drawn(NamedTuple):
    """What a viewer makes of a document. `page_count`: None where it cannot open it. `pictures`: by
    page number from 1, without pages that it cannot draw."""

    page_count: int | None
    pictures: Mapping[int, Image.Image]


class Viewer(NamedTuple):
    """`draw` writes pictures of the wanted pages to the folder, each under a name that ends in the
    page's number. It returns the number of pages, None where it cannot open the document."""

    name: str
    tool: str
    draw: Callable[[Path, Sequence[int], Path], int | None]

    def drawn(self, document: bytes, also: Sequence[int] = ()) -> Drawn:
        """The first pages up to MAX_FIRST_PAGES, and those in `also` (from 1)."""
        wanted = sorted({*range(1, MAX_FIRST_PAGES + 1), *also})
        with TemporaryDirectory() as name:
            folder = Path(name)
            path = folder / "document.pdf"
            path.write_bytes(document)
            return Drawn(self.draw(path, wanted, folder), dict(_pictures(folder)))


def _with_pdfium(path: Path, wanted: Sequence[int], to: Path) -> int | None:
    command = [sys.executable, str(_WITH_PDFIUM), str(path), str(to), str(LONGER_SIDE_PX)]
    return _count([*command, *map(str, wanted)])


def _with_poppler(path: Path, wanted: Sequence[int], to: Path) -> int | None:
    count = _count(["pdfinfo", str(path)])
    for pages in _ranges(wanted, count or 0):
        these = ["-f", str(pages[0]), "-l", str(pages[-1]), "-scale-to", str(LONGER_SIDE_PX)]
        _printed(["pdftoppm", "-cropbox", *these, str(path), f"{to}/page"])
    return count


def _with_mupdf(path: Path, wanted: Sequence[int], to: Path) -> int | None:
    count = _count(["mutool", "info", "-M", str(path)])
    size = ["-w", str(LONGER_SIDE_PX), "-h", str(LONGER_SIDE_PX), "-c", "rgb"]
    these = ",".join(f"{pages[0]}-{pages[-1]}" for pages in _ranges(wanted, count or 0))
    if these:
        _printed(["mutool", "draw", "-q", *size, "-o", f"{to}/page-%d.pnm", str(path), these])
    return count


PDFIUM = Viewer("pdfium", sys.executable, _with_pdfium)
POPPLER = Viewer("poppler", "pdftoppm", _with_poppler)
MUPDF = Viewer("MuPDF", "mutool", _with_mupdf)


def installed() -> list[Viewer]:
    return [viewer for viewer in (PDFIUM, POPPLER, MUPDF) if shutil.which(viewer.tool) is not None]


def _pictures(folder: Path) -> Iterator[tuple[int, Image.Image]]:
    for path in folder.glob("page*.p?m"):
        with Image.open(path) as picture:
            yield int(_NUMBER.search(path.stem)[1]), picture.convert("RGB")  # type: ignore[index]


def _ranges(wanted: Sequence[int], count: int) -> Iterator[range]:
    """The wanted pages that there are, in order, as ranges without gaps."""
    pages = [page for page in wanted if 1 <= page <= count]
    start = 0
    for at in range(1, len(pages) + 1):
        if at == len(pages) or pages[at] != pages[at - 1] + 1:
            yield range(pages[start], pages[at - 1] + 1)
            start = at


def _count(command: Sequence[str]) -> int | None:
    told = _PAGES.search(_printed(command))
    return int(told[1]) if told is not None else None


def _printed(command: Sequence[str]) -> str:
    """Damaged documents make viewers complain, and exit as they like: only the result counts."""
    run = subprocess.run(
        command, check=False, capture_output=True, text=True, errors="replace", timeout=WITHIN_S
    )
    return run.stdout
