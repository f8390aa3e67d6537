"""What independent judges hold against a stamped file. A judge that could not make anything of the
original has no say; what it held against the original is not held against us."""

import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from math import sqrt
from subprocess import SubprocessError

from PIL import Image, ImageChops

from meterai.domain.errors import MeteraiError
from meterai.domain.stamping.placement import Placement
from meterai.pdf.rendering.render import render_page
from meterai.pdf.verification.signature_check import Coverage
from tests.integration.pdf.judges import pdfsig_verdicts, poppler_picture, qpdf_complaints
from tests.integration.pdf.stamping import checks, serial

TOOLS = ("pdfsig", "certutil", "qpdf", "pdftoppm")
NO_ERROR = "operation succeeded with warnings"
FIELD = f"Emet{serial(1)}"
DOTS = 60  # across the stamp
MAX_PIXELS = 4_000_000
CHANGED_SHARE = 0.05  # of the stamp's square
CHANGED_TONE = 48

_FILE = re.compile(r"\S*/document\.pdf")
_PLACE = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)|\d+")
Picture = Callable[[bytes, float], Image.Image]


def missing_judges() -> list[str]:
    """Those that are not installed: nothing is judged without all of them."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def faults(original: bytes, made: bytes, box: Placement, page_pt: tuple[float, float]) -> list[str]:
    """All that is wrong; nothing, for a good stamp in a corner of the first page."""
    found = [] if made.startswith(original) else ["the original is no prefix"]
    found += _by_pyhanko(original, made)
    found += _by_pdfsig(original, made)
    found += [f"qpdf: {new}" for new in _told_by_qpdf(made) - _told_by_qpdf(original)]
    for name, picture in (("pdfium", _by_pdfium), ("poppler", _by_poppler)):
        found += [f"{name}: {what}" for what in _looks(original, made, box, page_pt, picture)]
    return found


def _by_pyhanko(original: bytes, made: bytes) -> Iterator[str]:
    before = {one.field: one for one in checks(original)}
    after = {one.field: one for one in checks(made)}
    ours = after.pop(FIELD, None)
    if ours is None or not ours.holds:
        yield f"pyHanko: the stamp does not hold: {ours}"
    if before.keys() != after.keys():
        yield f"pyHanko: signatures were {sorted(before)}, are {sorted(after)}"
    whole = (Coverage.WHOLE_FILE, Coverage.EXTENDED)
    for field in before.keys() & after.keys():
        was, now = before[field], after[field]
        worse = (was.intact and not now.intact) or (was.trusted and not now.trusted)
        if worse or (was.coverage in whole and now.coverage not in whole):
            yield f"pyHanko: the signature {field!r} got worse"


def _by_pdfsig(original: bytes, made: bytes) -> Iterator[str]:
    if _shown(partial(_by_poppler, original, 10)) is None:
        return
    before = {one.field: one for one in pdfsig_verdicts(original)}
    after = {one.field: one for one in pdfsig_verdicts(made)}
    ours = after.get(FIELD)
    if ours is None or not (ours.valid and ours.trusted and ours.covers_file):
        yield f"pdfsig: the stamp does not hold: {ours}"
    for field, was in before.items():
        if was.valid and not (field in after and after[field].valid):
            yield f"pdfsig: the signature {field!r} got worse"


def _told_by_qpdf(document: bytes) -> set[str]:
    """Its complaints, whatever object and place they are of."""
    lines = (_FILE.sub("", line) for line in qpdf_complaints(document))
    return {_PLACE.sub("", line).strip(" :") for line in lines} - {"qpdf: " + NO_ERROR}


def _looks(
    original: bytes, made: bytes, box: Placement, page_pt: tuple[float, float], picture: Picture
) -> Iterator[str]:
    """The stamp must show in its square."""
    width_pt, height_pt = page_pt
    dpi = 72 * min(DOTS / box.side_pt, sqrt(MAX_PIXELS / (width_pt * height_pt)))
    before = _shown(partial(picture, original, dpi))
    if before is None:
        return
    after = _shown(partial(picture, made, dpi))
    if after is None or before.size != after.size:
        yield "the page does not show as before"
        return
    across, down = (box.side_pt / width_pt, box.side_pt / height_pt)  # some ignore UserUnit
    top = round(after.height * (1 - down))
    square = (0, top, max(1, round(after.width * across)), after.height)
    changed = ImageChops.difference(before.crop(square), after.crop(square)).convert("L")
    share = sum(changed.histogram()[CHANGED_TONE:]) / max(1, changed.width * changed.height)
    if share < CHANGED_SHARE:
        yield f"the stamp does not show: {share:.0%} of its square have changed"


def _shown(picture: Callable[[], Image.Image]) -> Image.Image | None:
    try:
        return picture()
    except (MeteraiError, SubprocessError, OSError):
        return None


def _by_pdfium(document: bytes, dpi: float) -> Image.Image:
    return Image.open(BytesIO(render_page(document, 0, dpi=dpi))).convert("RGB")


def _by_poppler(document: bytes, dpi: float) -> Image.Image:
    return poppler_picture(document, dpi=dpi)
